"""``lerkb import``: what people send becomes drafts, and what cannot be understood is told where it stands."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from lerkb.intake.columns import sheets
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
            for at, row in enumerate(rows):
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


@pytest.mark.parametrize("kind", ["use-case", "pilot", "source", "term"])
def test_real_records_go_through_a_spreadsheet_and_back(kind, run_lerkb, make_project, schemas):
    base = validate(Project.at(ROOT)).base
    records = [*base.of(kind)[:4], *(record for record in base.of(kind) if record.id == "prison-credential-dilemma")]
    others = {
        f"{folder}/{file.name}": file.read_bytes()
        for folder in ("content/vocabularies", "content/sources", "content/pilots", "principles")
        for file in (ROOT / folder).glob("*.yaml")
        if file.stem not in {record.id for record in records}
    }
    root = make_project(others)
    file = root / "filled.xlsx"
    file.write_bytes(filled(base.schemas, records, kind))
    run = run_lerkb("import", file, root=root)
    for record in records:
        text = (root / record.path).read_bytes()
        data = parse_source(kind, record.path, record.id, text).data
        assert data == {**without_empty(record.data), "status": "draft"}
