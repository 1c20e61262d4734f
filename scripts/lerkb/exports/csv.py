"""CSV: a table a kind, and one for each list of parts, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb import tables
from lerkb.exports import export
from lerkb.exports.json import LICENSE, plural
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

#: A spreadsheet runs a cell that begins so as a formula. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Tells a spreadsheet that the file is in UTF-8. Without it Excel takes it for an older code, and misreads quotation marks.
_MARK: Final = "\ufeff"
#: Columns that stand in no record: the record of a part, the version of a record and its page. No field has such a name.
RECORD_ID, RECORD_VERSION, PAGE_URL = "record_id", "record_version", "page_url"
#: What they, and the computed marks, say.
_COMPUTED: Final = {
    RECORD_ID: "The id of the record that the row is a part of.",
    RECORD_VERSION: "A hash of the record’s data: it changes with every change.",
    PAGE_URL: "The address of the record’s page.",
    "strength": "How strong the evidence is, computed from the findings.",
    "effect": "What the findings say of gaps between groups, computed from them.",
}
#: Between the values of a cell that holds several.
_BETWEEN: Final = "; "
#: What the tables are, as the W3C has it for CSV on the Web.
METADATA: Final = "csv-metadata.json"
#: Types of JSON Schema that CSV on the Web knows under the same name, beside text.
_DATATYPES: Final = ("boolean", "integer", "number")


@export("csv")
def csv_files(base: KnowledgeBase, origin: Origin) -> Files:
    """CSV, a table for each kind and for each list within a record

    Findings, claims, gaps, gains, harms and the rest have tables of their own, each row with the id of its record. Several values in a cell
    are parted by a semicolon; of a group of values the first stands there, and JSON has the rest. A cell that a spreadsheet would run as a
    formula begins with an apostrophe. The files are in UTF-8 and say so with a byte order mark, so that Excel reads quotation
    marks right (in Python, open them as utf-8-sig). csv-metadata.json says what each column holds, in the form of CSV on the Web.
    """
    made = tuple(_tables(base, origin))
    files = {table.name: _text(table) for table in made}
    return {**files, METADATA: _metadata(made, origin)}


@dataclass(frozen=True)
class _Column:
    """A column: its name, and the field it holds, or what it says where no record holds it."""

    name: str
    field: Mapping[str, Any]


@dataclass(frozen=True)
class _Table:
    """One file."""

    name: str
    title: str
    key: tuple[str, ...]
    of: str  #: the file whose records the rows are parts of, or nothing
    columns: tuple[_Column, ...]
    rows: tuple[tuple[str, ...], ...]


def _tables(base: KnowledgeBase, origin: Origin) -> Iterator[_Table]:
    """The table of each kind, each followed by those of its parts that some record has."""
    for kind in KIND_FOLDERS:
        records = sorted((record for record in base if record.kind == kind), key=lambda record: record.id)
        whole = _record_table(base, origin, kind, records)
        yield whole
        for part in tables.parts_of(base.schemas, kind):
            if any(record.data.get(part) for record in records):
                yield _part_table(base, whole, kind, part, records)


def _columns(
    schema: Mapping[str, Any], base: KnowledgeBase, kind: str, path: tuple[str | int, ...]
) -> Iterator[tuple[str, ...]]:
    """The names of the columns of a group of fields; those of groups within it are joined.

    A record’s lists of groups have tables of their own; within a part such a list is one column, with the first field of each group.
    """
    for name in schema.get("properties", {}):
        field = base.schemas.described(kind, (*path, name))
        if "properties" in field:
            for inner in _columns(field, base, kind, (*path, name)):
                yield (name, *inner)
        elif path or "properties" not in base.schemas.described(kind, (name, 0)):
            yield (name,)


def _described(base: KnowledgeBase, kind: str, place: tuple[str | int, ...]) -> list[tuple[tuple[str, ...], _Column]]:
    """The columns of a group of fields, each with the way to its value from there."""
    paths = _columns(base.schemas.described(kind, place), base, kind, place)
    return [(path, _Column("_".join(path), base.schemas.described(kind, (*place, *path)))) for path in paths]


def _record_table(base: KnowledgeBase, origin: Origin, kind: str, records: Iterable[Record]) -> _Table:
    fields = _described(base, kind, ())
    columns = (*(column for _, column in fields), *_computed(*tables.COMPUTED, RECORD_VERSION, PAGE_URL))
    rows = []
    for record in records:
        marks = base.marks(record)
        rows.append(
            (
                *(_cell(record.data, path) for path, _ in fields),
                *((marks.strength.name, marks.effect) if marks else ("", "")),
                record.version,
                origin.url(kind, record.id),
            )
        )
    title = base.schemas.described(kind, ())["title"]
    return _Table(f"{plural(kind)}.csv", title, ("id",), "", columns, tuple(rows))


def _part_table(base: KnowledgeBase, whole: _Table, kind: str, part: str, records: Iterable[Record]) -> _Table:
    fields = _described(base, kind, (part, 0))
    graded = part in ("findings", "claims")
    columns = (
        *_computed(RECORD_ID),
        *(column for _, column in fields),
        *(_computed(*tables.COMPUTED) if graded else ()),
    )
    rows = []
    for record in records:
        for entry in record.data.get(part, ()):
            marks = tables.marks(base, tables.TableRow(record, entry)) if graded else None
            rows.append(
                (
                    record.id,
                    *(_cell(entry, path) for path, _ in fields),
                    *((marks.strength.name, marks.effect) if marks else ("", "") if graded else ()),
                )
            )
    name = f"{plural(kind)}-{part.replace('_', '-')}.csv"
    title = f"{whole.title}: {base.schemas.described(kind, (part,)).get('title', part)}"
    key = (RECORD_ID, "id") if any(column.name == "id" for column in columns) else ()
    return _Table(name, title, key, whole.name, columns, tuple(rows))


def _computed(*names: str) -> tuple[_Column, ...]:
    return tuple(_Column(name, {"description": _COMPUTED[name]}) for name in names)


def _cell(holder: Any, path: tuple[str, ...]) -> str:
    for name in path:
        holder = holder.get(name) if isinstance(holder, dict) else None
    values = holder if isinstance(holder, list) else [] if holder is None else [holder]
    return _BETWEEN.join(" ".join(str(value).split()) if isinstance(value, str) else _plain(value) for value in values)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _plain(next(iter(value.values())))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(table: _Table) -> str:
    text = io.StringIO()
    text.write(_MARK)
    writer = csv.writer(text, lineterminator="\r\n")  # as RFC 4180 has it
    for row in ([column.name for column in table.columns], *table.rows):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue()


def _metadata(made: Iterable[_Table], origin: Origin) -> str:
    """What the tables are, for programs. https://www.w3.org/TR/tabular-data-primer/"""
    whole = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": origin.name,
        "dc:license": {"@id": LICENSE},
        "tables": [
            {
                "url": table.name,
                "dc:title": table.title,
                "tableSchema": {
                    "columns": [_column_metadata(column) for column in table.columns],
                    **({"primaryKey": list(table.key)} if table.key else {}),
                    **({"foreignKeys": [_leads_to(table.of)]} if table.of else {}),
                },
            }
            for table in made
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _column_metadata(column: _Column) -> dict[str, Any]:
    field = column.field
    kind = field.get("type")
    return {
        "name": column.name,
        "titles": column.name,
        **({"dc:title": field["title"]} if "title" in field else {}),
        **({"dc:description": field["description"]} if "description" in field else {}),
        **({"datatype": kind} if kind in _DATATYPES else {}),
        **({"separator": _BETWEEN} if kind == "array" else {}),
    }


def _leads_to(name: str) -> dict[str, Any]:
    return {"columnReference": RECORD_ID, "reference": {"resource": name, "columnReference": "id"}}
