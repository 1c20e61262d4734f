"""Every text of a file: the strings in its data, and its remarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lerkb.yaml_tree import places_of_remarks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lerkb.diagnostics import Field

#: What may be a remark behind a value; many a citation has the sign too, within a word.
_BESIDE: Final = re.compile(r"""[^\s#][ \t]+#|[\]\[{},'"|>+-]#|[\x85\u2028\u2029]""")


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
    """Line, column and text of every remark of a text that is sound YAML."""
    if _BESIDE.search(text):
        yield from places_of_remarks(text)
    elif "#" in text:  # as in nearly all files, each remark has a line of its own: no need to read the file again
        for number, line in enumerate(text.split("\n"), start=1):
            stripped = line.lstrip()
            if stripped.startswith("#"):
                yield number, len(line) - len(stripped) + 1, stripped
