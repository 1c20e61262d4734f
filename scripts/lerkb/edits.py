"""What to change in the text of a file so that a value stands in it: a diagnostic’s replacement, or a field that a command keeps."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.formatting import render_field
from lerkb.yaml_source import parse_source
from lerkb.yaml_tree import NotUnderstoodError, read_tree, remarks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Diagnostic, Field
    from lerkb.schemas import Schemas
    from lerkb.yaml_source import Source
    from lerkb.yaml_tree import Node

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


def with_fields(source: Source, fields: Mapping[str, Any], schemas: Schemas) -> str:
    """The text of a record with fields of its top level set to these values. Every other sign stays as it stands.

    A field that is not there yet is put behind the one that comes before it in the schema. The new text is read again before it is given back.

    Raises:
        NotUnderstoodError: the text cannot be taken apart, or would lose or change something else.
    """
    expected = {**(source.data or {}), **fields}
    if source.data is None or not schemas.accepts(source.kind, expected):
        raise NotUnderstoodError("it does not have the form of a record, or would no longer have it")
    order = list(schemas.described(source.kind, ())["properties"])
    end = "\r\n" if "\r\n" in source.text else "\n"
    text = source.text
    for name, value in fields.items():
        written = render_field(name, value, source.kind, schemas).rstrip("\n").replace("\n", end)
        text = _with_field(text, name, written, order, end)
    made = parse_source(source.kind, source.path, source.stem, text.encode())
    if json.dumps(made.data, sort_keys=True) != json.dumps(expected, sort_keys=True):
        raise NotUnderstoodError("its other values would not stay the same")
    if remarks_of(text) != remarks_of(source.text):
        raise NotUnderstoodError("a remark would be lost")
    return text


def _with_field(text: str, name: str, written: str, order: list[str], end: str) -> str:
    root = read_tree(text)
    if root.flow or not root.value:
        raise NotUnderstoodError("it is written in braces")
    nodes = dict(root.value)
    if name in nodes:
        start, stop = nodes[name].start, _stop(text, nodes[name])
        return text[:start] + written + text[stop:]
    before = [other for other in order[: order.index(name)] if other in nodes]
    if not before:
        start = root.value[0][1].start
        return text[:start] + written + end + text[start:]
    line_end = text.find("\n", _stop(text, nodes[before[-1]]))
    if line_end < 0:
        return text + end + written + end
    return text[: line_end + 1] + written + end + text[line_end + 1 :]


def _stop(text: str, node: Node) -> int:
    """Where the last sign of a value stands, without the empty lines that YAML counts in."""
    if node.kind == "scalar" or node.flow or not node.value:
        return node.start + len(text[node.start : node.end].rstrip())
    children = [child for _, child in node.value] if node.kind == "fields" else node.value
    return max(_stop(text, child) for child in children)


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
