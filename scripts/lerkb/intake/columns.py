"""What the columns of a table are called and which field of a record each of them fills: all of it follows from the schema.

A row holds a record, or an entry of one of a record’s lists. A field of a group within it has a column of its own (``situation.today``); a list
of plain values is one column; of a list of groups a row holds the first entry (``claims.text``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from lerkb import tables
from lerkb.project import KIND_FOLDERS
from lerkb.scaffold import LATER, required_fields
from lerkb.schemas import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.diagnostics import Field
    from lerkb.schemas import Schemas

#: Between the titles of a group and of a field in it.
_WITHIN: Final = " › "
#: Roles of fields that tie the parts of one file together. Rows have no need of them; a table that has such a column is understood.
_INNER: Final = frozenset({"local-reference", "local-id"})
#: The number of an entry of a list, in a heading.
_NUMBER: Final = re.compile(r" ([2-9])(?= )")


@dataclass(frozen=True, eq=False)
class Column:
    """A field that a cell can fill. Each column is one of its own, so that it can be the key of what a row holds."""

    kind: str
    path: Field  #: from the record or the part; empty for the column that names the record a part belongs to
    schema: Mapping[str, Any]
    titles: tuple[str, ...]
    must: bool = False  #: whether its group needs it
    needed: bool = False  #: whether the whole row needs it
    many: bool = False  #: whether it holds a list of values
    in_template: bool = True
    follows: Field = ()  #: for a field of a record that can be described along: the reference to that record

    @property
    def values(self) -> Mapping[str, Mapping[str, Any]]:
        """The closed list that its value, or each of its values, is one of; empty if there is none."""
        return enumeration(self.item)

    @property
    def item(self) -> Mapping[str, Any]:
        """The schema of one value."""
        found: Mapping[str, Any] = self.schema["items"] if self.many else self.schema
        return found

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that one value plays."""
        role = self.item.get("x-role", ())
        return (role,) if isinstance(role, str) else tuple(role)

    @property
    def made(self) -> bool:
        """Whether a draft gets a value of its own where none is given."""
        return self.path == ("id",) or "x-default" in self.schema or "local-reference" in self.roles

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return _WITHIN.join(self.titles)

    @property
    def dotted(self) -> str:
        """Its names, as the fields are called in a record."""
        path = ".".join(str(part) for part in self.path if isinstance(part, str))
        return f"new.{self.kind}.{path}" if self.follows else path

    @property
    def question(self) -> str:
        """The field as a plain question, where the schema asks one."""
        return str(self.schema.get("x-question", ""))

    @property
    def help(self) -> str:
        """What to write, as a sentence or two."""
        return str(self.schema["description"])

    @property
    def example(self) -> str:
        """What may stand in a cell."""
        example = self.schema["examples"][0]
        titles = self.values
        values = example if self.many else [example]
        shown = [str(titles[value]["title"]) if value in titles else _plain(value) for value in values]
        return "; ".join(shown)


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Sheet:
    """A table that can be asked for: its rows are records of a kind, or parts of them."""

    kind: str
    part: str
    name: str
    columns: tuple[Column, ...]  #: every column that is understood

    @property
    def asked(self) -> tuple[Column, ...]:
        """The columns of the template."""
        return tuple(column for column in self.columns if column.in_template)

    @property
    def what(self) -> str:
        """What the sheet is called on the command line."""
        return f"{self.kind}.{self.part}" if self.part else self.kind

    def find(self, label: str) -> tuple[Column, ...]:
        """The columns that a heading can mean: none, the one it means, or several."""
        wanted = plain(label)
        whole = self._by_label.get(wanted)
        return (whole,) if whole else self._by_last.get(wanted, ()) or self._numbered(wanted)

    def _numbered(self, wanted: str) -> tuple[Column, ...]:
        """The column of a second or later entry of a list of groups: `sources 2 locator`."""
        number = _NUMBER.search(wanted)
        first = self._by_label.get(wanted[: number.start()] + wanted[number.end() :]) if number else None
        if not number or first is None or 0 not in first.path:
            return ()
        if wanted not in self._later:
            at = len(first.path) - 1 - first.path[::-1].index(0)
            path = (*first.path[:at], int(number[1]) - 1, *first.path[at + 1 :])
            self._later[wanted] = replace(first, path=path, needed=False, in_template=False)
        return (self._later[wanted],)

    def labels(self) -> tuple[str, ...]:
        """What columns are called, for “did you mean”."""
        return tuple(dict.fromkeys(label for column in self.columns for label in (column.heading, column.question)))

    @cached_property
    def _later(self) -> dict[str, Column]:
        """Columns of later entries, made when they are first asked for: each column is one of its own."""
        return {}

    @cached_property
    def _by_label(self) -> dict[str, Column]:
        found: dict[str, Column] = {}
        asked = Counter(column.question for column in self.columns)
        for column in self.columns:
            for label in (column.dotted, column.heading, column.question):
                if label and asked[label] <= 1:  # a question that several columns ask means none of them
                    found.setdefault(plain(label), column)
        return found

    @cached_property
    def _by_last(self) -> dict[str, tuple[Column, ...]]:
        """Columns by their last title alone; those of the template come before others of that title."""
        found: dict[str, tuple[Column, ...]] = {}
        for columns in (self.asked, self.columns):
            for label in {plain(column.titles[-1]) for column in columns} - set(found):
                found[label] = tuple(column for column in columns if plain(column.titles[-1]) == label)
        return found


