"""``lerkb import``: what people send becomes drafts, and what cannot be understood is told where it stands."""

import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import PasswordError

from lerkb.formatting import format_record
from lerkb.intake import Cell, Row, Table
from lerkb.intake.columns import find_sheet, sheets
from lerkb.intake.drafts import make_drafts
from lerkb.intake.issue import CORRECTED, parse_issue
from lerkb.intake.spreadsheet import cell_name, read_csv, read_workbook
from lerkb.intake.template import csv_template
from lerkb.project import Project
from lerkb.validation import validate
from lerkb.yaml_source import parse_source

ROOT = Path(__file__).parent.parent
LIVES = {"status", "retired", "withdrawn", "waivers"}


def workbook(tables, **options):
    """A file as a spreadsheet program saves it: name of a sheet → rows of values."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, **options}) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for at, row in rows.items() if isinstance(rows, dict) else enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(at, column, value)
    return file.getvalue()


def value_at(data, path):
    for name in path:
        if isinstance(data, list):
            data = data[name] if name < len(data) else None
        else:
            data = data.get(name) if isinstance(data, dict) else None
    return data


def cell_for(column, value):
    """What a person would type: the titles of values of closed lists, a line for each entry of other lists."""
    if value is None:
        return ""
    if not column.many:
        return ("yes" if value else "no") if isinstance(value, bool) else value
    return "; ".join(value) if column.values else "\n".join(value)


def without_empty(value):
    """Data without its empty lists: an empty cell says the same."""
    if isinstance(value, dict):
        return {name: without_empty(child) for name, child in value.items() if child != []}
    return [without_empty(child) for child in value] if isinstance(value, list) else value


def filled(schemas, records, kind):
    """A workbook that holds records whole: columns that the template leaves out are added at its end."""
    made = {}
    for sheet in sheets(schemas):
        if sheet.kind != kind:
            continue
        columns = [
            column
            for column in sheet.columns
            if not column.follows and (sheet.part or 0 not in column.path) and column.path != ("status",)
        ]
        headings = [column.dotted or column.heading for column in columns]
        for column, at in [(column, at) for column in columns if 0 in column.path for at in (1, 2)]:
            # Later entries have columns of their own.
            columns = [*columns, replace(column, path=tuple(at if name == 0 else name for name in column.path))]
            headings.append(column.dotted.replace(".", f".{at + 1}.", 1))
        entries = [
            (record, entry)
            for record in records
            for entry in (record.data.get(sheet.part, ()) if sheet.part else [record.data])
        ]
        made[sheet.name] = [
            headings,
            *(
                [cell_for(column, value_at(entry, column.path)) if column.path else record.id for column in columns]
                for record, entry in entries
            ),
        ]
    return workbook(made)


@pytest.fixture(scope="module")
def real():
    """The real records."""
    return validate(Project.at(ROOT)).base


@pytest.fixture
def beside(make_project, real):
    """A project with what real records point to, and without the records themselves."""

    def make(records):
        return make_project(
            {
                f"{folder}/{file.name}": file.read_bytes()
                for folder in (
                    "content/vocabularies",
                    "content/sources",
                    "content/pilots",
                    "content/glossary",
                    "principles",
                )
                for file in (ROOT / folder).glob("*.yaml")
                if file.stem not in {record.id for record in records}
            }
        )

    return make


def codes(report):
    """What the checks found."""
    return set(re.findall(r"^\S+:\d+:\d+: ([A-Z]{3}\d{3}) ", report, re.MULTILINE))


@pytest.mark.parametrize("kind", ["use-case", "pilot", "source", "term"])
def test_real_records_go_through_a_spreadsheet_and_back(kind, run_lerkb, beside, real):
    named = [record for record in real.of(kind) if record.id == "prison-credential-dilemma"]
    records = list({record.id: record for record in (*real.of(kind)[:4], *named)}.values())
    root = beside(records)
    file = root / "filled.xlsx"
    file.write_bytes(filled(real.schemas, records, kind))
    run = run_lerkb("import", file, root=root)
    assert run.out.splitlines() == sorted(record.path for record in records)
    # They are drafts now, which those that point to them may not be built on; nothing else is wrong.
    assert codes(run.err) <= {"REF007"}
    for record in records:
        data = parse_source(kind, record.path, record.id, (root / record.path).read_bytes()).data
        assert data == {**without_empty(record.data), "status": "draft"}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_template_itself_takes_real_values_and_gives_sound_records(form, run_lerkb, beside, real, tmp_path):
    """The file of `lerkb template` with rows written below its explanations, as a person leaves it."""
    records = real.of("use-case")[:3]
    root = beside(records)
    file = tmp_path / f"answers.{form}"
    assert run_lerkb("template", form, "use-case", "-o", file, root=root).code == 0
    read = {"xlsx": read_workbook, "csv": read_csv}[form]
    whole = find_sheet(sheets(real.schemas), "use-case")
    (table, *_), _ = read(file.name, file.read_bytes())
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    columns = [whole.find(heading)[0] for heading in rows[0]]
    rows += [[cell_for(column, value_at(record.data, column.path)) for column in columns] for record in records]
    file.write_bytes(workbook({table.name: rows}) if form == "xlsx" else csv_text(rows).encode("utf-8-sig"))
    run = run_lerkb("import", file, root=root)
    assert run.out.splitlines() == sorted(record.path for record in records)
    assert codes(run.err) <= {"SCH007", "LNG007", "EVD001"}
    for record in records:
        data = parse_source("use-case", record.path, record.id, (root / record.path).read_bytes()).data
        assert data["readers"]["worker"]["text"] == record.data["readers"]["worker"]["text"]
        assert data["tags"] == without_empty(record.data["tags"])


# ---------------------------------------------------------------------------------------------- spreadsheets

USE_CASE = {
    "Title": "The apprentice who kept her card",
    "Reads as": "Mixed",
    "Summary": "An apprentice kept her training card when the shop closed. Who else could is not known.",
    "Situation › Who": "An apprentice baker paid by the hour. (A role, not a person.)",
    "Situation › Today": "Training ends in a paper slip that stays in a drawer.",
    "Situation › With a record": "The slip becomes a card on her own phone.",
    "What it means for you › Worker or learner › Text": "You can keep your card. Ask first who will take it.",
    "Claim › Text": "Twelve bakers took a card.",
    "Claim › Findings": "bakery-cards#bakers",
    "Tags › Sectors": "Baking",
    "How it came about": "Desk research",
}
FINDING = {
    "Pilot": "Rye cards",
    "Text": "Nine bakers took a card.",
    "About": "Adoption",
    "State": "Counted or tested",
    "Counted by": "Self",
    "Source": "bakery-report",
}


def sheet_of(*rows, name="Use case", **more):
    """A workbook of one sheet whose rows are fields by heading."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return workbook({name: [headings, *([row.get(heading, "") for heading in headings] for row in rows)]}, **more)


