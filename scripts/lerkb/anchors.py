"""The names that the page of a record gives its own parts: what no part of a record that is named on it as it is may be called.

They are read from the templates, so that no list has to be kept beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: Kind → the list of its parts whose ids stand on its page as they are written; those of other lists stand there with a word before them.
ANCHORED: Final = {"overview": "sections", "pilot": "findings"}

_TEMPLATES: Final = Path(__file__).parent / "site" / "templates"
_ID: Final = re.compile(r'(?<=\s)id="([^"]*)"')
_IMPORT: Final = re.compile(r'\{%-?\s*(?:import|from|include)\s+"([^"]+)"')
#: What a template fills in.
_FILLED: Final = re.compile(r"\{\{(.*?)\}\}")
_NUMBER: Final = re.compile(r"\.(number|index)\s*$")


@dataclass(frozen=True)
class PageNames:
    """The names on the pages of a kind."""

    fixed: frozenset[str]  #: those that every page has
    #: What stands before and after the id of a part, and whether it is the number of one instead.
    filled: frozenset[tuple[str, str, bool]]


def page_names(kind: str, others: Collection[str]) -> frozenset[str]:
    """The names on the page of a record of this kind. ``others``: ids of its parts that stand there with a word before them."""
    written = names_written(kind)
    numbers = [str(number) for number in range(1, len(others) + 1)]
    return written.fixed | {
        f"{before}{made}{after}"
        for before, after, numbered in written.filled
        for made in (numbers if numbered else others)
    }


@cache
def names_written(kind: str) -> PageNames:
    """The names as the template of a page writes them, for all records of a kind alike."""
    fixed, made = set(), set()
    for name in _written(kind):
        before, *filled = _FILLED.split(name)
        if not filled:
            fixed.add(name)
        elif before:  # without a word before it, it is the id of a part
            made.add((before, "".join(filled[1:]), bool(_NUMBER.search(filled[0]))))
    return PageNames(frozenset(fixed), frozenset(made))


def _written(kind: str) -> frozenset[str]:
    """The names as the template of a page writes them, and those of the frame around every page."""
    frame = (file.read_text(encoding="utf-8") for file in sorted((_TEMPLATES / "theme").rglob("*.html")))
    texts = (*_texts(f"pages/{kind.replace('-', '_')}.html"), *frame)
    return frozenset(name for text in texts for name in _ID.findall(text))


def _texts(template: str) -> Iterator[str]:
    """A template and the parts it is put together from."""
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    yield text
    for part in _IMPORT.findall(text):
        yield from _texts(part)
