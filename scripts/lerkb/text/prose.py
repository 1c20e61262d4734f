"""Running text → paragraphs, and Markdown of the few fields that may hold it → clean HTML."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import markdown
import nh3

#: What Markdown of a contributor may become. Headings are the page’s own business; images and raw HTML are not let in.
_TAGS: Final = {"p", "ul", "ol", "li", "em", "strong", "a", "blockquote", "code", "br"}
_RELATIVE = re.compile(r"""(<a href=")(?!https?://)([^"#:]*)(["#])""")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, parted by blank lines, with line breaks inside them folded."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def first_sentence(text: str, limit: int = 160) -> str:
    """The first sentence of a text, cut at a word if it is longer than ``limit`` characters."""
    flat = " ".join(text.split())
    sentence = re.split(r"(?<=[.?!]) (?=[A-Z“])", flat, maxsplit=1)[0]
    if len(sentence) <= limit:
        return sentence
    return sentence[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


@cache
def _markdown() -> markdown.Markdown:
    return markdown.Markdown(extensions=[])


def render_markdown(text: str, root: str = "") -> str:
    """Markdown → HTML with only the tags above; addresses without a scheme are taken from the site’s root.

    Raw HTML, scripts, images and schemes other than http and https do not survive.
    """
    html = _markdown().reset().convert(text)
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"*": set(), "a": {"href"}}, url_schemes={"http", "https"}, link_rel=None
    )
    return _RELATIVE.sub(lambda match: f"{match[1]}{root}{match[2]}{match[3]}", clean) if root else clean