def csv_text(rows, sign=","):
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(rows)
    return text.getvalue()


def csv_of(*rows, sign=",", encoding="utf-8"):
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return csv_text([headings, *([row.get(heading, "") for heading in headings] for row in rows)], sign).encode(
        encoding
    )


@pytest.fixture
def take_in(run_lerkb, make_project, tmp_path):
    """Imports a file into a copy of the sample; tells what the command did and which files are new."""

    def take(content, name="answers.xlsx", *options, files=None):
        root = make_project(files, name=f"base-{name}")
        before = {file for file in root.rglob("*") if file.is_file()}
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        run = run_lerkb("import", file, *options, root=root)
        new = {file.relative_to(root).as_posix(): file for file in root.rglob("*") if file.is_file()}
        return run, {path: file.read_text("utf-8") for path, file in new.items() if file not in before}

    return take


def test_a_row_that_answers_all_becomes_a_sound_draft(take_in, golden):
    run, new = take_in(sheet_of(USE_CASE))
    path = "use_cases/the-apprentice-who-kept-her-card.yaml"
    assert (run.code, run.out, set(new)) == (0, f"{path}\n", {path})
    golden("intake/use-case.yaml", new[path])
    assert "1 record checked" in run.err


def test_a_dry_run_shows_the_draft_and_writes_nothing(take_in):
    run, new = take_in(sheet_of(USE_CASE), "answers.xlsx", "--dry-run")
    assert (run.code, new) == (0, {})
    assert run.out.startswith("==> use_cases/the-apprentice-who-kept-her-card.yaml <==\nid: the-apprentice")
    assert "status: draft" in run.out


def test_a_draft_names_its_schema_for_editors_where_there_is_one(take_in):
    own = {f"schemas/{file.name}": file.read_bytes() for file in (ROOT / "schemas").glob("*.json")}
    _, new = take_in(sheet_of(USE_CASE), files=own)
    (text,) = new.values()
    assert text.startswith("# yaml-language-server: $schema=../schemas/use-case.schema.json\nid: ")


def test_findings_begin_a_pilot_that_says_what_it_lacks(take_in, golden):
    second = {**FINDING, "Text": "Nine bakers took a card, all of them on foot.", "Part id": "on-foot"}
    third = {
        **FINDING,
        "Text": "Nine bakers took a card at once.",
        "sources 2 source": "institute-study",
        "sources 2 locator": "p. 1",
    }
    run, new = take_in(sheet_of(FINDING, second, third, name="Findings"))
    assert (run.code, set(new)) == (1, {"content/pilots/rye-cards.yaml"})
    golden("intake/findings.yaml", new["content/pilots/rye-cards.yaml"])
    golden("intake/findings.txt", run.err)


def test_a_source_can_be_described_along_with_what_it_says(take_in, golden):
    new_source = {
        "New source › Title": "Cards for rye bakers",
        "New source › Type": "Report",
        "New source › Publisher": "Rye Institute",
        "New source › Address": "https://example.org/rye",
        "New source › Interest": "Independent",
        "New source › Read": "Whole",
    }
    rows = [{**FINDING, "Source": "", **new_source}, {**FINDING, "Source": "", "Text": "It ended.", **new_source}]
    _, new = take_in(sheet_of(*rows, name="Findings"))
    assert set(new) == {"content/pilots/rye-cards.yaml", "content/sources/cards-for-rye-bakers.yaml"}
    golden("intake/new-source.yaml", new["content/sources/cards-for-rye-bakers.yaml"])
    assert new["content/pilots/rye-cards.yaml"].count("- source: cards-for-rye-bakers\n") == 2


def test_a_source_that_is_there_is_found_by_its_address_or_title(take_in):
    rows = [
        {**FINDING, "Source": "https://www.example.org/report?a=1&b=2"},
        {**FINDING, "Source": "A report on cards & crumbs < 3 “ovens”", "Text": "Another."},
        {
            **FINDING,
            "Source": "",
            "Text": "A third.",
            "New source › Title": "X",
            "New source › Address": "http://example.org/report?a=1&b=2/",
        },
    ]
    _, new = take_in(sheet_of(*rows, name="Findings"))
    assert list(new) == ["content/pilots/rye-cards.yaml"]
    assert new["content/pilots/rye-cards.yaml"].count("- source: bakery-report\n") == 3


def test_rows_of_other_sheets_join_their_record(take_in):
    gains = [
        ["Use case", "What", "Who", "Basis", "Because"],
        [USE_CASE["Title"], "A day saved.", "she", "Reasoned", "It is short."],
    ]
    gains.append(["the-apprentice-who-kept-her-card", "A raise.", "she", "Reasoned", "She asked."])
    tables = {"Gains": gains, "Use case": [list(USE_CASE), list(USE_CASE.values())], "Notes": [["call", "her"]]}
    run, new = take_in(workbook(tables))
    assert run.code == 0
    assert "so the sheet Notes is left out" in run.err
    text = new["use_cases/the-apprentice-who-kept-her-card.yaml"]
    assert "  - id: a-day-saved\n" in text
    assert "  - id: a-raise\n" in text


