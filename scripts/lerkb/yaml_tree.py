"""Text of a record → its values in the order they stand in, with every remark and empty line at the value it belongs to.

What lies between two tokens of YAML can only be space or a remark, so none can be overlooked, however it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.tokens import ScalarToken

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Ends of lines to YAML’s parser, and to few other programs.
_ODD_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
_REMARK: Final = re.compile(r"#[^\n]*")
_EMPTY_LINE: Final = re.compile(r"^[ \t]*\n", re.MULTILINE)
_DASHES: Final = re.compile(r"[ \t]*(?:-[ \t]+)*-?[ \t]*")


class NotUnderstoodError(Exception):
    """A text that cannot be taken apart, or laid out anew, without a risk of losing something."""


@dataclass(eq=False)
class Node:
    """A value with its place in the text, and the remarks (and empty lines, as empty text) around it."""

    value: Any  #: text of a scalar as it is written, or a list of (key, node), or a list of nodes
    kind: str  #: ``scalar``, ``fields`` or ``list``
    start: int  #: offset of the key where there is one, else of the value
    end: int  #: offset behind the value
    column: int  #: of the first field or dash of a group or list, from 0
    style: str = ""  #: ``plain``, or the sign that begins a scalar
    flow: bool = False  #: whether a group or list is written in brackets
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  #: behind the last field or entry, as deep as these


@dataclass(frozen=True)
class _Remark:
    at: int
    text: str  #: empty for an empty line


def read_tree(text: str) -> Node:
    """The root of a text that is known to be sound.

    Raises:
        NotUnderstoodError: it uses aliases or line ends that programs read differently, or holds nothing.
    """
    if _ODD_LINE_ENDS.search(text):
        raise NotUnderstoodError("it holds a sign that only some programs take for the end of a line")
    root = _compose(text)
    _attach(root, text, _remarks(text))
    return root


def remarks_of(text: str) -> list[str]:
    """The remarks of a sound text, in order."""
    return [remark.text for remark in _remarks(text) if remark.text]


def places_of_remarks(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column (both from 1) and text of every remark of a sound text, in order."""
    line, counted = 1, 0
    for remark in _remarks(text):
        if remark.text:
            line += text.count("\n", counted, remark.at)
            counted = remark.at
            yield line, remark.at - text.rfind("\n", 0, remark.at), remark.text


def _compose(text: str) -> Node:
    stack: list[Node] = []
    root: Node | None = None
    key: Node | None = None
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, AliasEvent):
            raise NotUnderstoodError("it uses an alias")
        if isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            stack.pop().end = _span(event)[1]
            continue
        node = _node(event)
        if node is None:
            continue
        if not stack:
            root = node
        elif stack[-1].kind == "list":
            stack[-1].value.append(node)
        elif key is None:
            key = node
            continue
        else:
            node.start = key.start
            stack[-1].value.append((key.value, node))
            key = None
        if node.kind != "scalar":
            stack.append(node)
    if root is None:
        raise NotUnderstoodError("it holds nothing")
    return root


def _node(event: Any) -> Node | None:
    start, end = _span(event)
    column = event.start_mark.column
    if isinstance(event, ScalarEvent):
        style = "plain" if event.implicit[0] and not event.style else str(event.style or "'")
        return Node(event.value, "scalar", start, end, column, style)
    if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
        kind = "fields" if isinstance(event, MappingStartEvent) else "list"
        return Node([], kind, start, end, column, flow=bool(event.flow_style))
    return None


def _remarks(text: str) -> Iterator[_Remark]:
    """Every remark and every empty line between the tokens of a text, in order."""
    end = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start, behind = _span(token)
        yield from _between(text, end, start)
        end = max(end, behind)
        if isinstance(token, ScalarToken) and token.style in ("|", ">"):
            head = _REMARK.search(text, start, text.find("\n", start) if "\n" in text[start:] else len(text))
            if head:
                yield _Remark(head.start(), head[0].rstrip())
            if "+" not in text[start : start + 3]:  # the empty lines behind it are no part of its value
                end = start + len(text[start:end].rstrip()) + 1
    yield from _between(text, end, len(text))


def _span(part: Any) -> tuple[int, int]:
    """Offsets of the beginning of a token or an event, and behind its end."""
    return part.start_mark.index, part.end_mark.index


def _between(text: str, start: int, end: int) -> Iterator[_Remark]:
    found = [_Remark(match.start(), match[0].rstrip()) for match in _REMARK.finditer(text, start, end)]
    found += [_Remark(match.start(), "") for match in _EMPTY_LINE.finditer(text, start, end)]
    yield from sorted(found, key=lambda remark: remark.at)


def _attach(root: Node, text: str, remarks: Iterator[_Remark]) -> None:
    """Give each remark to the value it stands before or beside, or to the list or group at whose end it stands."""
    placed = [(root, (root,)), *_placed(root, (root,))]
    starts = [node.start for node, _ in placed]
    for remark in remarks:
        at = bisect_right(starts, remark.at)
        line_start = text.rfind("\n", 0, remark.at) + 1
        if at == 0:  # the head of the file stays at its head
            _add(root.before, remark.text)
        elif text[line_start : remark.at].strip() == "" or not remark.text:
            _between_values(placed, at, remark, remark.at - line_start if remark.text else 0)
        elif _DASHES.fullmatch(text, line_start, remark.at) and at < len(placed):
            _add(placed[at][0].before, remark.text)
        else:
            first_on_line = min(bisect_left(starts, line_start), at - 1)
            descent = placed[first_on_line][1]
            _add(next((node for node in descent if node.flow), descent[-1]).before, remark.text)


def _add(remarks: list[str], text: str) -> None:
    if text or remarks[-1:] != [""]:  # one empty line is as good as several
        remarks.append(text)


def _between_values(placed: list[tuple[Node, tuple[Node, ...]]], at: int, remark: _Remark, column: int) -> None:
    """A remark on its own line between two values: at the end of what closes here if it is as deep, else before the next."""
    flow = next((node for node in placed[at - 1][1] if node.flow and remark.at < node.end), None)
    if flow is not None:
        _add(flow.before, remark.text)
        return
    following = placed[at][1] if at < len(placed) else ()
    closing = [node for node in placed[at - 1][1] if node not in following[:-1] and node.kind != "scalar"]
    fitting = [node for node in closing if node.column <= column and not node.flow and node.value]
    if not following:
        (fitting[-1] if fitting else placed[0][0]).after.append(remark.text)
    elif fitting and column > _column(following):
        fitting[-1].after.append(remark.text)
    else:
        _add(placed[at][0].before, remark.text)


def _column(line_of_descent: tuple[Node, ...]) -> int:
    """The column of the line on which a value begins: that of the group or list it is in."""
    return line_of_descent[-2].column if len(line_of_descent) > 1 else 0


def _placed(node: Node, line: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every value below a node with its line of descent, itself last, in the order of the text."""
    for child in [child for _, child in node.value] if node.kind == "fields" else node.value:
        descent = (*line, child)
        yield child, descent
        if child.kind != "scalar":
            yield from _placed(child, descent)
