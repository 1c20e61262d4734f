"""Empty spreadsheets to fill in: headings, what each column asks, an example, and the values to choose from.

Everything in them comes from the schema. Cells are text, so that a program turns neither ``1.10`` into a number nor a month into a day, and
no cell is a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # it comes without types
from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]

from lerkb.intake.columns import Column, Sheet, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: A row whose first cell begins so explains the others, or shows an example of them; it is no answer.
REMARK: Final = "# "
EXAMPLE: Final = "# Example: "
#: The sheet of the values to choose from.
VALUES_SHEET: Final = "Values to choose from"
#: The rows that can be filled, and so the rows of a file that is taken over.
MOST_ROWS: Final = 5000
#: A file says when it was made; two that are made alike are alike.
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - as XlsxWriter takes it
_TEXT: Final = 49  #: Excel’s number for the format “text”, written `@`
_WIDTHS: Final = {True: 48, False: 22}  #: of a column of sentences, and of others, in characters
_LONG: Final = 100
_LINE_HEIGHT: Final = 15  #: in points
#: What Excel lets a hint beside a cell hold.
_TITLE_SIZE: Final = 32
_HINT_SIZE: Final = 255


def csv_template(sheet: Sheet) -> bytes:
    """One table as CSV; with a mark at its start by which Excel knows that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_heading(column) for column in sheet.asked])
    for row in _explained(sheet):
        writer.writerow(row)
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table, and one that lists the values to choose from."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        book.set_properties({"created": _MADE})
        text = book.add_format({"num_format": _TEXT, "text_wrap": True, "valign": "top"})
        formats = {
            "text": text,
            "heading": book.add_format(
                {"num_format": _TEXT, "bold": True, "bottom": 2, "text_wrap": True, "valign": "top"}
            ),
            "remark": book.add_format(
                {"num_format": _TEXT, "italic": True, "font_color": "#444444", "text_wrap": True, "valign": "top"}
            ),
        }
        made = [book.add_worksheet(sheet.name) for sheet in sheets]
        lists = _values_sheet(book, formats, sheets)
        for worksheet, sheet in zip(made, sheets, strict=True):
            _fill(worksheet, sheet, formats, lists)
    return file.getvalue()


def _fill(worksheet: Any, sheet: Sheet, formats: Mapping[str, Any], lists: Mapping[tuple[str, ...], str]) -> None:
    remarks = _explained(sheet)
    worksheet.freeze_panes(1, 1)
    # LibreOffice gives a row the height that the file says, and shows no more of a text than fits into it.
    for number, texts in enumerate(([_heading(column) for column in sheet.asked], *remarks)):
        lines = max(-(-len(text) // _letters(column)) for text, column in zip(texts, sheet.asked, strict=True))
        worksheet.set_row(number, _LINE_HEIGHT * max(1, lines))
    for at, column in enumerate(sheet.asked):
        worksheet.set_column(at, at, _WIDTHS[_is_long(column)], formats["text"])
        worksheet.write_string(0, at, _heading(column), formats["heading"])
        for number, row in enumerate(remarks, start=1):
            worksheet.write_string(number, at, row[at], formats["remark"])
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": column.titles[-1][:_TITLE_SIZE],
            "input_message": _short(help_of(column)),
        }
        if column.values:
            rule |= {
                "validate": "list",
                "source": f"={lists[tuple(column.values)]}",
                # A cell for several values may hold what no list has: two of them.
                "show_error": not column.many,
                "error_title": column.titles[-1][:_TITLE_SIZE],
                "error_message": f"Please choose a value of the list. The sheet “{VALUES_SHEET}” explains them.",
            }
        worksheet.data_validation(1 + len(remarks), at, MOST_ROWS, at, rule)


def _values_sheet(book: Any, formats: Mapping[str, Any], sheets: Iterable[Sheet]) -> dict[tuple[str, ...], str]:
    """Write each closed list once, and tell where it stands."""
    places: dict[tuple[str, ...], str] = {}
    columns = [column for sheet in sheets for column in sheet.asked if column.values]
    if not columns:
        return places
    worksheet = book.add_worksheet(VALUES_SHEET)
    worksheet.freeze_panes(1, 0)
    for column in columns:
        key = tuple(column.values)
        if key in places:
            continue
        at = 2 * len(places)
        worksheet.set_column(at, at, _WIDTHS[False], formats["text"])
        worksheet.set_column(at + 1, at + 1, _WIDTHS[True], formats["text"])
        worksheet.write_string(0, at, column.heading, formats["heading"])
        worksheet.write_string(0, at + 1, "What it means", formats["heading"])
        for row, (value, option) in enumerate(shown_values(column).items(), start=1):
            worksheet.write_string(row, at, value, formats["text"])
            worksheet.write_string(row, at + 1, str(option.get("description", "")), formats["text"])
        places[key] = f"'{VALUES_SHEET}'!{xl_range_abs(1, at, len(key), at)}"
    return places


def shown_values(column: Column) -> dict[str, Mapping[str, Any]]:
    """The values to choose from by their titles; a title that two values share does not tell which, so their ids stand for them."""
    titles = [plain(str(option["title"])) for option in column.values.values()]
    return {
        str(option["title"]) if titles.count(plain(str(option["title"]))) == 1 else value: option
        for value, option in column.values.items()
    }


def _explained(sheet: Sheet) -> tuple[list[str], ...]:
    """The rows below the headings: what each column asks, and an example. A mark in the first cell of a row says that it is no answer."""
    rows = tuple([words(column) for column in sheet.asked] for words in EXPLANATIONS)
    for row, begins in zip(rows, (REMARK, EXAMPLE), strict=True):
        row[0] = begins + row[0]
    return rows


def _heading(column: Column) -> str:
    return column.heading + (" *" if column.needed and not column.made else "")


def _is_long(column: Column) -> bool:
    return not column.values and int(column.item.get("maxLength", _LONG)) > _LONG


def _letters(column: Column) -> int:
    """How many letters surely fit on a line of a column; words are not broken, so some room is left."""
    return _WIDTHS[_is_long(column)] * 4 // 5


def _short(text: str) -> str:
    return text if len(text) <= _HINT_SIZE else text[: _HINT_SIZE - 1].rpartition(" ")[0] + "…"


def help_of(column: Column) -> str:
    """What a column asks for, in a sentence or two."""
    parts = [column.question, column.help]
    if column.many:
        parts.append("Several: put a semicolon between them.")
    return " ".join(part for part in parts if part)


def example_of(column: Column) -> str:
    """What may stand in a column."""
    return column.example


#: What the rows below the headings say of a column. A row that still says one of them is no answer.
EXPLANATIONS: Final = (help_of, example_of)
