"""Answers of people who write no YAML → drafts of records: spreadsheets they fill in, and issue forms they answer.

Whatever a file is, it is first read into tables of cells, each with its place in the file (``spreadsheet``, ``issue``). What a column may be
called follows from the schema (``columns``), and so do the empty spreadsheets (``template``). ``drafts`` makes records of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True)
class Tick:
    """One box of a list of boxes to tick."""

    text: str
    ticked: bool
    place: str


#: What a cell can hold, as the libraries that read spreadsheets give it; empty cells hold an empty text.
Value: TypeAlias = "str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | tuple[Tick, ...]"


@dataclass(frozen=True)
class Cell:
    """A value and where it stands, as the person who wrote it would look for it: ``file.xlsx:Sheet!C5``, ``issue.md:12``."""

    place: str
    value: Value = ""

    @property
    def text(self) -> str:
        """The value as text, without spaces at its ends."""
        return self.value.strip() if isinstance(self.value, str) else str(self.value)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return isinstance(self.value, (str, tuple)) and not self.value


@dataclass(frozen=True)
class Row:
    """The cells of one row, by column."""

    place: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The rows of a sheet, or the questions and answers of a form, before anybody knows what they are about."""

    place: str
    name: str  #: of the sheet; empty where a file is one table
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Slip:
    """Something in the file that cannot be taken over as it stands, or was taken over in a way its writer should know of."""

    place: str
    message: str
    hint: str = ""
    stops: bool = True  #: whether nothing may be written because of it