def test_parts_alone_begin_their_records(take_in):
    gains = [
        ["Use case", "What", "Who", "Basis"],
        ["One card", "A raise.", "she", "Reasoned"],
        ["Two cards", "A day.", "she", "Reasoned"],
    ]
    gaps = [["Use case", "Text", "Type"], ["Two cards", "Who pays?", "Cost"], ["Three cards", "Who reads?", "Reach"]]
    _, new = take_in(workbook({"Gains": gains, "Gaps": gaps}), "a.xlsx")
    assert sorted(new) == [
        f"use_cases/{number}-card{'s' * (number != 'one')}.yaml" for number in ("one", "three", "two")
    ]
    assert set(yaml.safe_load(new["use_cases/two-cards.yaml"])) >= {"gains", "gaps"}


def test_a_refused_record_is_told_once(take_in):
    rows = [{**FINDING, "Pilot": "bakery-cards"}, {**FINDING, "Pilot": "bakery-cards", "Text": "Another."}]
    run, _ = take_in(sheet_of(*rows, name="Findings"))
    assert run.err.count("is there already") == 1
    new_source = {"Source": "", "New source › Title": "Con", "New source › Publisher": "R"}
    run, _ = take_in(
        sheet_of({**FINDING, **new_source}, {**FINDING, **new_source, "Text": "X."}, name="Findings"), "b.xlsx"
    )
    assert run.err.count("no id can be made of this: 'con' is a name that Windows keeps") == 1


def test_a_column_that_only_an_older_template_had_is_no_matter_if_it_is_empty(take_in, schemas):
    def change(rows):
        for row, word in zip(rows, ("Shoe size", "In inches.", "9"), strict=True):
            row.append(word)
        rows.append(["Rye cards", "", *list(FINDING.values())[1:5]])
        rows[-1] += [""] * (rows[0].index("Citation of a source › Source *") - len(rows[-1])) + ["bakery-report"]

    _, new = take_in(explained(find_sheet(sheets(schemas), "findings"), change), "a.csv")
    assert list(new) == ["content/pilots/rye-cards.yaml"]


