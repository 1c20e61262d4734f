"""``lerkb template``: spreadsheets that follow the schema, hold no formula and come out the same each time."""

import csv
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from lerkb.intake.columns import find_sheet, plain, sheets
from lerkb.intake.drafts import make_drafts
from lerkb.intake.spreadsheet import read_csv, read_workbook
from lerkb.intake.template import (
    MOST_ROWS,
    VALUES_SHEET,
    csv_template,
    example_of,
    help_of,
    shown_values,
    xlsx_template,
)
from lerkb.project import KIND_FOLDERS
from lerkb.scaffold import LATER, required_fields
from lerkb.schemas import enumeration


def known(schemas):
    return sheets(schemas)


def of_kind(schemas, kind):
    return [sheet for sheet in sheets(schemas) if sheet.kind == kind]


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("what", ["use-case", "findings"])
def test_explanations_are_shown_whole(schemas, what):
    """A row is as high as its longest text needs: LibreOffice does not make it so by itself."""
    sheet = find_sheet(sheets(schemas), what)
    made = parts(xlsx_template([sheet]))["xl/worksheets/sheet1.xml"]
    heights = dict(re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', made))
    widths = {
        number: float(width)
        for first, last, width in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', made)
        for number in range(int(first), int(last) + 1)
    }
    for row, texts in (
        ("2", [help_of(column) for column in sheet.asked]),
        ("3", [example_of(column) for column in sheet.asked]),
    ):
        needed = max(len(text) / widths[at] for at, text in enumerate(texts, start=1))
        assert float(heights[row]) >= 15 * needed


@pytest.mark.parametrize("what", ["use-case", "findings", "term"])
def test_a_table_as_csv(schemas, golden, what):
    content = csv_template(find_sheet(sheets(schemas), what))
    assert content.startswith(b"\xef\xbb\xbf")
    golden(f"intake/template-{what}.csv", content.decode("utf-8-sig").replace("\r\n", "\n"))


@pytest.mark.parametrize("kind", [kind for kind in KIND_FOLDERS if kind != "vocabulary"])
def test_what_every_record_must_have_has_a_column(schemas, kind):
    """Each field that a record cannot do without, as deep as a row can hold."""
    (whole,) = [sheet for sheet in of_kind(schemas, kind) if not sheet.part]
    shown = {tuple(name for name in column.path) for column in whole.asked}

    def walk(path):
        for name in required_fields(schemas.described(kind, path)):
            place = (*path, name)
            field = schemas.described(kind, place)
            entry = schemas.described(kind, (*place, 0))
            if "properties" in field:
                yield from walk(place)
            elif "properties" in entry:
                yield from walk((*place, 0))
            else:
                yield place, {**field, **entry}

    for place, field in walk(()):
        made = place == ("status",) or field.get("x-role") in ("local-reference", "local-id")
        assert made or place in shown, place
    assert {column.path[0] for column in whole.columns}.isdisjoint(LATER)


def test_a_column_is_needed_only_if_nothing_stands_in_for_its_value(schemas):
    (heading, *_) = csv.reader(io.StringIO(csv_template(find_sheet(known(schemas), "use-case")).decode("utf-8-sig")))
    starred = {name.removesuffix(" *") for name in heading if name.endswith(" *")}
    assert {"Title", "Summary", "Situation › Today", "Claim › Text", "How it came about"} <= starred
    assert starred.isdisjoint(
        {"Id", "Written", "Next review", "Review › People with lived experience", "Claim › Findings"}
    )


def test_each_heading_is_understood_and_so_is_each_name_and_question(schemas):
    for column, found in [(column, sheet) for sheet in known(schemas) for column in sheet.columns]:
        shared = sum(other.question == column.question for other in found.columns) > 1
        assert not (shared and column.question and found.find(column.question)), "no column is guessed at"
        for label in (column.heading, f"{column.heading} *", column.dotted, "" if shared else column.question):
            if label:
                assert [(other.path, other.follows) for other in found.find(label)] == [
                    (column.path, column.follows)
                ], label


def test_a_workbook_has_a_sheet_for_each_list_of_its_kind(schemas):
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_template(of_kind(schemas, "use-case"))))
    assert book.sheet_names == [
        "Use case", "Steps", "Gains", "Harms", "Principles", "Claims", "Gaps", "Contributors", VALUES_SHEET,
    ]  # fmt: skip
    assert all(sheet.visible is SheetVisibleEnum.Visible for sheet in book.sheets_metadata)


def test_the_explanations_of_a_template_are_no_answers(sample):
    for sheet in known(sample.base.schemas):
        for tables, slips in (
            read_workbook("t.xlsx", xlsx_template([sheet])),
            read_csv("t.csv", csv_template(sheet)),
        ):
            assert slips == []
            intake = make_drafts(tables, sample.base, {}, "2026-11-25", sheet.what)
            assert intake.drafts == ()
            assert [slip.message for slip in intake.slips] == ["there are headings and no row with answers below them"]


