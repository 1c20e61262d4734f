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
from dataclasses import dataclass, field, replace
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

from lerkb.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lerkb.diagnostics import Field

_SAID: Final = Catalogue("syntax")
MAX_BYTES: Final[int] = _SAID.threshold("bytes")
MAX_DEPTH: Final[int] = _SAID.threshold("depth")
MAX_VALUES: Final[int] = _SAID.threshold("values")
MAX_FAULTS: Final[int] = _SAID.threshold("faults")
#: A file that changes while it is read is read again, and given up after so many times.
_READ_TRIES: Final = 3
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
#: How zipped documents and PDFs begin, which can be UTF-8 by chance.
_NO_TEXT: Final = (b"PK\x03\x04", b"%PDF", b"{\\rtf")
_TAG_PREFIX: Final = "tag:yaml.org,2002:"
_SKIP: Final = object()
_NO_KEY: Final = object()


@dataclass(frozen=True)
class Fault:
    """Something wrong with the text of a file. ``kind`` names the syntax check that reports it, ``variant`` its words."""

    kind: str
    line: int
    column: int
    variant: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


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
    data: Any  #: nothing if there are faults
    faults: tuple[Fault, ...]
    #: What could be read beside the faults: the data, or the fields above and below a broken one.
    legible: Any = None
    #: The text with broken fields blanked, and their names.
    legible_text: str = ""
    broken: frozenset[str] = frozenset()

    @cached_property
    def places(self) -> dict[Field, Place]:
        """The place of every value, made by a second pass and only when asked for."""
        places: dict[Field, Place] = {}
        if not any(fault.kind == "encoding" for fault in self.faults):
            _build(self.legible_text or self.text, places)
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
        fault = Fault("unreadable", 1, 1, values={"why": error.strerror or type(error).__name__})
        return Source(kind, path, file.stem, "", None, (fault,))
    if raw is None:
        return Source(kind, path, file.stem, "", None, (Fault("changing", 1, 1),))
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
        fault = Fault("too-large", 1, 1, values={"limit": f"{MAX_BYTES:,}"})
        return Source(kind, path, stem, "", None, (fault,))
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        text = ""
    # The rules about slips are loaded for a file that has one: loading them takes as long as reading a hundred records.
    if (raw and not text) or "\0" in text or raw.startswith(_NO_TEXT):
        from lerkb.misreadings import encoding_fault

        undecodable = encoding_fault(raw)
        if undecodable is not None:
            return Source(kind, path, stem, "", None, (undecodable,))
    faults = [*_character_faults(text)]
    if faults:
        return Source(kind, path, stem, text, None, tuple(faults))
    data, faults = _build(text)
    if not faults and isinstance(data, dict):
        return Source(kind, path, stem, text, data, (), data)
    return _faulty(Source(kind, path, stem, text, None, tuple(faults)), data)


def _faulty(source: Source, data: Any) -> Source:
    """A source that has faults, or holds no fields: what is wrong, and what can be read all the same."""
    from lerkb.misreadings import no_fields_fault, once_for_a_second_record, sound_parts

    kinds = {fault.kind for fault in source.faults}
    if not kinds:
        return replace(source, faults=(no_fields_fault(source.text, data),))
    if "malformed" not in kinds:
        whole = len(source.faults) < MAX_FAULTS and "several-documents" not in kinds
        legible = data if isinstance(data, dict) and whole else None
        return replace(source, faults=tuple(once_for_a_second_record(source.faults)), legible=legible)
    parts = sound_parts(source.text, lambda text: [fault for fault in _build(text)[1] if fault.kind == "malformed"])
    if parts is None:
        return source
    data, faults = _build(parts.text)
    if any(fault.kind == "malformed" for fault in faults):
        return source
    found = tuple(sorted((*parts.faults, *faults), key=lambda fault: (fault.line, fault.column)))
    legible = data if isinstance(data, dict) else None
    return replace(source, faults=found, legible=legible, legible_text=parts.text, broken=parts.names)


def _character_faults(text: str) -> list[Fault]:
    faults: list[Fault] = []
    if not _SUSPECT.search(text):
        return faults
    starts = None
    for pattern, kind in ((_CONTROL, "control-character"), (_BIDI, "bidirectional-character")):
        for match in pattern.finditer(text):
            starts = starts or _line_starts(text)
            line = bisect_right(starts, match.start())
            faults.append(
                Fault(kind, line, match.start() - starts[line - 1] + 1, values={"code": f"{ord(match[0]):04X}"})
            )
            if len(faults) == MAX_FAULTS:
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
        from lerkb.misreadings import explain

        faults.append(explain(error, text))
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

    def fault(kind: str, mark: Any, variant: str = "", **values: object) -> None:
        if len(faults) < MAX_FAULTS:
            faults.append(Fault(kind, mark.line + 1, mark.column + 1, variant, values))

    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            value = event.value
            is_mapping = type(container) is dict
            if event.tag is not None:
                fault("tag", event.start_mark, tag=_short_tag(event.tag))
            if event.anchor is not None:
                fault("anchor", event.start_mark, "anchor", name=event.anchor)
            if is_mapping and key is _NO_KEY:
                if value in container:
                    fault("duplicate-key", event.start_mark, name=value)
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
                fault("tag", event.start_mark, tag=_short_tag(event.tag))
            if event.anchor is not None:
                fault("anchor", event.start_mark, "anchor", name=event.anchor)
            if type(container) is dict and key is _NO_KEY:
                fault("complex-key", event.start_mark, "complex-key")
                return None
            if len(stack) >= MAX_DEPTH:
                fault("too-deep", event.start_mark, limit=MAX_DEPTH)
                return None
            item = {} if kind is MappingStartEvent else []
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            container, key = stack.pop()
            if places is not None and stack:
                path.pop()
            key = _NO_KEY
            continue
        elif kind is AliasEvent:
            fault("anchor", event.start_mark, "alias", name=event.anchor)
            item = None
            if type(container) is dict and key is _NO_KEY:
                return None
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                fault("several-documents", event.start_mark)
                return root
            continue
        elif kind is StreamEndEvent or event is None:
            return root
        else:
            continue
        if values > MAX_VALUES:
            fault("too-large", event.start_mark, "values", limit=f"{MAX_VALUES:,}")
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
