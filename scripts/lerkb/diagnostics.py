"""What a check yields (``Problem``) and what the reader is shown (``Diagnostic``)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: A place in the data: keys and list indices from the top of the record.
Field = tuple[str | int, ...]


class Severity(StrEnum):
    """How much a diagnostic weighs. Only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """Something wrong, told by where it is in the data. The runner finds the line."""

    field: Field
    message: str
    hint: str = ""
    #: Point at the key instead of the value (an unknown field, a duplicate).
    on_key: bool = False
    #: Line and column, for what is wrong with the text itself and so has no place in the data.
    place: tuple[int, int] | None = None
    #: The value to write instead (or the key, with ``on_key``), only where nothing else can be meant.
    replacement: str = ""


@dataclass(frozen=True, order=True)
class Diagnostic:
    """A problem with its place in a file and its check. Sorted by path, line, column, code."""

    path: str
    line: int
    column: int
    code: str
    name: str
    severity: Severity
    field: str
    message: str
    hint: str
    url: str
    replacement: str = ""


def json_pointer(field: Field) -> str:
    """The JSON Pointer (RFC 6901) of a field; the empty string is the whole record."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in field)
