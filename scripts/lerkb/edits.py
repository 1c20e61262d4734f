"""What to change in the text of a file so that a diagnostic’s replacement stands in it."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.yaml_source import parse_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Diagnostic, Field
    from lerkb.yaml_source import Source

#: What may stand at the place of a value or a key, on one line: a quoted text, a key up to its colon, or all to the end or a remark.
_WRITTEN: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^\s'"].*?(?=\s*(?::(?:\s|$)|\s#|$))""")

#: Characters of a line that is looked at: the pattern takes time that grows with the square of a line of spaces.
_LONGEST: Final = 2_000


@dataclass(frozen=True)
class Edit:
    """Text to put in the place of other text on one line; columns from 1, the end left out."""

    line: int
    column: int
    end_column: int
    text: str


def edit_for(source: Source, diagnostic: Diagnostic) -> Edit | None:
    """The edit that puts a diagnostic’s replacement where it points; None if it has none or none is certain.

    Certain means tried: with the edit made, the file reads as before but for this one value, or this one field’s name.
    """
    if not diagnostic.replacement or source.data is None:
        return None
    field = _field(source.data, diagnostic.field)
    place = source.places.get(field) if field else None
    if not field or place is None:
        return None
    at = (diagnostic.line, diagnostic.column)
    if at == (place.line, place.column):
        expected = _with(source.data, field, diagnostic.replacement)
    elif at == (place.key_line, place.key_column):
        expected = _renamed(source.data, field, diagnostic.replacement)
    else:
        return None
    written = _written(source, diagnostic.line, diagnostic.column)
    if written is None:
        return None
    for text in _spellings(diagnostic.replacement, written[0]):
        edit = Edit(diagnostic.line, diagnostic.column, written.end() + 1, text)
        made = parse_source(source.kind, source.path, source.stem, apply(edit, source.text).encode())
        if not made.faults and _same(made.data, expected):
            return edit
    return None


def _written(source: Source, line: int, column: int) -> re.Match[str] | None:
    lines = source.text.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    return _WRITTEN.match(text, column - 1) if len(text) <= _LONGEST else None


def written_at(source: Source, line: int, column: int) -> str:
    """The text of the value or key at a place, as it stands in the file, quotes included; empty if it is not on one line."""
    match = _written(source, line, column)
    return match[0] if match else ""


def apply(edit: Edit, text: str) -> str:
    """The text with an edit made."""
    lines = text.split("\n")
    line = lines[edit.line - 1]
    lines[edit.line - 1] = line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :]
    return "\n".join(lines)


def _spellings(value: str, written: str) -> Iterator[str]:
    """The ways to write a value, the way of what stands there now first."""
    quoted = "'" + value.replace("'", "''") + "'"
    if written[0] in "'\"":
        yield quoted
    yield value
    yield quoted


def _field(data: Any, pointer: str) -> Field | None:
    """The field that a JSON Pointer names in this data, if it is there."""
    field: list[str | int] = []
    for part in pointer.split("/")[1:]:
        key: str | int = part.replace("~1", "/").replace("~0", "~")
        if isinstance(data, list):
            key = int(part) if part.isdecimal() else -1
            if not 0 <= key < len(data):
                return None
        elif not isinstance(data, dict) or key not in data:
            return None
        field.append(key)
        data = data[key]
    return tuple(field)


def _with(data: Any, field: Field, value: str) -> Any:
    made = copy.deepcopy(data)
    _parent(made, field)[field[-1]] = value
    return made


def _renamed(data: Any, field: Field, name: str) -> Any:
    made = copy.deepcopy(data)
    parent = _parent(made, field)
    items = [(name if key == field[-1] else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(items)
    return made


def _parent(data: Any, field: Field) -> Any:
    for part in field[:-1]:
        data = data[part]
    return data


def _same(one: Any, other: Any) -> bool:
    """Equal, and so in kind: 1 is not true."""
    return bool(one == other) and repr(one) == repr(other)
