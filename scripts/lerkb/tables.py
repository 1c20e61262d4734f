"""The rows of a table that an overview asks for: records, or parts of records, chosen by the values of their fields.

Names in a table are names of fields as the schema lists them. ``strength`` and ``effect`` are computed and may stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Field
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.schemas import Schemas

#: Columns that no record holds.
COMPUTED: Final = ("strength", "effect")


@dataclass(frozen=True)
class Column:
    """A field of the rows of a table: where it stands in a row, and in the schema of the kind."""

    of_part: bool
    names: Field  #: from the part or the record
    path: Field  #: from the record, as ``Schemas.described`` takes it
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class TableRow:
    """A record, or an entry of one of its lists."""

    record: Record
    part: Mapping[str, Any] | None = None

    def value(self, column: Column) -> Any:
        """The value of a column; None where the row does not have it."""
        found: Any = self.part if column.of_part else self.record.data
        for name in column.names:
            found = found.get(name) if found is not None else None
        return found


def parts_of(schemas: Schemas, kind: str) -> tuple[str, ...]:
    """The lists of a kind whose entries can be rows: those whose entries are groups of fields."""
    fields = schemas.described(kind, ()).get("properties", {})
    return tuple(name for name in fields if "properties" in schemas.described(kind, (name, 0)))


def sentence_field(schemas: Schemas, kind: str, part: str) -> str:
    """The field of a part that says what it is: its first running text that must be there."""
    entry = schemas.described(kind, (part, 0))
    texts = [
        name
        for name in entry.get("required", ())
        if "prose" in str(schemas.described(kind, (part, 0, name)).get("x-role", ""))
    ]
    return str(texts[0] if texts else next(iter(entry["properties"])))


def find_column(schemas: Schemas, kind: str, part: str, name: str) -> Column | None:
    """The field of that name: of the part, else of the record, else among its tags."""
    places: list[tuple[bool, Field, Field]] = [(False, (name,), (name,)), (False, ("tags", name), ("tags", name))]
    if part:
        places.insert(0, (True, (name,), (part, 0, name)))
    for of_part, names, path in places:
        schema = schemas.described(kind, path)
        if schema:
            return Column(of_part, names, path, schema)
    return None


def unknown_names(schemas: Schemas, table: Mapping[str, Any]) -> Iterator[tuple[Field, str, tuple[str, ...]]]:
    """Place in the table, name and the names that could be meant, for each name that the kind of its rows does not have."""
    kind, part = table["kind"], table.get("part", "")
    if part and part not in parts_of(schemas, kind):
        yield ("part",), part, parts_of(schemas, kind)
        return
    of_record = (*schemas.described(kind, ()).get("properties", {}), *_tags(schemas, kind))
    of_part = tuple(schemas.described(kind, (part, 0)).get("properties", {})) if part else ()
    asked: list[tuple[Field, str, tuple[str, ...]]] = [
        *((("where", name), name, of_record) for name in table.get("where", {})),
        *((("part_where", name), name, of_part) for name in table.get("part_where", {})),
        *((("columns", at), name, of_part + of_record + COMPUTED) for at, name in enumerate(table.get("columns", ()))),
    ]
    if "count_by" in table:
        asked.append((("count_by",), table["count_by"], of_part + of_record + COMPUTED))
    yield from ((place, name, known) for place, name, known in asked if name not in known)


def _tags(schemas: Schemas, kind: str) -> tuple[str, ...]:
    return tuple(schemas.described(kind, ("tags",)).get("properties", {}))


def rows(base: KnowledgeBase, table: Mapping[str, Any]) -> Iterator[TableRow]:
    """The rows that a table asks for, in the order of their records."""
    part = table.get("part", "")
    for record in base.of(table["kind"]):
        if not _has(table.get("where", {}), record.data, record.data.get("tags", {})):
            continue
        if not part:
            yield TableRow(record)
        else:
            for entry in record.data.get(part, ()):
                if _has(table.get("part_where", {}), entry):
                    yield TableRow(record, entry)


def _has(wanted: Mapping[str, Any], *holders: Mapping[str, Any]) -> bool:
    """Whether each field has the value asked for, or one of them."""
    for name, value in wanted.items():
        values = {value} if isinstance(value, str) else set(value)
        found = [holder[name] for holder in holders if name in holder]
        items = [item for one in found for item in (one if isinstance(one, list) else [one])]
        if not values & {str(item) for item in items if not isinstance(item, (dict, list))}:
            return False
    return True


def marks(base: KnowledgeBase, row: TableRow) -> strength.Marks | None:
    """The two marks of a row: of a claim, of a finding in its own right, else of the record."""
    if row.part is None:
        return base.marks(row.record)
    if "state" in row.part and row.record.kind == "pilot":
        return strength.marks_of([base.grade(row.record, row.part)])
    if row.part in row.record.data.get("claims", ()):
        return base.claim_marks(row.part)
    return base.marks(row.record)
