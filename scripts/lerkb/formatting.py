"""One layout for every record: the schema's order of fields, block style, one way of wrapping and quoting.

Text in, text out. Nothing of what a file says may change: the new text is read again and compared with the old before it is given back, and a
file that cannot be understood in full is left as it is.
"""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.yaml_source import parse_source, resolve_plain
from lerkb.yaml_tree import Node, NotUnderstoodError, read_tree, remarks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.diagnostics import Field
    from lerkb.schemas import Schemas

#: Columns of the longest line that is not one word.
WIDTH: Final = 120
_INDENT: Final = 2
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][\w-]*")
#: What a plain scalar may not begin with. https://yaml.org/spec/1.2.2/#733-plain-style
_INDICATOR: Final = tuple("-?:,[]{}#&*!|>'\"%@` \t")
_YAML_1_1: Final = yaml.resolver.Resolver()
#: Text that some program takes for a number or a truth value, beside what PyYAML and we do: YAML 1.1’s ``y`` and ``n``, YAML 1.2’s numbers.
#: https://yaml.org/type/bool.html and https://yaml.org/spec/1.2.2/#1032-tag-resolution
_TAKEN_FOR_ANOTHER: Final = re.compile(r"[yYnN]|0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def format_record(text: str, kind: str, schemas: Schemas) -> str:
    """The same record in the one layout.

    Raises:
        NotUnderstoodError: the text cannot be read in full, or would not say the same.
    """
    old = parse_source(kind, "", "", text.encode())
    if old.data is None:
        raise NotUnderstoodError("it cannot be read; see what `validate` says")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    made = "\n".join(_whole(read_tree(lines), kind, schemas)) + "\n"
    new = parse_source(kind, "", "", made.encode())
    if new.data != old.data or _types(new.data) != _types(old.data):
        raise NotUnderstoodError("its values would not stay the same")
    if sorted(remarks_of(made)) != sorted(remarks_of(lines)):
        raise NotUnderstoodError("a remark would be lost")
    return made


def render_field(name: str, value: Any, kind: str, schemas: Schemas) -> str:
    """A field of a record as this layout writes it, made from plain data: texts, groups and lists."""
    return "\n".join(_lines(_made({name: value}), 0, (), kind, schemas)) + "\n"


def _made(data: Any) -> Node:
    if isinstance(data, dict):
        return Node([(key, _made(value)) for key, value in data.items()], "fields", 0, 0, 0)
    if isinstance(data, list):
        return Node([_made(value) for value in data], "list", 0, 0, 0)
    return Node(data, "scalar", 0, 0, 0, style="'")


def _types(data: Any) -> Any:
    """The types in nested data: ``1`` and ``true`` are equal to Python, and not the same here."""
    if isinstance(data, dict):
        return {key: _types(value) for key, value in data.items()}
    return [_types(value) for value in data] if isinstance(data, list) else type(data)


def _whole(root: Node, kind: str, schemas: Schemas) -> Iterator[str]:
    head, written = _parted(_lines(root, 0, (), kind, schemas))
    yield from _once(["", *root.before, *head])
    yield from written[: next((at for at in range(len(written), 0, -1) if written[at - 1]), 0)]


def _parted(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The remarks and empty lines that lines begin with, and the rest."""
    found = list(lines)
    rest = next((at for at, line in enumerate(found) if line.strip() and not line.lstrip().startswith("#")), len(found))
    return [line.lstrip() for line in found[:rest]], found[rest:]


def _once(remarks: list[str]) -> Iterator[str]:
    """Remarks with no empty line behind another; the first is what stands before them."""
    return (this for before, this in pairwise(remarks) if this or before)


def _lines(node: Node, indent: int, path: Field, kind: str, schemas: Schemas) -> Iterator[str]:
    """The lines of a group of fields or a list."""
    space = " " * indent
    if node.kind == "list":
        for entry in node.value:
            if entry.kind == "scalar" or not entry.value:
                yield from _indented(space, _once(["-", *entry.before]))
                yield from _with_value(f"{space}- ", entry, indent)
                continue
            # A remark before the first field of an entry goes before its dash.
            head, written = _parted(_lines(entry, indent + _INDENT, (*path, 0), kind, schemas))
            yield from _indented(space, _once(["-", *entry.before, *head]))
            yield f"{space}- {written[0].lstrip()}"
            yield from written[1:]
        yield from _indented(space, node.after)
        return
    known = list(schemas.described(kind, path).get("properties", {}))
    order = sorted(range(len(node.value)), key=lambda at: _rank(known, node.value[at][0], at))
    for name, child in (node.value[at] for at in order):
        key = name if _PLAIN_KEY.fullmatch(name) and _is_text(name) else _single_quoted(name)
        yield from _indented(space, child.before)
        if child.kind == "scalar" or not child.value:
            yield from _with_value(f"{space}{key}:", child, indent)
        else:
            yield f"{space}{key}:"
            yield from _lines(child, indent + _INDENT, (*path, name), kind, schemas)
    yield from _indented(space, node.after)


def _indented(space: str, remarks: Iterable[str]) -> Iterator[str]:
    return (space + remark if remark else "" for remark in remarks)


def _rank(known: list[str], name: str, at: int) -> tuple[bool, int]:
    return (name not in known, known.index(name) if name in known else at)


def _with_value(start: str, node: Node, indent: int) -> Iterator[str]:
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
    ours = isinstance(resolve_plain(text) if text else None, str)
    return tag == "tag:yaml.org,2002:str" and ours and not _TAKEN_FOR_ANOTHER.fullmatch(text)


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
