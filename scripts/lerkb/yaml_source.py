"""Text of a record file → plain data, with line and column of any value.

Built on the event stream of PyYAML's C parser. The ready-made loaders are not used because on a contributor's file
they crash (deep nesting overflows the C stack), lie (the last of two equal keys wins, ``no`` becomes false, a date becomes
an object) or grow without bound (aliases). Here nothing recurses, nothing is expanded, and every refusal has a place.
Scalars follow the YAML 1.2 core schema as far as records need it: ``true``, ``false``, ``null``, integers and plain decimals;
all other plain scalars are text.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

if TYPE_CHECKING:
    from pathlib import Path

    from lerkb.diagnostics import Field

MAX_BYTES: Final = 512 * 1024
MAX_DEPTH: Final = 32
#: A file that changes while it is read is read again, and given up after so many times.
_READ_TRIES: Final = 3
#: More values than this in one file is no record. It bounds time and memory.
MAX_VALUES: Final = 50_000

#: Enough to see what is wrong with a file that is full of them.
MAX_CHARACTER_FAULTS: Final = 100

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}\Z")
_WORDS: Final[dict[str, object]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_MAYBE_NUMBER: Final = frozenset("-0123456789")

#: C0 and C1 controls but tab and line ends, and the byte order mark inside the text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
#: Characters that reorder the text around them, so that a reviewer sees something else than a machine reads.
#: https://www.unicode.org/reports/tr9/ and https://trojansource.codes/
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SUSPECT = re.compile(f"{_CONTROL.pattern[:-1]}{_BIDI.pattern[1:]}")  # either; nearly every file has neither
_TAG_PREFIX: Final = "tag:yaml.org,2002:"
_SKIP: Final = object()
_NO_KEY: Final = object()


@dataclass(frozen=True)
class Fault:
    """Something wrong with the text of a file. ``kind`` names the syntax check that reports it."""

    kind: str
    line: int
    column: int
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Place:
    """Where a value stands, and its key where it has one; lines and columns from 1."""

    line: int
    column: int
    key_line: int
    key_column: int


@dataclass(frozen=True)
class Source:
    """A file as read: its data if it could be understood, and what is wrong with its text."""

    kind: str
    path: str
    stem: str
    text: str
    data: Any
    faults: tuple[Fault, ...]

    @cached_property
    def places(self) -> dict[Field, Place]:
        """The place of every value, made by a second pass and only when asked for."""
        places: dict[Field, Place] = {}
        if not any(fault.kind == "encoding" for fault in self.faults):
            _build(self.text, places)
        return places

    def place(self, field: Field, *, on_key: bool = False) -> tuple[int, int]:
        """Line and column of a value; of its nearest parent that exists, if it does not."""
        while field and field not in self.places:
            field = field[:-1]
        place = self.places.get(field)
        if place is None or not field:
            return (1, 1) if place is None else (place.line, place.column)
        return (place.key_line, place.key_column) if on_key else (place.line, place.column)


def load_source(kind: str, path: str, file: Path) -> Source:
    """Read and parse one file. Never raises: a file that cannot be read, or changes meanwhile, has a fault that says so.

    No more is read than a record may hold, links are not followed, and a pipe that was put in the file’s place is not waited for.
    """
    try:
        raw = _read(file)
    except OSError as error:
        fault = Fault("unreadable", 1, 1, error.strerror or type(error).__name__)
        return Source(kind, path, file.stem, "", None, (fault,))
    if raw is None:
        return Source(kind, path, file.stem, "", None, (Fault("changing", 1, 1, ""),))
    return parse_source(kind, path, file.stem, raw)


def _read(file: Path) -> bytes | None:
    """The content of a file, up to a little more than the limit; None if it was changed each time it was read.

    Raises:
        OSError: it cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    for _ in range(_READ_TRIES):
        with os.fdopen(os.open(file, flags), "rb") as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise OSError(errno.EINVAL, "it is no plain file")
            raw = stream.read(
                min(before.st_size, MAX_BYTES) + 1
            )  # room for half a megabyte each would take longer than the reading
            after = os.fstat(stream.fileno())
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return raw
    return None