#: What goes wrong in spreadsheets: the file, where it is told, what is told, and what to do.
SLIPS = {
    "a mistyped value": (sheet_of({**USE_CASE, "Tags › Sectors": "Bakin"}), "!J2: `Bakin` is no value", "did you mean `Baking`?"),
    "a value of no list": (sheet_of({**USE_CASE, "Reads as": "so so"}), "!B2: `so so` is no value of `Reads as`", "choose `Hopeful`, `Mixed`, `Warning` or `Proposed`"),
    "a field nobody knows": (sheet_of({**USE_CASE, "Sumary": "x"}), "!L1: `Sumary` is no field", "did you mean `Summary`?"),
    "a field far from any": (sheet_of({**USE_CASE, "Zebra": "x"}), "!L1: `Zebra` is no field", "`lerkb template csv use-case` shows the fields"),
    "an empty answer": (sheet_of({**USE_CASE, "Summary": " \n "}), "!C2: `Summary` is empty", "For example: Store staff"),
    "an empty claim": (sheet_of({**USE_CASE, "Claim › Text": "", "Claim › Findings": ""}), "!H2: `Claim › Text` is empty", "For example:"),
    "a heading that is missing": (workbook({"Use case": [[*USE_CASE, ""], [*USE_CASE.values(), "lost"]]}), "!L2: there is a value and no heading", "write the field’s name into the first row"),
    "a field asked twice": (sheet_of({**USE_CASE, "summary": "Again."}), "!L1: `summary` is asked twice", "keep one of the two"),
    "a name of several fields": (sheet_of({**USE_CASE, "Text": "x"}), "!L1: `Text` can mean several fields", "write one of `What it means for you › Worker or learner › Text`"),
    "too long": (sheet_of({**USE_CASE, "Title": "long " * 30}), "!A2: SCH006 `title` has 149 characters", "shorten it"),
    "a title of two rows": (sheet_of(USE_CASE, USE_CASE), "!A3: the id `the-apprentice-who-kept-her-card` is used twice, here and at answers.xlsx:Use case!A2", "another title or id"),
    "a record that is there": (sheet_of({**USE_CASE, "Id": "card-leaves-the-bakery"}), "!L2: the use case `card-leaves-the-bakery` is there already (use_cases/card-leaves-the-bakery.yaml)", "change use_cases/card-leaves-the-bakery.yaml itself"),
    "an id in another form": (sheet_of({**USE_CASE, "Id": "../../Etc"}), "!L2: no id can be made of this: '../../Etc'", "small letters, digits and hyphens"),
    "a title without letters": (sheet_of({**USE_CASE, "Title": "!!!"}), "!A2: no id can be made of this", "small letters, digits and hyphens"),
    "a day in a field of words": (sheet_of({**USE_CASE, "Summary": dt.date(2024, 3, 4)}, default_date_format="yyyy-mm-dd"), "!C2: the spreadsheet made the date 2024-03-04", "format the cell as text"),
    "a time": (sheet_of({**USE_CASE, "Summary": dt.time(3, 4)}, default_date_format="hh:mm"), "!C2: the spreadsheet made a time", "format the cell as text"),
    "a truth value": (sheet_of({**USE_CASE, "Summary": True}), "!C2: the spreadsheet holds TRUE", "format the cell as text"),
    "neither yes nor no": (sheet_of({**USE_CASE, "account.consent.told_of_limits": "perhaps"}), "!L2: `perhaps` is neither yes nor no", "write yes or no"),
    "a number in words": (sheet_of({"Number": "seven", "Title": "A rule", "Statement": "x"}, name="Principle"), "!A2: `seven` is no whole number", "write a number, such as"),
    "a date in another form": (sheet_of({**USE_CASE, "Written": "11/25/2026"}), "!L2: SCH005", "write it like"),
    "a pilot that is there": (sheet_of({**FINDING, "Pilot": "bakery-cards"}, name="Findings"), "!A2: the pilot `bakery-cards` is there already", "change content/pilots/bakery-cards.yaml itself"),
    "a pilot that is there, by title": (sheet_of({**FINDING, "Pilot": "Training cards at a bakery"}, name="Findings"), "!A2: the pilot `bakery-cards` is there already", "change content/pilots/bakery-cards.yaml itself"),
    "a source nobody knows": (sheet_of({**FINDING, "Source": "A report on cards"}, name="Findings"), "!F2: no source is called `A report on cards`", "did you mean `bakery-report`?"),
    "a source far from any": (sheet_of({**FINDING, "Source": "Zzz zzz"}, name="Findings"), "!F2: no source is called", "content/sources/ lists them"),
    "no source": (sheet_of({**FINDING, "Source": ""}, name="Findings"), "!F2: `Source` is empty", "The id of a source record."),
    "a source there and new": (sheet_of({**FINDING, "New source › Title": "Another"}, name="Findings"), "!G2: the source `bakery-report` is there already, and is described here once more", "empty the cells that describe it"),
    "half of a new source": (sheet_of({**FINDING, "Source": "", "New source › Title": "Rye", "New source › Publisher": ""}, name="Findings"), "!H2: `New source › Publisher` is empty", "For example:"),
    "a new source told in two ways": (
        sheet_of(
            {**FINDING, "Source": "", "New source › Title": "Rye", "New source › Publisher": "R"},
            {**FINDING, "Source": "", "Text": "X.", "New source › Title": "Rye", "New source › Publisher": "S"},
            name="Findings",
        ),
        "!H3: `New source › Publisher` of `rye` is told in another way at answers.xlsx:Findings!H2",
        "let both say the same",
    ),
    "a part of no row": (workbook({"Use case": [list(USE_CASE), list(USE_CASE.values())], "Gains": [["Use case", "What", "Who", "Basis"], ["The aprentice who kept her card", "x", "y", "Reasoned"]]}), "Gains!A2: no row of this file begins the use case", "did you mean `The apprentice who kept her card`?"),
    "a part without its record": (workbook({"Gains": [["Use case", "What", "Who", "Basis"], ["", "x", "y", "Reasoned"]]}), "Gains!A2: `Use case` is empty", "Its id or its title"),
    "headings of nothing": (workbook({"Sheet1": [["a", "b"], ["c", "d"]]}), "Sheet1!1: the headings are not those of any record", "`lerkb template` makes"),
    "headings of many": (workbook({"Sheet1": [["Id", "Title"], ["x-y", "X"]]}), "the headings fit more than one kind of record", "add --kind use-case or"),
    "a row without a name": (sheet_of({name: value for name, value in USE_CASE.items() if name != "Title"}), "!2: the record of this row has no title and no id", "add a column `Title`"),
    "a new source without a title": (sheet_of({**FINDING, "Source": "", "New source › Publisher": "R"}, name="Findings"), "!G2: the new source has no title", "give it one"),
    "no rows": (workbook({"Use case": [list(USE_CASE)]}), "there are headings and no row with answers", "rows that begin with `# ` are explanations"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_spreadsheet_is_told_at_its_cell_with_what_to_do(slip, take_in):
    content, told, hint = SLIPS[slip]
    run, new = take_in(content)
    assert (run.code, run.out, new) == (1, "", {})
    lines = run.err.splitlines()
    (at,) = [number for number, line in enumerate(lines) if told in line]
    assert lines[at].startswith("answers.xlsx:")
    assert lines[at + 1].startswith("    ")
    assert hint in lines[at + 1]
    assert lines[-1].startswith("nothing was written: 1 thing to mend in ")


def test_all_slips_of_a_file_are_told_at_once_in_its_order(take_in, golden):
    rows = [
        {**USE_CASE, "Reads as": "hopefull", "Sumary": "x", "Summary": ""},
        {**USE_CASE, "Title": "Another", "Tags › Sectors": "Baking; Fishing", "How it came about": "hearsay"},
        {**USE_CASE, "Title": "card leaves the bakery"},
    ]
    run, _ = take_in(sheet_of(*rows))
    assert run.code == 1
    golden("intake/slips.txt", run.err.rpartition(" in ")[0])


def test_what_the_checks_find_wrong_is_told_with_the_slips_and_not_after_the_next_try(take_in):
    rows = [
        {**USE_CASE, "Claim › Findings": "bakery-cards#bakrs", "Reads as": "hopefull"},
        {**USE_CASE, "Title": "Another", "Claim › Findings": "bakery-card#bakers"},
    ]
    run, new = take_in(sheet_of(*rows))
    assert (run.code, run.out, new) == (1, "", {})
    lines = [line for line in run.err.splitlines() if line.startswith("answers.xlsx:")]
    assert [line.partition(" ")[2].partition(" ")[2][:7] for line in lines] == ["`hopefu", "REF003 ", "REF001 "]
    assert "did you mean `bakery-cards#bakers`?" in run.err
    assert run.err.splitlines()[-1].startswith("nothing was written: 3 things to mend in ")


def test_what_a_program_made_of_a_cell_is_undone(take_in):
    row = {
        **USE_CASE,
        "Title": "  Two\xa0 bakers\u200b, one\r\nlist ",
        "Tags › Sectors": "“baking” , cross-sector",
        "Written": dt.date(2026, 11, 20),
        "Next review": dt.datetime(2027, 5, 1),  # noqa: DTZ001 - as a spreadsheet has it
        "Review › Note": 2024.0,
        "What to ask before copying it": "- Who pays?\n- Who reads it?\n\n- Who pays?",
        "account.consent.told_of_limits": True,
    }
    run, new = take_in(sheet_of(row, default_date_format="yyyy-mm-dd"))
    data = yaml.safe_load(new["use_cases/two-bakers-one-list.yaml"])
    assert data["title"] == "Two bakers, one list"
    assert data["tags"]["sectors"] == ["baking", "cross-sector"]
    assert (data["written"], data["next_review"]) == ("2026-11-20", "2027-05-01")
    assert data["review"]["note"] == "2024"
    assert data["ask_before_copying"] == ["Who pays?", "Who reads it?"]
    assert data["account"]["consent"]["told_of_limits"] is True
    assert "was kept as the day 2027-05-01\n    if only the month is known" in run.err


def test_a_number_that_may_have_lost_a_zero_is_told_and_taken(take_in):
    row = {**FINDING, "Locator": 1.1, "Sample": 12}
    run, new = take_in(sheet_of(row, name="Findings"))
    assert "!G2: was kept as the number 1.1\n    if zeros at its end are missing, format the cell as text" in run.err
    assert "locator: '1.1'" in new["content/pilots/rye-cards.yaml"]


def test_cells_joined_downward_hold_for_each_row_and_others_are_refused(take_in):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Findings")
        sheet.merge_range(0, 0, 0, 5, "Our findings of 2026")
        sheet.write_row(1, 0, list(FINDING))
        sheet.write_row(2, 0, list(FINDING.values()))
        sheet.write_row(4, 0, ["", "Another.", *list(FINDING.values())[2:]])
        sheet.merge_range(2, 0, 4, 0, "Rye cards")
    run, new = take_in(file.getvalue())
    assert "The pilot" not in run.err
    assert len(yaml.safe_load(new["content/pilots/rye-cards.yaml"])["findings"]) == 2

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Findings")
        sheet.write_row(0, 0, list(FINDING))
        sheet.write_row(1, 0, list(FINDING.values()))
        sheet.merge_range(1, 2, 1, 3, "Adoption")
    run, new = take_in(file.getvalue(), "merged.xlsx")
    assert (run.code, new) == (1, {})
    assert "merged.xlsx:Findings!C2: the cells C2 to D2 are merged" in run.err
    assert "unmerge them" in run.err


def test_explanations_empty_rows_and_hidden_sheets_are_skipped(take_in, schemas):
    sheet = find_sheet(sheets(schemas), "use-case")
    columns = {column.heading: column for column in sheet.columns}
    example = [columns[heading].example for heading in USE_CASE]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        shown = book.add_worksheet("Use case")
        shown.write_row(0, 0, [f"{heading} *" for heading in USE_CASE])
        shown.write_row(1, 0, ["# what to write"])
        shown.write_row(2, 0, example)
        shown.write_row(9, 0, list(USE_CASE.values()))
        hidden = book.add_worksheet("Old")
        hidden.write_row(0, 0, list(USE_CASE))
        hidden.write_row(1, 0, list(USE_CASE.values()))
        hidden.hide()
    run, new = take_in(file.getvalue())
    assert run.code == 0
    assert list(new) == ["use_cases/the-apprentice-who-kept-her-card.yaml"]


def explained(sheet, change):
    """The template of a sheet as CSV, with its rows changed by hand."""
    rows = list(csv.reader(io.StringIO(csv_template(sheet).decode("utf-8-sig"))))
    change(rows)
    return csv_text(rows)


@pytest.mark.parametrize("row", [1, 2])
def test_an_explanation_that_was_written_over_is_told_and_not_lost(row, take_in, schemas):
    def change(rows):
        rows[row][1:] = [f"{heading} of mine" for heading in rows[0][1:]]
        rows.append(["", *FINDING.values()])

    run, new = take_in(explained(find_sheet(sheets(schemas), "findings"), change), "a.csv")
    assert (run.code, new) == (1, {})
    assert (
        f"a.csv:A{row + 1}: `#` marks a row that explains, and other cells of it hold answers\n    if it is an"
        in run.err
    )


def test_remarks_and_the_explanations_of_an_older_template_are_skipped(take_in, schemas):
    def change(rows):
        rows[1][2] = "What this column asked for a year ago."
        rows.insert(3, ["# ask Ann about these"])
        rows.append(["Rye cards", "", *list(FINDING.values())[1:5]])
        rows[-1] += [""] * (rows[0].index("Citation of a source › Source *") - len(rows[-1])) + ["bakery-report"]

    run, new = take_in(explained(find_sheet(sheets(schemas), "findings"), change), "a.csv")
    assert list(new) == ["content/pilots/rye-cards.yaml"]
    assert "#" not in run.err


def test_what_is_published_elsewhere_begins_as_a_draft_here(take_in):
    run, new = take_in(sheet_of({**USE_CASE, "Status": "Published"}))
    assert "`published` was not taken over: what is imported begins as a draft" in run.err
    assert "status: draft" in next(iter(new.values()))


def test_a_check_names_the_cell_that_a_draft_s_value_comes_from(take_in):
    run, new = take_in(sheet_of({**USE_CASE, "Claim › Findings": "bakery-cards#no-such"}))
    assert run.code == 1
    assert new
    assert re.search(r"use_cases/\S+:\d+:\d+: REF003 .*\n.*written in answers.xlsx:Use case!I2", run.err)


# ---------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_file_is_read_however_a_program_saved_it(take_in, sign, encoding):
    run, new = take_in(csv_of({**USE_CASE, "Title": "The baker’s “card”"}, sign=sign, encoding=encoding), "a.csv")
    assert run.code == 0
    assert "title: The baker’s “card”\n" in new["use_cases/the-bakers-card.yaml"]


def test_windows_text_is_read_and_told(take_in):
    run, new = take_in(csv_of({**USE_CASE, "Title": "The café"}, encoding="cp1252"), "a.csv")
    assert run.code == 0
    assert "title: The café\n" in new["use_cases/the-cafe.yaml"]
    assert "a.csv: is not UTF-8, and was read as older Windows programs write text (cp1252)\n    if letters" in run.err


def test_excel_s_own_word_on_what_parts_the_values_counts(take_in):
    content = b"sep=;\r\n" + csv_of({**USE_CASE, "Reads as": "x"}, sign=";")
    run, _ = take_in(content, "a.csv")
    assert "a.csv:B3: `x` is no value of `Reads as`" in run.err


def test_the_cells_of_a_csv_file_are_named_as_a_spreadsheet_shows_them(take_in):
    run, _ = take_in(csv_of(USE_CASE, {**USE_CASE, "Title": "Another", "Summary": ""}), "a.csv")
    assert "a.csv:C3: `Summary` is empty" in run.err


#: Files that cannot be read at all.
UNREADABLE = {
    "quotes": ("a.csv", b'Title,Summary\r\n"open,x\r\n', "the quotation marks near line"),
    "a workbook": ("a.csv", b"PK\x03\x04xx", "import it with --from xlsx"),
    "no text": ("a.csv", b"\x00\x01\x02", "save it as “CSV UTF-8”"),
    "nothing": ("a.csv", b" \n", "is empty"),
    "no workbook": ("a.xlsx", b"Title,Summary", "cannot be read as a spreadsheet"),
    "a broken workbook": ("a.xlsx", b"PK\x03\x04xx", "cannot be read as a spreadsheet"),
    "no answers": ("a.xlsx", workbook({"Sheet1": []}), "holds no answers"),
    "an unknown ending": ("a.dat", b"x", "name it with --from issue, xlsx or csv"),
    "a record": ("a.yaml", b"id: a", "it is a record already; put it into the folder of its kind"),
    "a letter": ("a.docx", b"PK", "copy the answers into a spreadsheet that `template` makes"),
    "an issue in another encoding": ("a.md", b"### \xff", "is not UTF-8 text"),
    "too many rows": ("a.csv", csv_of(*[{"Title": "x"}] * 5001), "has 5,002 rows; at most 5,000"),
    "too many columns": ("a.xlsx", workbook({"S": [["x"] * 501]}), "reaches to cell SG1; at most 500 columns"),
    "a stray value far below": ("a.xlsx", workbook({"S": {100_000: ["x"]}}), "reaches to cell A100001"),
    "too large": ("a.csv", b"x" * 10_000_001, "is larger than 10 MB"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(case, take_in):
    name, content, told = UNREADABLE[case]
    run, new = take_in(content, name)
    assert (run.code, run.out, new) == (2, "", {})
    assert run.err.startswith("lerkb: ")
    assert told in run.err
    assert run.err.count("\n") == 1


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_read(take_in):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000_001)
    run, _ = take_in(file.getvalue())
    assert run.code == 2
    assert "unpacks to 100 MB; at most 100 MB are read" in run.err


def test_a_locked_workbook_is_told(take_in, monkeypatch):
    class Locked:
        @staticmethod
        def from_filelike(stream):
            raise PasswordError

    monkeypatch.setattr("lerkb.intake.spreadsheet.CalamineWorkbook", Locked)
    run, _ = take_in(sheet_of(USE_CASE))
    assert run.code == 2
    assert "is locked with a password; save it without one" in run.err


def test_a_file_that_is_not_there_is_told(run_lerkb, make_project):
    run = run_lerkb("import", "nowhere.csv", root=make_project())
    assert run.code == 2
    assert "nowhere.csv does not exist." in run.err


def test_a_mistyped_file_and_a_folder_are_told(run_lerkb, make_project, tmp_path):
    root = make_project()
    (tmp_path / "answers.csv").write_text("Title\n", encoding="utf-8")
    run = run_lerkb("import", tmp_path / "anwers.csv", root=root)
    assert (run.code, run.err) == (2, f"lerkb: {tmp_path / 'anwers.csv'} does not exist. Did you mean 'answers.csv'?\n")
    run = run_lerkb("import", tmp_path, root=root)
    assert (run.code, run.err) == (2, f"lerkb: {tmp_path} is a folder; name the file in it\n")
    run = run_lerkb("import", "--kind", "fndings", tmp_path / "answers.csv", root=root)
    assert run.code == 2
    assert "Did you mean 'findings'?" in run.err
    assert "overview.sections" in run.err, "all of them are listed"


def test_a_template_from_before_its_questions_were_reworded_is_still_taken(take_in, schemas):
    """What it explains is no answer, though the words are not today’s; an answer typed over it is told."""
    sheet = find_sheet(sheets(schemas), "term")
    headings = [column.heading for column in sheet.asked]
    older = ["# " + sheet.asked[0].help, *(column.help.replace("the", "this") for column in sheet.asked[1:])]
    answers = {"title": "Crumb", "summary": "What is left of bread."}
    row = [answers.get(column.dotted, "") for column in sheet.asked]
    run, new = take_in(workbook({sheet.name: [headings, older, row]}), "a.xlsx")
    assert (run.code, list(new)) == (0, ["content/glossary/crumb.yaml"]), run.err
    over = [older[0], *("An answer of my own." for _ in headings[1:])]
    run, new = take_in(workbook({sheet.name: [headings, over, row]}), "b.xlsx")
    assert (run.code, new) == (1, {})
    assert "marks a row that explains, and other cells of it hold answers" in run.err


def test_the_kind_of_rows_can_be_named(take_in):
    content = workbook({"Sheet1": [["Id", "Title", "Summary"], ["crumb", "Crumb", "What is left of bread."]]})
    run, new = take_in(content, "a.xlsx", "--kind", "term")
    assert (run.code, list(new)) == (0, ["content/glossary/crumb.yaml"])
    run, _ = take_in(content, "b.xlsx", "--kind", "terms")
    assert run.code == 2
    assert "there is no table 'terms'. Did you mean 'term'?" in run.err


def test_if_one_draft_cannot_be_written_none_is(take_in, monkeypatch):
    from lerkb.errors import RunError

    written = []

    def fails(path, text):
        if written:
            raise RunError(f"{path} cannot be written: disk full")
        written.append(path)
        path.write_text(text, encoding="utf-8")

    monkeypatch.setattr("lerkb.cli.import_.write_text", fails)
    run, new = take_in(sheet_of(USE_CASE, {**USE_CASE, "Title": "Another"}))
    assert (run.code, new) == (2, {})
    assert "disk full" in run.err
    assert len(written) == 1


# ---------------------------------------------------------------------------------------------- issues

ISSUE = """### What happened, in one line, as you would tell a friend?

The apprentice who kept her card

### Whose situation is this? Say their role and work, not their name.

An apprentice baker paid by the hour.

### What happens today, without a record they can carry?

Training ends in a paper slip.

It stays in a drawer.

### What happens, or could happen, with a record of their own?

The slip becomes a card on her own phone.

### What is the one thing this shows?

Proof can stay when a shop closes.

### On the whole, does this give hope, or is it a warning?

Mixed

### How do you know this?

Personal account

### If this is your own story: what name, not your real one, should it appear under?

Q.

### If no document shows it: why do you think so?

She showed the card at her next job.

### What could go wrong?

_No response_

### Which fields of work is it about?

Baking, Cross-sector

### Before you send

- [X] What I wrote here may be published on this site, for anyone to read and reuse.
- [X] I know that copies and the public history cannot be called back, even if I take this back later.
- [X] It names no other person, and nobody can be recognized in it.
"""


def test_an_issue_becomes_a_draft_and_what_it_lacks_is_told(take_in, golden):
    run, new = take_in(ISSUE, "issue.md")
    path = "use_cases/the-apprentice-who-kept-her-card.yaml"
    assert (run.code, run.out, set(new)) == (1, f"{path}\n", {path})
    golden("intake/issue.yaml", new[path])
    golden("intake/issue.txt", run.err)


def test_an_issue_is_read_from_standard_input_with_the_line_ends_of_github(run_lerkb, make_project, monkeypatch):
    root = make_project()
    body = io.TextIOWrapper(io.BytesIO(ISSUE.replace("\n", "\r\n").encode()))
    monkeypatch.setattr("sys.stdin", body)
    run = run_lerkb("import", "-", root=root)
    assert "3 errors" in run.err
    assert run.out == "use_cases/the-apprentice-who-kept-her-card.yaml\n"


def test_a_sender_who_tells_no_story_of_their_own_agrees_for_no_account(take_in):
    body = ISSUE.replace("\nQ.\n", "\n_No response_\n").replace("Personal account", "Desk research")
    _, new = take_in(body, "issue.md")
    assert "account" not in yaml.safe_load(next(iter(new.values())))


#: What goes wrong in issues: what is written instead of what, where it is told, what is told, and what to do.
ISSUE_SLIPS = {
    "a mistyped choice": ("\nMixed\n", "\nMixt\n", "issue.md:25: `Mixt` is no value of `On the whole, does this give hope, or is it a warning?`", "did you mean `Mixed`?"),
    "an answer taken out": ("\nAn apprentice baker paid by the hour.\n", "\n", "issue.md:5: `Whose situation is this? Say their role and work, not their name.` is empty", "For example:"),
    "no response": ("An apprentice baker paid by the hour.", "_No response_", "issue.md:5: `Whose situation is this?", "For example:"),
    "a box unticked": ("- [X] It names", "- [ ] It names", "issue.md:51: the sender did not agree to this: It names no other person", "ask the sender to tick the box"),
    "no box": (ISSUE[ISSUE.index("- [X]") :], "", "issue.md:47: nothing is ticked below `Before you send`", "ask the sender to tick the boxes"),
    "a changed question": ("### How do you know this?", "### How do you know that?", "issue.md:27: `How do you know that?` is no field", "did you mean `How do you know this?`?"),
    "a heading within an answer": ("It stays in a drawer.", "### Details\n\nIt stays.", "issue.md:13: `Details` is no field", "lerkb template csv use-case"),
    "a question twice": ("### If no document shows it: why do you think so?", "### How do you know this?", "issue.md:35: `How do you know this?` is asked twice", "keep one of the two"),
    "words before the form": ("### What happened", "Hello!\n\n### What happened", "issue.md:1: this stands before the first question", "take it out"),
    "a value of a list": ("Baking, Cross-sector", "Baking, Fishing", "issue.md:45: `Fishing` is no value of `Which fields of work is it about?`", "choose `Cross-sector` or `Baking`"),
    "too long": ("Proof can stay", "Proof can stay " * 40, "issue.md:21: SCH006 `text` has", "shorten it"),
    "a record that is there": ("The apprentice who kept her card", "Card leaves the bakery", "issue.md:3: the use case `card-leaves-the-bakery` is there already", "give it another title or id"),
    "half of a pair": ("### What could go wrong?\n\n_No response_\n", "### What could go wrong?\n\nIt is lost.\n\n### Who is hurt by it?\n\n_No response_\n", "issue.md:43: `Who is hurt by it?` is empty and must be answered, since `What could go wrong?` is answered", "For example:"),
    "no form": (ISSUE, "I have a story.", "issue.md:1: no question of a form was found", "gh issue view NUMBER --json body --jq .body"),
    "another form": (ISSUE, "### Which bug is it?\n\nHome\n", "issue.md:1: the headings are not those of any record", "name the kind of record with --kind"),
}  # fmt: skip


@pytest.mark.parametrize("slip", ISSUE_SLIPS)
def test_a_slip_in_an_issue_is_told_at_its_line_with_what_to_do(slip, take_in):
    old, new_text, told, hint = ISSUE_SLIPS[slip]
    assert old in ISSUE
    run, new = take_in(ISSUE.replace(old, new_text, 1), "issue.md")
    assert (run.code, run.out, new) == (1, "", {})
    lines = run.err.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith(told)]
    assert hint in lines[at + 1]
    assert lines[-1].startswith("nothing was written: ")


def test_a_heading_in_a_block_of_code_is_part_of_the_answer(take_in):
    body = ISSUE.replace("It stays in a drawer.", "```\n### It stays in a drawer.\n```")
    _, new = take_in(body, "issue.md")
    assert "### It stays in a drawer." in yaml.safe_load(next(iter(new.values())))["situation"]["today"]


def test_boxes_in_an_answer_in_words_are_words(take_in):
    _, new = take_in(
        ISSUE.replace("It stays in a drawer.", "").replace("Training ends in a paper slip.", "- [ ] One.\n- [x] Two."),
        "i.md",
    )
    assert yaml.safe_load(next(iter(new.values())))["situation"]["today"] == "One. Two."
    body = f"{ISSUE}\n### Told of the limits\n\n- [x] Yes.\n\n### What should anyone ask before they do the same?\n\n- [ ] Who?\n- [x] Why?\n"
    _, new = take_in(body, "j.md")
    data = yaml.safe_load(next(iter(new.values())))
    assert data["account"]["consent"]["told_of_limits"] is True
    assert data["ask_before_copying"] == ["Who?", "Why?"]


def test_boxes_to_tick_can_answer_a_question(take_in):
    body = ISSUE.replace("Baking, Cross-sector", "- [x] Baking\n- [ ] Cross-sector").replace(
        "\nMixed\n", "\n- [ ] Mixed\n- [x] Warning\n"
    )
    _, new = take_in(body, "issue.md")
    data = yaml.safe_load(next(iter(new.values())))
    assert (data["tags"]["sectors"], data["reads_as"]) == (["baking"], "warning")
    run, _ = take_in(ISSUE.replace("\nMixed\n", "\n- [x] Mixed\n- [x] Warning\n"), "other.md")
    assert (
        "other.md:25: `On the whole, does this give hope, or is it a warning?` takes one answer, and 2 are ticked\n    tick one only"
        in run.err
    )
    run, _ = take_in(ISSUE.replace("\nMixed\n", "\n- [ ] Mixed\n"), "third.md")
    assert "is empty" in run.err


# ---------------------------------------------------------------------------------------------- whatever is sent


ANYTHING = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.times(),
    st.sampled_from(["Baking", "Mixed", "x; y", "card-leaves-the-bakery", "The card that leaves the bakery", "# x"]),
)


@given(st.data())
@pytest.mark.unmeasured
def test_no_table_is_beyond_an_answer(sample, data):
    """Whatever stands in the cells, it becomes drafts in the layout of records, or slips that each have a place."""
    sheet = data.draw(st.sampled_from(sheets(sample.base.schemas)))
    columns = data.draw(st.lists(st.sampled_from(sheet.columns), min_size=1, max_size=8, unique=True))
    rows = [[column.heading for column in columns]]
    rows += data.draw(st.lists(st.lists(ANYTHING, min_size=len(columns), max_size=len(columns)), max_size=4))
    table = Table(
        "f",
        sheet.name,
        tuple(
            Row(f"f!{at}", tuple(Cell(f"f!{cell_name(at, number)}", value) for number, value in enumerate(row)))
            for at, row in enumerate(rows, start=1)
        ),
    )
    intake = make_drafts([table], sample.base, {}, "2026-11-25", sheet.what)
    for draft in intake.drafts:
        source = parse_source(draft.kind, draft.path, draft.id, draft.text.encode())
        assert source.faults == ()
        assert source.data["status"] == "draft"
        assert format_record(draft.text, draft.kind, sample.base.schemas) == draft.text
    for slip in intake.slips:
        assert slip.place.startswith("f")
        assert slip.message


@given(
    st.text(max_size=200) | st.from_regex(r"(### [A-Za-z ]{0,9}\n(- \[[x ]\] a\n|b\n|\n){0,3}){1,4}", fullmatch=True)
)
def test_no_issue_is_beyond_an_answer(text):
    tables, slips = parse_issue("i", text)
    assert tables or slips
    for table in tables:
        heading, answers = table.rows
        assert len(heading.cells) == len(answers.cells)


# Corrections

CORRECTION = """### Which page is it?

{page}

### What does it say that is wrong, or what is missing?

It says twelve, and there were eleven.

### What would be right?

_No response_

### How do you know?

I was there.

### Can it hurt somebody as long as it stands there?

Not that I know

### Before you send

- [x] What I wrote here is public; it names no private person and holds nothing private.
- [X] I know that copies and the public history cannot be called back.
"""


@pytest.fixture
def correct(run_lerkb, make_project, tmp_path):
    """Imports a correction of a page, as GitHub delivers it; nothing may change."""

    def of(page, root=None):
        root = root or make_project({"content/pages/about.md": "# About\n"}, name="corrected")
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        file = tmp_path / "correction.md"
        file.write_bytes(CORRECTION.format(page=page).replace("\n", "\r\n").encode())
        run = run_lerkb("import", file, root=root)
        assert (run.code, run.out) == (2, "")
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
        assert run.err.startswith("lerkb: correction.md:3: this is a correction, and no record is made of one")
        return run.err

    return of


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("https://example.org/kb/use-cases/card-leaves-the-bakery/#gains", "use_cases/card-leaves-the-bakery.yaml"),
        ("It is https://example.org/kb/pilots/bakery-cards/.", "content/pilots/bakery-cards.yaml"),
        ("https://example.org/glossary/#badge", "content/glossary/badge.yaml"),
        ("http://127.0.0.1:8000/use-cases/card-leaves-the-bakery/card-leaves-the-bakery.yaml", "use_cases/card-leaves-the-bakery.yaml"),
        ("https://example.org/contribute/form/pilot/?id=bakery-cards", "content/pilots/bakery-cards.yaml"),
        ("use_cases/card-leaves-the-bakery.yaml", "use_cases/card-leaves-the-bakery.yaml"),
        ("card-leaves-the-bakery", "use_cases/card-leaves-the-bakery.yaml"),
        ("The page called “What was counted”", "content/overviews/what-was-counted.yaml"),
        ("what was counted", "content/overviews/what-was-counted.yaml"),
    ],
)  # fmt: skip
def test_a_correction_leads_to_the_file_of_its_page(correct, page, path):
    said = correct(page)
    assert f"Its file is {path}." in said
    assert f" validate {path}`" in said
    form = "contribute/form/" in said
    assert form is ("overviews" not in path)


