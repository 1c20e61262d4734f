"""CSV: a table a kind, and one for each list of parts, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from lerkb import tables
from lerkb.exports import export
from lerkb.exports.json import plural
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

#: A spreadsheet runs a cell that begins so as a formula. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@export("csv")
def csv_files(base: KnowledgeBase, origin: Origin) -> Files:
    """CSV, a table for each kind and for each list within a record

    Findings, claims, gaps, gains, harms and the rest have tables of their own, each row with the id of its record. Several values in a cell
    are parted by a semicolon. A cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    files = {}
    for kind in KIND_FOLDERS:
        records = sorted((record for record in base if record.kind == kind), key=lambda record: record.id)
        files[f"{plural(kind)}.csv"] = _table(_record_rows(base, origin, kind, records))
        for part in tables.parts_of(base.schemas, kind):
            if any(record.data.get(part) for record in records):
                files[f"{plural(kind)}-{part.replace('_', '-')}.csv"] = _table(_part_rows(base, kind, part, records))
    return files


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


def _record_rows(base: KnowledgeBase, origin: Origin, kind: str, records: Iterable[Record]) -> Iterator[list[str]]:
    columns = list(_columns(base.schemas.described(kind, ()), base, kind, ()))
    yield [*("_".join(column) for column in columns), *tables.COMPUTED, "version", "url"]
    for record in records:
        marks = base.marks(record)
        yield [
            *(_cell(record.data, column) for column in columns),
            *((marks.strength.name, marks.effect) if marks else ("", "")),
            record.version,
            origin.url(kind, record.id),
        ]


def _part_rows(base: KnowledgeBase, kind: str, part: str, records: Iterable[Record]) -> Iterator[list[str]]:
    columns = list(_columns(base.schemas.described(kind, (part, 0)), base, kind, (part, 0)))
    graded = part in ("findings", "claims")
    yield ["record", *("_".join(column) for column in columns), *(tables.COMPUTED if graded else ())]
    for record in records:
        for entry in record.data.get(part, ()):
            marks = tables.marks(base, tables.TableRow(record, entry)) if graded else None
            yield [
                record.id,
                *(_cell(entry, column) for column in columns),
                *((marks.strength.name, marks.effect) if marks else ("", "") if graded else ()),
            ]


def _cell(holder: Any, path: tuple[str, ...]) -> str:
    for name in path:
        holder = holder.get(name) if isinstance(holder, dict) else None
    values = holder if isinstance(holder, list) else [] if holder is None else [holder]
    return "; ".join(" ".join(str(value).split()) if isinstance(value, str) else _plain(value) for value in values)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _plain(next(iter(value.values())))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # as RFC 4180 has it
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue()