def plain(label: str) -> str:
    """A heading without what people change in it: case, spaces, signs, the star of a column that must be filled."""
    return " ".join(re.findall(r"[^\W_]+", label.casefold()))


def sheets(schemas: Schemas) -> tuple[Sheet, ...]:
    """Every table: of each kind of record, then of each of its lists. Vocabularies are few and grow by a value, not by a file."""
    made = []
    for kind in KIND_FOLDERS:
        if kind != "vocabulary" and kind in schemas.kinds:
            columns = _Walk(schemas, kind).columns(())
            made.append(Sheet(kind, "", str(schemas.of(kind)["title"]), tuple(columns)))
            lists = (part for part in tables.parts_of(schemas, kind) if part not in LATER)
            made += [_part_sheet(schemas, kind, part) for part in lists]
    return tuple(made)


def _part_sheet(schemas: Schemas, kind: str, part: str) -> Sheet:
    whole = schemas.of(kind)
    title = str(whole["title"])
    columns = tuple(_Walk(schemas, kind, (part, 0)).columns((part, 0)))
    if any(column.heading == title for column in columns):  # a principle's list of principles
        title = f"Record ({title.casefold()})"
    described = {**schemas.described(kind, ("id",)), "description": f"Its id or its title. {whole['description']}"}
    record = Column(kind, (), described, (title,), must=True, needed=True)
    return Sheet(kind, part, str(schemas.described(kind, (part,))["title"]), (record, *columns))


@dataclass(frozen=True)
class _Walk:
    """Goes through the fields of a kind, or of an entry of one of its lists, and makes columns of those that a cell can hold."""

    schemas: Schemas
    kind: str
    top: Field = ()  #: where the rows begin in a record
    root: tuple[str, ...] = ()  #: titles that stand before all others

    def columns(
        self, path: Field, titles: tuple[str, ...] = (), *, needed: bool = True, shown: bool = True
    ) -> Iterator[Column]:
        """The columns of a group of fields. ``shown``: whether the template has them."""
        group = self.schemas.described(self.kind, path)
        required = required_fields(group)
        for name in group["properties"]:
            if not path and name in LATER:
                continue
            place = (*path, name)
            field, entry = self.schemas.described(self.kind, place), self.schemas.described(self.kind, (*place, 0))
            must = name in required
            inner = {"needed": needed and must, "shown": shown and (must or "properties" not in entry)}
            if "properties" in field:
                yield from self.columns(place, _joined(titles, str(field["title"])), **inner)
            elif "properties" in entry:
                yield from self.columns((*place, 0), _joined(titles, str(entry["title"])), **inner)
            elif "items" not in entry and field.get("type") != "object":  # what is deeper is more than a cell can hold
                yield from self._of_field(place, field, entry, _joined(titles, str(field["title"])), must=must, **inner)

    def _of_field(
        self,
        place: Field,
        field: Mapping[str, Any],
        entry: Mapping[str, Any],
        titles: tuple[str, ...],
        **how: bool,
    ) -> Iterator[Column]:
        own = place[len(self.top) :]
        schema = {**field, "items": entry} if entry else field
        column = Column(self.kind, own, schema, (*self.root, *titles), how["must"], how["needed"], many=bool(entry))
        inner = bool(_INNER & set(column.roles)) and own != ("id",)
        yield replace(column, in_template=how["shown"] and not inner and own != ("status",))
        if field.get("x-new"):
            kind = str(field["x-kind"])
            title = f"New {str(self.schemas.of(kind)['title']).casefold()}"
            for new in _Walk(self.schemas, kind, root=(title,)).columns((), shown=how["shown"]):
                if new.path != ("id",):  # the reference is its id
                    yield replace(new, needed=False, in_template=new.in_template and new.needed, follows=own)


def _joined(titles: tuple[str, ...], title: str) -> tuple[str, ...]:
    """The titles of a group and of a field in it; one that is said already is not said again."""
    return titles if titles and titles[-1] == title else (*titles, title)


def find_sheet(known: Iterable[Sheet], what: str) -> Sheet | None:
    """The table called ``what``: a kind, ``kind.part``, or a part that only one kind has."""
    found = [sheet for sheet in known if what in {sheet.what, sheet.part}]
    whole = [sheet for sheet in found if sheet.what == what]
    chosen = whole or found
    return chosen[0] if len(chosen) == 1 else None
