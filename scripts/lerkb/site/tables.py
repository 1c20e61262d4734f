"""Tables and charts of an overview, ready to print: drawn from the records each time the site is made, never typed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength, tables
from lerkb.schemas import enumeration
from lerkb.site.views import Card, FindingView, Link, MarkView, Viewer, folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Field

#: Width of the longest bar, in the units of its drawing.
BAR: Final = 100


@dataclass(frozen=True)
class Cell:
    """What stands in one cell: a text, links, or one of the two marks."""

    text: str = ""
    links: tuple[Link, ...] = ()
    marks: MarkView | None = None
    mark: str = ""  #: which of the two marks is shown


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    label: str
    count: int
    width: int  #: of ``BAR``


@dataclass(frozen=True)
class TableView:
    """A table: records as cards, findings with their sources, parts with their record, rows with columns, or bars.

    Of a long one the first rows stand in sight, as in a list of records.
    """

    caption: str
    cards: tuple[Card, ...] = ()
    findings: tuple[FindingView, ...] = ()
    parts: tuple[tuple[str, Link], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Link, tuple[Cell, ...]], ...] = ()
    bars: tuple[Bar, ...] = ()

    @property
    def pieces(self) -> tuple[TableView, ...]:
        """The table in one piece, or what stands in sight and what is folded."""
        cards, findings = folded(self.cards), folded(self.findings)
        parts, rows = folded(self.parts), folded(self.rows)
        if not (cards[1] or findings[1] or parts[1] or rows[1]):
            return (self,)
        return tuple(
            replace(self, cards=cards[at], findings=findings[at], parts=parts[at], rows=rows[at]) for at in (0, 1)
        )

    @property
    def length(self) -> int:
        """How many rows it has, of whatever kind."""
        return len(self.cards) + len(self.findings) + len(self.parts) + len(self.rows) + len(self.bars)


def table_view(viewer: Viewer, table: Mapping[str, Any]) -> TableView:
    """Prepare a table."""
    found = tuple(tables.rows(viewer.base, table))
    caption, part = table["caption"], table.get("part", "")
    if "count_by" in table:
        column = _column(viewer, table, table["count_by"])
        what = str(column.schema["title"]) if column else viewer.t(f"table.{table['count_by']}")
        bars = _bars(viewer, table["count_by"], column, found)
        return TableView(caption, heads=(what, viewer.t("table.count")), bars=bars)
    if "columns" in table:
        columns = [(name, _column(viewer, table, name)) for name in table["columns"]]
        heads = tuple(str(column.schema["title"]) if column else viewer.t(f"table.{name}") for name, column in columns)
        rows = tuple(
            (_row_link(viewer, row, part), tuple(_cell(viewer, row, name, column) for name, column in columns))
            for row in found
        )
        return TableView(caption, heads=(viewer.t("table.record"), *heads), rows=rows)
    if part == "findings":
        findings = tuple(viewer.finding(row.record, row.part) for row in found if row.part)
        return TableView(caption, findings=findings)
    if part:
        said = tables.sentence_field(viewer.base.schemas, table["kind"], part)
        return TableView(
            caption, parts=tuple((str(row.part[said]), _row_link(viewer, row, part)) for row in found if row.part)
        )
    return TableView(caption, cards=tuple(viewer.card(row.record) for row in found))


def _row_link(viewer: Viewer, row: tables.TableRow, part: str) -> Link:
    """To the record, and to the very entry where its page has a place for it."""
    link = viewer.link(row.record)
    prefix = {"findings": "", "gaps": "gap-", "claims": "claim-"}.get(part)
    if row.part is None or prefix is None or "id" not in row.part:
        return link
    return Link(link.text, f"{link.href}#{prefix}{row.part['id']}")


def _column(viewer: Viewer, table: Mapping[str, Any], name: str) -> tables.Column | None:
    return tables.find_column(viewer.base.schemas, table["kind"], table.get("part", ""), name)


def _cell(viewer: Viewer, row: tables.TableRow, name: str, column: tables.Column | None) -> Cell:
    if column is None:
        marks = tables.marks(viewer.base, row)
        return (
            Cell(marks=viewer.marks(marks, kind=row.record.data.get("type", "pilot")), mark=name) if marks else Cell()
        )
    if column.path == ("period",):
        return Cell(viewer.period(row.record))
    value = row.value(column)
    entry = viewer.base.schemas.described(row.record.kind, (*column.path, 0))
    if "x-vocabulary" in entry and isinstance(value, list):
        return Cell(links=tuple(viewer.value_link(entry["x-vocabulary"], item) for item in value))
    return Cell("; ".join(_texts(viewer, row.record.kind, column.path, value)))


def _texts(viewer: Viewer, kind: str, path: Field, value: Any) -> Iterator[str]:
    """A value in words: of a closed list or a vocabulary its title, of a group of fields its first."""
    schema = viewer.base.schemas.described(kind, path)
    if isinstance(value, list):
        for item in value:
            yield from _texts(viewer, kind, (*path, 0), item)
    elif isinstance(value, dict):
        first = next(iter(value))
        yield from _texts(viewer, kind, (*path, first), value[first])
    elif "x-vocabulary" in schema:
        yield viewer.value_link(schema["x-vocabulary"], value).text
    elif value is not None:
        option = enumeration(schema).get(value)
        yield str(option["title"]) if option else str(value)


def _bars(
    viewer: Viewer, name: str, column: tables.Column | None, found: tuple[tables.TableRow, ...]
) -> tuple[Bar, ...]:
    """How many rows have each value: all values of a closed list in its order, any others by how many have them."""
    counted = Counter(label for row in found for label in _labels(viewer, row, name, column))
    closed = _closed_labels(viewer, name, column)
    order = closed or sorted(counted, key=lambda label: (-counted[label], label.casefold()))
    most = max(counted.values(), default=1)
    return tuple(Bar(label, counted[label], round(BAR * counted[label] / most)) for label in order)


def _labels(viewer: Viewer, row: tables.TableRow, name: str, column: tables.Column | None) -> Iterator[str]:
    """What a row counts for in a chart."""
    if column is not None:
        yield from _texts(viewer, row.record.kind, column.path, row.value(column))
        return
    marks = tables.marks(viewer.base, row)
    if marks is not None:
        yield viewer.t(f"effect.{marks.effect}" if name == "effect" else f"strength.{marks.strength.name}")


def _closed_labels(viewer: Viewer, name: str, column: tables.Column | None) -> list[str]:
    """The labels of a closed list in its order; none for any other field."""
    if column is not None:
        vocabulary = "x-vocabulary" in column.schema
        return [] if vocabulary else [str(option["title"]) for option in enumeration(column.schema).values()]
    if name == "effect":
        return [viewer.t(f"effect.{effect}") for effect in strength.EFFECTS]
    return [viewer.t(f"strength.{rung.name}") for rung in strength.LADDER]
