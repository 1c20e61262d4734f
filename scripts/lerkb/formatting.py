"""One layout for every record: the schema's order of fields, block style, one way of wrapping and quoting.

Text in, text out. Nothing of what a file says may change: the new text is read again and compared with the old before it is given back, and a
file that cannot be understood in full is left as it is.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.events import MappingStartEvent, NodeEvent, ScalarEvent, SequenceStartEvent

from lerkb.yaml_source import parse_source, resolve_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Field
    from lerkb.schemas import Schemas

#: Columns of the longest line that is not one word.
WIDTH: Final = 120
_INDENT: Final = 2
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")
#: What a plain scalar may not begin with. https://yaml.org/spec/1.2.2/#733-plain-style
_INDICATOR: Final = tuple("-?:,[]{}#&*!|>'\"%@` \t")
_YAML_1_1: Final = yaml.resolver.Resolver()


class NotUnderstoodError(Exception):
    """A text that cannot be laid out anew without a risk of losing something."""


@dataclass
class _Node:
    """A value with its place in the text, and the remarks that stand before it."""

    value: Any  #: text of a scalar as it is written, or a list of (key, node), or a list of nodes
    kind: str  #: ``scalar``, ``fields`` or ``list``
    line: int
    style: str = ""
    remarks: list[str] = field(default_factory=list)


def format_record(text: str, kind: str, schemas: Schemas) -> str:
    """The same record in the one layout.

    Raises:
        NotUnderstoodError: the text cannot be read in full, or would not say the same.
    """
    old = parse_source(kind, "", "", text.encode())
    if old.data is None:
        raise NotUnderstoodError("it cannot be read; see what `lerkb validate` says")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    root, inside = _compose(lines)
    remarks = list(_remarks(lines, inside))
    last = _attach(root, remarks)
    written = list(_lines(root, 0, (), kind, schemas))
    made = "\n".join([*root.remarks, *written, *last]) + "\n"
    new = parse_source(kind, "", "", made.encode())
    if new.data != old.data or _types(new.data) != _types(old.data):
        raise NotUnderstoodError("its values would not stay the same")
    _, inside = _compose(made)
    if sorted(remark.text for remark in _remarks(made, inside)) != sorted(remark.text for remark in remarks):
        raise NotUnderstoodError("a remark would be lost")
    return made


def _types(data: Any) -> Any:
    """The types in nested data: ``1`` and ``true`` are equal to Python, and not the same here."""
    if isinstance(data, dict):
        return {key: _types(value) for key, value in data.items()}
    return [_types(value) for value in data] if isinstance(data, list) else type(data)


@dataclass(frozen=True)
class _Remark:
    """A remark, and the line it stands on, from 0."""

    line: int
    text: str


def _compose(text: str) -> tuple[_Node, dict[int, list[tuple[int, int]]]]:  # noqa: C901 - one loop over events
    """The nodes of a text that is known to be sound, and what of each line belongs to values: line → from and to columns."""
    inside: dict[int, list[tuple[int, int]]] = {}
    stack: list[_Node] = []
    root: _Node | None = None
    key: _Node | None = None
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, ScalarEvent):
            node = _Node(event.value, "scalar", _line(event), _style(event))
            _occupy(inside, event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            node = _Node([], "fields" if isinstance(event, MappingStartEvent) else "list", _line(event))
        elif isinstance(event, NodeEvent):
            raise NotUnderstoodError("it uses an alias")
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            stack.pop()
            continue
        else:
            continue
        if stack and stack[-1].kind == "fields":
            if key is None:
                key = node
                continue
            node.line = min(node.line, key.line) if node.kind != "scalar" else key.line
            stack[-1].value.append((key.value, node))
            key = None
        elif stack:
            stack[-1].value.append(node)
        else:
            root = node
        if node.kind != "scalar":
            stack.append(node)
    if root is None:
        raise NotUnderstoodError("it holds nothing")
    return root, inside


def _line(event: Any) -> int:
    return int(event.start_mark.line)


def _style(event: Any) -> str:
    return "plain" if event.implicit[0] and not event.style else str(event.style or "'")


def _occupy(inside: dict[int, list[tuple[int, int]]], event: Any) -> None:
    """Mark the columns of a scalar, so that no sign within it is taken for the start of a remark."""
    first, last = event.start_mark, event.end_mark
    block = event.style in ("|", ">")
    for line in range(first.line, last.line + 1):
        if block and line == first.line:
            continue  # the head of a block may be followed by a remark
        start = first.column if line == first.line else 0
        end = last.column if line == last.line else 1 << 30
        inside.setdefault(line, []).append((start, end))


def _remarks(text: str, inside: Mapping[int, list[tuple[int, int]]]) -> Iterator[_Remark]:
    for number, line in enumerate(text.split("\n")):
        for match in re.finditer(r"(?:^|(?<=[ \t]))#", line):
            if not any(start <= match.start() < end for start, end in inside.get(number, ())):
                yield _Remark(number, line[match.start() :].rstrip())
                break


def _attach(root: _Node, remarks: list[_Remark]) -> list[str]:
    """Give each remark to the node it stands before or beside; what stands after the last node is given back."""
    nodes = sorted(_placed(root), key=lambda node: node.line)
    rest = []
    first = nodes[0].line if nodes else 0
    for remark in remarks:
        if remark.line < first:
            root.remarks.append(remark.text)  # the head of the file stays at its head
            continue
        target = next((node for node in nodes if node.line >= remark.line), None)
        if target is None:
            rest.append(remark.text)
        else:
            target.remarks.append(remark.text)
    return rest


def _placed(node: _Node) -> Iterator[_Node]:
    """Every node that begins a line: values of fields and entries of lists, outermost first where two begin one line."""
    children = (
        [child for _, child in node.value] if node.kind == "fields" else node.value if node.kind == "list" else []
    )
    for child in children:
        yield child
        yield from _placed(child)


def _lines(node: _Node, indent: int, path: Field, kind: str, schemas: Schemas) -> Iterator[str]:
    """The lines of a group of fields or a list."""
    space = " " * indent
    if node.kind == "list":
        for entry in node.value:
            below = _lines(entry, indent + _INDENT, (*path, 0), kind, schemas)
            yield from (space + remark for remark in entry.remarks)
            if entry.kind == "scalar" or not entry.value:
                yield from _with_value(f"{space}- ", entry, indent)
                continue
            first, *others = below
            while first.lstrip().startswith("#"):  # a remark before the first field of an entry goes before its dash
                yield space + first.lstrip()
                first, *others = others
            yield f"{space}- {first.lstrip()}"
            yield from others
        return
    known = list(schemas.described(kind, path).get("properties", {}))
    order = sorted(range(len(node.value)), key=lambda at: _rank(known, node.value[at][0], at))
    for name, child in (node.value[at] for at in order):
        key = name if _PLAIN_KEY.fullmatch(name) and _is_text(name) else _single_quoted(name)
        yield from (space + remark for remark in child.remarks)
        if child.kind == "scalar" or not child.value:
            yield from _with_value(f"{space}{key}:", child, indent)
        else:
            yield f"{space}{key}:"
            yield from _lines(child, indent + _INDENT, (*path, name), kind, schemas)


def _rank(known: list[str], name: str, at: int) -> tuple[bool, int]:
    return (name not in known, known.index(name) if name in known else at)


def _with_value(start: str, node: _Node, indent: int) -> Iterator[str]:
    """A key or a dash with the scalar, or the empty list or group, after it."""
    gap = "" if start.endswith(" ") else " "
    if node.kind != "scalar":
        yield f"{start}{gap}{'{}' if node.kind == 'fields' else '[]'}"
        return
    if node.style == "plain" and not isinstance(resolve_plain(node.value), str):
        yield f"{start}{gap}{node.value}".rstrip()  # a number, true, false or nothing: as it was written
        return
    below = " " * (indent + _INDENT)
    text = node.value
    if "\n" in text:
        yield from _block(start + gap, text, below)
    elif (line := f"{start}{gap}{_one_line(text)}") and len(line) <= WIDTH:
        yield line
    elif _folds(text):
        yield f"{start}{gap}>-"
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=below, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
        )
    else:
        yield line


def _block(start: str, text: str, below: str) -> Iterator[str]:
    body, ending = text.rstrip("\n"), len(text) - len(text.rstrip("\n"))
    clean = body and not body.startswith((" ", "\t", "\n")) and all(line == line.rstrip() for line in body.split("\n"))
    if not clean or ending > 1 or not all(sign.isprintable() or sign == "\n" for sign in body):
        yield start + _double_quoted(text)
        return
    yield f"{start}|{'' if ending else '-'}"
    yield from (below + line if line else "" for line in body.split("\n"))


def _folds(text: str) -> bool:
    """Whether folding and unfolding gives the text back: single spaces only, and nothing at the ends."""
    return text == " ".join(text.split()) and text.isprintable() and " " in text


def _one_line(text: str) -> str:
    if not text.isprintable():
        return _double_quoted(text)
    return text if _is_text(text) and _is_plain(text) else _single_quoted(text)


def _is_text(text: str) -> bool:
    """Whether every reader takes the plain text for text: other programs make dates and truth values of some."""
    tag = _YAML_1_1.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # as its stubs have it
    return tag == "tag:yaml.org,2002:str" and isinstance(resolve_plain(text) if text else None, str)


def _is_plain(text: str) -> bool:
    return (
        not text.startswith(_INDICATOR)
        and not text.endswith((" ", ":"))
        and ": " not in text
        and " #" not in text
        and not text.startswith(("---", "..."))
    )


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else _double_quoted(text)


def _double_quoted(text: str) -> str:
    made = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', width=1 << 30, allow_unicode=True)
    return str(made).rstrip("\n")
