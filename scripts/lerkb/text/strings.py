"""Every text of a file: the strings in its data, and its remarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lerkb.diagnostics import Field


def may_hold(text: str, look: re.Pattern[str] | Sequence[str]) -> bool:
    """Whether a quick look at the raw text of a file finds one of some pieces, or a pattern; an escape may hide anything."""
    if "\\" in text:
        return True
    return look.search(text) is not None if isinstance(look, re.Pattern) else any(piece in text for piece in look)


def strings(data: Any) -> Iterator[tuple[Field, str]]:
    """Every string in nested data with its place; keys are not among them."""
    pending: list[tuple[Field, Any]] = [((), data)]
    while pending:
        place, value = pending.pop()
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict):
            pending += [((*place, key), child) for key, child in value.items()]
        elif isinstance(value, list):
            pending += [((*place, index), child) for index, child in enumerate(value)]


def remarks(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of every remark that has a line of its own."""
    if "#" in text:
        for number, line in enumerate(text.split("\n"), start=1):
            stripped = line.lstrip()
            if stripped.startswith("#"):
                yield number, len(line) - len(stripped) + 1, stripped
