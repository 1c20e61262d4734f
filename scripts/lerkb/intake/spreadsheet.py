"""Spreadsheets → tables. Excel’s and LibreOffice’s files are read by calamine, CSV by Python."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from lerkb.errors import RunError
from lerkb.intake import Cell, Row, Slip, Table
from lerkb.intake.template import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lerkb.intake import Value

#: A file of answers is small; one that is not is something else, or an attack on the machine that reads it.
MOST_BYTES: Final = 10_000_000
#: What a file may come to once it is unpacked.
_MOST_UNPACKED: Final = 100_000_000
_MOST_COLUMNS: Final = 500
_FARTHEST_ROW: Final = 100_000
_ZIP: Final = b"PK\x03\x04"
_SIGNS: Final = (",", ";", "\t")


def read_workbook(name: str, content: bytes) -> tuple[list[Table], list[Slip]]:
    """The sheets of a workbook that can be seen and hold something. ``name``: what the file is called in messages.

    Raises:
        RunError: the file is no workbook, is locked, or is too large.
    """
    try:
        _check_size(name, content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
        found = [_sheet(name, book, sheet) for sheet in visible]
    except PasswordError:
        raise RunError(f"{name} is locked with a password; save it without one and try again") from None
    except (CalamineError, zipfile.BadZipFile) as error:
        raise RunError(
            f"{name} cannot be read as a spreadsheet ({error}); open it in the program it was made with and save it as .xlsx"
        ) from None
    return [table for table, _ in found if table.rows], [slip for _, slips in found for slip in slips]


def _check_size(name: str, content: bytes) -> None:
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise RunError(
                f"{name} unpacks to {unpacked // 1_000_000:,} MB; at most {_MOST_UNPACKED // 1_000_000} MB are read. Copy the answers into a fresh template"
            )


def _sheet(name: str, book: CalamineWorkbook, title: str) -> tuple[Table, list[Slip]]:
    sheet = book.get_sheet_by_name(title)
    row, column = sheet.end or (0, 0)
    if column >= _MOST_COLUMNS or row >= _FARTHEST_ROW:
        raise RunError(
            f"{name}: the sheet {title} reaches to cell {cell_name(row, column)}; at most {_MOST_COLUMNS} columns and {_FARTHEST_ROW:,} rows are looked at. Copy the answers into a fresh template"
        )
    place = f"{name}:{title}"
    values: list[list[Value]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    slips = list(_unmerge(place, values, sheet.merged_cell_ranges or ()))
    return _table(name, place, title, values, "!"), slips


def _unmerge(
    place: str, values: list[list[Value]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[Slip]:
    """Cells that were joined downward all hold what the first does; those joined sideways do not tell which column is meant."""
    for (top, left), (bottom, right) in ranges:
        if top >= len(values) or left >= len(values[top]):
            continue
        alone = all(value == "" for at, value in enumerate(values[top]) if at != left)  # a title above the table
        if right > left and values[top][left] != "" and not alone:
            yield Slip(
                f"{place}!{cell_name(top, left)}",
                f"the cells {cell_name(top, left)} to {cell_name(bottom, right)} are merged, so it is not clear which column is meant",
                "unmerge them and write into each cell what belongs there",
            )
            continue
        for row in range(top + 1, min(bottom + 1, len(values))):
            if any(value != "" for value in values[row]):
                values[row][left] = values[top][left]


def read_csv(name: str, content: bytes) -> tuple[list[Table], list[Slip]]:
    """The one table of a file of separated values.

    Raises:
        RunError: the file is no text, its quotation marks do not close, or it is too large.
    """
    text, slips = _decoded(name, content)
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == len("sep=;"):
        sign, text, skipped = first.strip()[-1], rest, 1  # Excel's own word on what parts the values
    else:
        sign, skipped = max(_SIGNS, key=lambda sign: len(next(_rows(name, text, sign, until=1), []))), 0
    values: list[list[Value]] = [[]] * skipped
    values += [list(row) for row in _rows(name, text, sign)]
    table = _table(name, name, "", values, ":")
    return ([table] if table.rows else []), slips


def _rows(name: str, text: str, sign: str, until: int = 0) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=not until)
    try:
        for at, row in enumerate(reader):
            if until and at >= until:
                return
            yield row
    except csv.Error:
        if not until:
            raise RunError(
                f"{name}: the quotation marks near line {reader.line_num} do not close, so it is not clear where a cell ends; open the file in a spreadsheet program and save it as CSV again"
            ) from None


def _decoded(name: str, content: bytes) -> tuple[str, list[Slip]]:
    """The text, by its mark, or else as UTF-8, or else as older Windows programs write it."""
    if content.startswith(_ZIP):
        raise RunError(f"{name} is a workbook and no CSV file; import it with --from xlsx")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding != "cp1252":
            return text, []
        told = Slip(
            name,
            "is not UTF-8, and was read as older Windows programs write text (cp1252)",
            "if letters with accents or curly quotes look wrong in the drafts, save it as “CSV UTF-8” and import it again",
            stops=False,
        )
        return text, [told]
    raise RunError(f"{name} is neither UTF-8, UTF-16 nor Windows text; save it as “CSV UTF-8” and try again")


def _table(name: str, place: str, title: str, values: Sequence[Sequence[Value]], joint: str) -> Table:
    rows = []
    width = max(map(len, values), default=0)
    for at, given in enumerate(values):
        row = [*given, *[""] * (width - len(given))]
        cells = tuple(Cell(f"{place}{joint}{cell_name(at, column)}", _tidy(value)) for column, value in enumerate(row))
        if not all(cell.is_empty for cell in cells):
            rows.append(Row(f"{place}{joint}{at + 1}", cells))
    if len(rows) > MOST_ROWS:
        raise RunError(
            f"{name} has {len(rows):,} rows; at most {MOST_ROWS:,} are taken over at once. Part it into several files"
        )
    return Table(place, title, tuple(rows))


def _tidy(value: Value) -> Value:
    """A value without what nobody typed: marks that cannot be seen, spaces at the ends, the “.0” of a whole number."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n").replace("\xa0", " ")
        return text.translate(dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))).strip()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date()
    return value


def cell_name(row: int, column: int) -> str:
    """The name of a cell as spreadsheets show it; both numbers count from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