def parse_source(kind: str, path: str, stem: str, raw: bytes) -> Source:
    """Parse the bytes of one file."""
    if len(raw) > MAX_BYTES:
        fault = Fault(
            "too-large",
            1,
            1,
            f"the file has more than {MAX_BYTES:,} bytes, the most that a record may have",
            "split it, or shorten the text",
        )
        return Source(kind, path, stem, "", None, (fault,))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Source(kind, path, stem, "", None, (_encoding_fault(raw, error),))
    text = text.removeprefix("\ufeff")
    faults = [*_character_faults(text)]
    if faults:
        return Source(kind, path, stem, text, None, tuple(faults))
    data, faults = _build(text)
    if not faults and not isinstance(data, dict):
        what = "empty" if data is None else "not a list of fields"
        faults = [Fault("not-a-mapping", 1, 1, f"the file is {what}", "a record is lines of the form `field: value`")]
    return Source(kind, path, stem, text, None if faults else data, tuple(faults))


def _encoding_fault(raw: bytes, error: UnicodeDecodeError) -> Fault:
    before = raw[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Fault(
        "encoding",
        line,
        column,
        f"the file is not UTF-8 text: byte {raw[error.start]:#04x} here",
        "save it as UTF-8 in your editor",
    )


def _character_faults(text: str) -> list[Fault]:
    faults: list[Fault] = []
    if not _SUSPECT.search(text):
        return faults
    starts = None
    for pattern, kind, what in (
        (_CONTROL, "control-character", "a control character"),
        (_BIDI, "bidirectional-character", "a character that changes the direction of text"),
    ):
        for match in pattern.finditer(text):
            starts = starts or _line_starts(text)
            line = bisect_right(starts, match.start())
            faults.append(
                Fault(
                    kind,
                    line,
                    match.start() - starts[line - 1] + 1,
                    f"{what} (U+{ord(match[0]):04X}) is not allowed in a record",
                    "delete it; it may not be visible in your editor",
                )
            )
            if len(faults) == MAX_CHARACTER_FAULTS:
                return faults
    return faults


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def resolve_plain(value: str) -> object:
    """The value of a plain scalar."""
    if value in _WORDS:
        return _WORDS[value]
    if value[0] in _MAYBE_NUMBER:
        if _INTEGER.match(value):
            return int(value)
        if _DECIMAL.match(value):
            return float(value)
    return value


def _build(text: str, places: dict[Field, Place] | None = None) -> tuple[Any, list[Fault]]:
    """Data and faults of a text. Where ``places`` is given, the place of every value is put into it."""
    faults: list[Fault] = []
    loader = yaml.CSafeLoader(text)
    try:
        return _walk(loader, faults, places), faults
    except yaml.YAMLError as error:
        faults.append(_syntax_fault(error, text))
        return None, faults
    finally:
        loader.dispose()


def _walk(  # noqa: C901, PLR0912, PLR0915 - one loop over events: parted, it would be slower and no clearer
    loader: yaml.CSafeLoader, faults: list[Fault], places: dict[Field, Place] | None
) -> Any:
    next_event: Any = loader.get_event
    root: Any = None
    container: Any = None
    key: Any = _NO_KEY
    stack: list[tuple[Any, Any]] = []
    path: list[str | int] = []
    key_mark: Any = None
    documents = values = 0

    def fault(kind: str, mark: Any, message: str, hint: str = "") -> None:
        faults.append(Fault(kind, mark.line + 1, mark.column + 1, message, hint))

    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            value = event.value
            is_mapping = type(container) is dict
            if event.tag is not None:
                fault(
                    "tag",
                    event.start_mark,
                    f"`{_short_tag(event.tag)}` is a tag; records hold plain values",
                    "delete the tag",
                )
            if event.anchor is not None:
                fault(
                    "anchor", event.start_mark, f"`&{event.anchor}` is an anchor; records do not use them", "delete it"
                )
            if is_mapping and key is _NO_KEY:
                if value in container:
                    fault("duplicate-key", event.start_mark, f"`{value}` is written twice here", "keep one of the two")
                    key = _SKIP
                else:
                    key = value
                if places is not None:
                    key_mark = event.start_mark
                continue
            values += 1
            item = resolve_plain(value) if event.implicit[0] and not event.style else value
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            values += 1
            if event.tag is not None:
                fault(
                    "tag",
                    event.start_mark,
                    f"`{_short_tag(event.tag)}` is a tag; records hold plain values",
                    "delete the tag",
                )
            if event.anchor is not None:
                fault(
                    "anchor", event.start_mark, f"`&{event.anchor}` is an anchor; records do not use them", "delete it"
                )
            if type(container) is dict and key is _NO_KEY:
                fault(
                    "complex-key", event.start_mark, "a list or a group of fields stands where a field name should be"
                )
                return None
            if len(stack) >= MAX_DEPTH:
                fault(
                    "too-deep",
                    event.start_mark,
                    f"the values are nested more than {MAX_DEPTH} deep",
                    "a record needs no more than 8",
                )
                return None
            item = {} if kind is MappingStartEvent else []
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            container, key = stack.pop()
            if places is not None and stack:
                path.pop()
            key = _NO_KEY
            continue
        elif kind is AliasEvent:
            fault(
                "anchor",
                event.start_mark,
                f"`*{event.anchor}` is an alias; records do not use them",
                "write the value out",
            )
            item = None
            if type(container) is dict and key is _NO_KEY:
                return None
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                fault(
                    "several-documents",
                    event.start_mark,
                    "a second document starts here (`---`)",
                    "one file holds one record",
                )
                return root
            continue
        elif kind is StreamEndEvent or event is None:
            return root
        else:
            continue
        if values > MAX_VALUES:
            fault("too-large", event.start_mark, f"the file holds more than {MAX_VALUES:,} values", "split it")
            return None
        # Put the item into its container.
        step: str | int | None = None
        if container is None:
            root = item
        elif type(container) is dict:
            if key is not _SKIP:
                container[key] = item
            step = "\0skipped" if key is _SKIP else key
        else:
            step = len(container)
            container.append(item)
        if places is not None:
            if step is not None:
                path.append(step)
            mark = event.start_mark
            own_key = key_mark if type(container) is dict else mark
            places[tuple(path)] = Place(mark.line + 1, mark.column + 1, own_key.line + 1, own_key.column + 1)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((container, key))
            container, key = item, _NO_KEY
        else:
            key = _NO_KEY
            if places is not None and step is not None:
                path.pop()


def _short_tag(tag: str) -> str:
    return "!!" + tag[len(_TAG_PREFIX) :] if tag.startswith(_TAG_PREFIX) else tag


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    """The parser's complaint in a contributor's words."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or "the text cannot be read")
    if problem in ("found unexpected end of stream", "could not find expected ':'"):
        # Where the quote or the line began, not where reading gave up.
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    for pattern, message, hint in _EXPLANATIONS:
        if pattern in problem:
            return Fault("malformed", line, column, message, hint)
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return Fault("malformed", line, column, "a tab indents this line", "indent with spaces, two for each level")
    return Fault(
        "malformed", line, column, f"this is not well-formed YAML: {problem}", "look at this line and the one above it"
    )


#: What libyaml says, what it means to a contributor, and what to do.
_EXPLANATIONS: Final = (
    ("mapping values are not allowed", "a second `: ` stands in this line", "put the text in single quotes: `'…: …'`"),
    (
        "could not find expected ':'",
        "this line has no `: ` after its field name",
        "write `field: value`; in a longer text indent each line under its field",
    ),
    (
        "did not find expected key",
        "this line does not belong to what stands above it",
        "check its indent; text with an apostrophe in single quotes needs it doubled (`''`)",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not belong to the list above it",
        "start it with `- `, or indent it like the list’s other lines",
    ),
    (
        "block sequence entries are not allowed",
        "a list starts where a value stands",
        "put the first `- ` on a line of its own, indented",
    ),
    (
        "found character that cannot start any token",
        "a value may not begin with this character",
        "put the value in single quotes; indent with spaces, not tabs",
    ),
    (
        "found unexpected end of stream",
        "a quote that was opened is never closed",
        "close it, or double a quote inside the text (`''`)",
    ),
    ("found unknown escape character", "a backslash in double quotes is misread", "use single quotes"),
    ("while scanning a quoted scalar", "a quote that was opened is never closed", "close it"),
    (
        "did not find expected ',' or",
        "a list or group in brackets is not closed or holds a stray comma",
        "write it in block style, one `- ` a line",
    ),
    ("did not find expected node content", "a value is missing or broken here", "put the text in single quotes"),
    ("found undefined tag handle", "a value may not begin with `!`", "put the value in single quotes"),
    (
        "did not find expected alphabetic",
        "a value may not begin with `&`, `*` or `!`",
        "put the value in single quotes",
    ),
    ("did not find expected whitespace", "a value may not begin with this character", "put the value in single quotes"),
    ("exceeded maximum nesting depth", "the values are nested too deep", "a record needs no more than 8 levels"),
)