@pytest.mark.parametrize("kind", ["use-case", "pilot"])
def test_the_choices_of_a_column_are_the_values_of_its_list(schemas, kind):
    found = of_kind(schemas, kind)
    content = xlsx_template(found)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    values = book.get_sheet_by_name(VALUES_SHEET).to_python(skip_empty_area=False)
    files = parts(content)
    for number, sheet in enumerate(found, start=1):
        text = files[f"xl/worksheets/sheet{number}.xml"]
        rules = re.findall(
            r'<dataValidation [^>]*?type="list"([^>]*?)sqref="([A-Z]+)4:([A-Z]+)(\d+)"[^>]*?><formula1>(.*?)</formula1>',
            text,
        )
        columns = [column for column in sheet.asked if column.values]
        assert len(rules) == len(columns)
        for (how, left, right, last, formula), column in zip(rules, columns, strict=True):
            assert left == right
            assert int(last) == MOST_ROWS + 1
            # One value of a list is chosen; several are typed, which a strict list would forbid.
            assert ("showErrorMessage" in how) is not column.many
            first_column, first, last_value = re.fullmatch(
                r"'Values to choose from'!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?", formula
            ).groups()
            at = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(first_column))) - 1
            chosen = [row[at] for row in values[int(first) - 1 : int(last_value or first)]]
            assert chosen == list(shown_values(column))
            by_title = {plain(str(option["title"])): value for value, option in enumeration(column.item).items()}
            assert all(plain(choice) in by_title or choice in column.values for choice in chosen)


def test_a_title_that_two_values_share_is_not_offered(schemas):
    column = next(column for column in find_sheet(known(schemas), "use-case").columns if column.path == ("reads_as",))
    twice = [{"const": "a", "title": "Same"}, {"const": "b", "title": "same"}, {"const": "c", "title": "Other"}]
    from dataclasses import replace

    assert list(shown_values(replace(column, schema={**column.schema, "oneOf": twice}))) == ["a", "b", "Other"]


def test_a_workbook_holds_text_and_no_formula_and_its_headings_stay_in_sight(schemas):
    files = parts(xlsx_template(of_kind(schemas, "pilot")))
    sheets_of = {name: text for name, text in files.items() if name.startswith("xl/worksheets/sheet")}
    assert len(sheets_of) > 3
    for text in sheets_of.values():
        assert "<f>" not in text
        assert re.search(r'<pane [^>]*state="frozen"', text)
        assert set(re.findall(r'<c [^>]*t="(\w+)"', text)) == {"s"}, "every cell is text"
    assert 'numFmtId="49"' in files["xl/styles.xml"]  # @, that is: as it is typed
    assert all(
        style.count('numFmtId="0"') <= 1 for style in re.findall("<cellXfs.*?</cellXfs>", files["xl/styles.xml"])
    )


def test_no_cell_of_a_template_is_what_a_spreadsheet_would_run(schemas):
    for sheet in known(schemas):
        rows = list(csv.reader(io.StringIO(csv_template(sheet).decode("utf-8-sig"))))
        assert len(rows) == 3
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_template_is_the_same_each_time(schemas):
    made = [xlsx_template(of_kind(schemas, "use-case")) for _ in range(2)]
    assert made[0] == made[1]
    assert "2000-01-01T00:00:00Z" in parts(made[0])["docProps/core.xml"]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ---------------------------------------------------------------------------------------------- the command


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_command_writes_a_file_and_says_what_is_next(run_lerkb, make_project, tmp_path, form):
    target = tmp_path / f"mine.{form}"
    run = run_lerkb("template", form, "findings", "-o", target, root=make_project())
    assert (run.code, run.out) == (0, f"{target}\n")
    assert f" import {target}`" in run.err
    assert target.stat().st_size > 500
    again = run_lerkb("template", form, "findings", "-o", target, root=make_project(name="other"))
    assert again.code == 2
    assert "is there already; it was left as it is" in again.err


def test_without_a_name_the_file_is_called_after_what_it_holds(run_lerkb, make_project, tmp_path, monkeypatch):
    root = make_project()
    monkeypatch.chdir(tmp_path)
    assert run_lerkb("template", "csv", "gains", root=root).out == "use-case.gains.csv\n"
    assert (tmp_path / "use-case.gains.csv").is_file()


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("usecase", "there is no table 'usecase'. Did you mean 'use-case'?"),
        ("finding", "Did you mean 'findings'?"),
        ("poem", "There are: use-case, "),
        ("gaps", "several kinds have 'gaps': write use-case.gaps, principle.gaps, pilot.gaps or overview.gaps"),
        ("vocabulary", "there is no table 'vocabulary'"),
    ],
)
def test_what_cannot_be_made_is_told(run_lerkb, make_project, tmp_path, what, told):
    run = run_lerkb("template", "csv", what, "-o", tmp_path / "x.csv", root=make_project())
    assert run.code == 2
    assert told in run.err
    assert not (tmp_path / "x.csv").exists()


def test_the_list_of_pilots_is_a_table_of_pilots(schemas):
    (table,), _ = read_csv("t.csv", csv_template(find_sheet(known(schemas), "pilot")))
    headings = [cell.text for cell in table.rows[0].cells]
    assert "Organization *" in headings or "Organization" in [name.partition(" ›")[0] for name in headings]
    assert "New source › Title" in headings