def test_a_correction_of_a_page_written_freely_leads_to_its_file(correct):
    assert "Its file is content/pages/about.md." in correct("https://example.org/kb/about/#how")


@pytest.mark.parametrize(
    ("page", "near"),
    [
        ("https://example.org/use-cases/card-leaves-bakery/", "use_cases/card-leaves-the-bakery.yaml"),
        ("What were counted", "content/overviews/what-was-counted.yaml"),
    ],
)
def test_a_page_that_is_not_found_is_asked_for_with_those_it_may_be(correct, page, near):
    said = correct(page)
    assert f"No record has the address or title “{page}”" in said
    assert near in said
    assert said.count("\n    Did you mean") <= 3


def test_a_title_of_several_records_names_them_all(correct, make_project):
    root = make_project()
    text = (root / "content/glossary/badge.yaml").read_text(encoding="utf-8")
    title = re.search(r"(?m)^title: (.*)$", text)[1]
    again = text.replace("id: badge\n", "id: badge-again\n")
    (root / "content/glossary/badge-again.yaml").write_text(again, encoding="utf-8")
    said = correct(title, root)
    assert "content/glossary/badge.yaml?" in said
    assert "content/glossary/badge-again.yaml?" in said


def test_the_form_for_corrections_asks_what_the_importer_knows_it_by():
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / "correction.yml").read_text(encoding="utf-8")
    assert f"label: {CORRECTED}\n" in text
