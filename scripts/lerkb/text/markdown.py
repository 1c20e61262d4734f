"""Text of a record → Markdown that shows it and nothing else."""

from __future__ import annotations

from typing import Final

from lerkb.text.visible import visible

#: Signs that every Markdown lets a backslash take the meaning from: https://python-markdown.github.io/ knows no others.
_SIGNS: Final = frozenset("\\`*_{}[]()#+-.!")
#: What would be HTML, a table or struck out, call people by name, or become a link by itself.
_WRITTEN_OUT: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "|": "&#124;",
    "~": "&#126;",
    "@": "&#64;",
    "://": "&#58;//",
}


def markdown_text(text: str) -> str:
    """A text with every sign that could mean something written out, on one line; characters that nobody can see are shown as dots."""
    escaped = "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in visible(" ".join(text.split())))
    for sign, written in _WRITTEN_OUT.items():
        escaped = escaped.replace(sign, written)
    return escaped
