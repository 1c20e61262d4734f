"""Tables → drafts of records: which field each column fills, what each cell means, and all that cannot be understood."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from lerkb import tables as parts
from lerkb.intake import Slip
from lerkb.intake.cells import UnclearError, read_cell
from lerkb.intake.columns import Column, Sheet, plain, sheets
from lerkb.intake.issue import PROMISES
from lerkb.intake.template import EXAMPLE, EXPLANATIONS, REMARK, VALUES_SHEET, help_of
from lerkb.project import KIND_FOLDERS
from lerkb.scaffold import draft, id_from, required_fields, unfit_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lerkb.diagnostics import Field
    from lerkb.intake import Cell, Row, Table
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.schemas import Schemas

#: Above the headings there may be a title and a remark or two.
_HEADING_ROWS: Final = 10
#: Words of a sentence that make the id of a part.
_ID_WORDS: Final = 5
_ID_SIZE: Final = 60
_ALIKE: Final = 0.6
#: From here on, a text is an explanation that has been put in other words since.
_REWORDED: Final = 0.75


@dataclass(frozen=True)
class Draft:
    """A record that was made of rows, as the text of its file."""

    kind: str
    id: str
    path: str
    text: str
    places: Mapping[Field, str]  #: where each value was written


@dataclass(frozen=True)
class Intake:
    """What a file comes to."""

    drafts: tuple[Draft, ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class _Recognized:
    """What a table is, and the number of the row that its headings stand in."""

    sheet: Sheet
    row: int


@dataclass
class _Growing:
    """A record while rows are added to it."""

    kind: str
    id: str
    title: str
    place: str
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Field, str] = field(default_factory=dict)
    promised: dict[Field, tuple[Any, str]] = field(default_factory=dict)
    open: list[tuple[Column, Cell]] = field(default_factory=list)

    def put(self, path: Field, value: Any, place: str) -> None:
        """Write a value, with the groups and lists around it."""
        holder: Any = self.data
        for at, name in enumerate(path[:-1]):
            if isinstance(name, int):
                holder.extend({} for _ in range(name + 1 - len(holder)))
                holder = holder[name]
            else:
                holder = holder.setdefault(name, [] if isinstance(path[at + 1], int) else {})
        holder[path[-1]] = value
        self.places[path] = place


@dataclass(frozen=True)
class _Read:
    """A row as values by column, each with its cell."""

    row: Row
    values: dict[Column, tuple[Any, Cell]]
    promises: tuple[Cell, ...] = ()
    open: tuple[tuple[Column, Cell], ...] = ()  #: answers that must be given and that another sheet may hold

    def along(self, follows: Field) -> dict[Column, tuple[Any, Cell]]:
        """The values of the record itself, or of one that is described along with it."""
        return {column: value for column, value in self.values.items() if column.follows == follows}


def make_drafts(
    tables: Sequence[Table], base: KnowledgeBase, taken: Mapping[tuple[str, str], str], today: str, what: str = ""
) -> Intake:
    """The drafts that the rows of the tables come to, and everything that cannot be understood.

    Args:
        tables: what was read from the file.
        base: the records that are there already, for ids and titles that cells name.
        taken: the path of each record file that is there, valid or not, by kind and id.
        today: the day, as records have it.
        what: what the tables hold (as a sheet is called), if their headings need not tell it.
    """
    making = _Making(base, taken, today)
    making.take(tables, what)
    return Intake(tuple(making.drafts()), tuple(making.slips))


class _Making:
    """One file on its way to drafts."""

    def __init__(self, base: KnowledgeBase, taken: Mapping[tuple[str, str], str], today: str) -> None:
        self.base = base
        self.schemas: Schemas = base.schemas
        self.taken = taken
        self.today = today
        self.slips: list[Slip] = []
        self.growing: dict[tuple[str, str], _Growing] = {}
        self.refused: set[tuple[str, str]] = set()
        self.begun: set[str] = set()  #: kinds whose records have rows of their own, so that parts may not begin one

    def slip(self, place: str, message: str, hint: str = "", *, stops: bool = True) -> None:
        self.slips.append(Slip(place, message, hint, stops))

    # ------------------------------------------------------------------------------------------ tables

    def take(self, tables: Sequence[Table], what: str) -> None:
        """Read every table: records first, then the parts that belong to them."""
        known = [sheet for sheet in sheets(self.schemas) if not what or sheet.what == what]
        found = [(table, _recognized(table, known)) for table in tables if table.name != VALUES_SHEET]
        chosen = [(table, seen) for table, seen in found if isinstance(seen, _Recognized)]
        for _, seen in found:
            if isinstance(seen, Slip):
                # One sheet among others may be somebody’s notes; a file of which nothing is understood holds lost answers.
                self.slips.append(replace(seen, stops=not chosen))
        count = 0
        for of_parts in (False, True):
            for table, seen in chosen:
                if bool(seen.sheet.part) is of_parts:
                    count += self._table(table, seen.sheet, seen.row)
        if chosen and not count:
            self.slip(
                chosen[0][0].place,
                "there are headings and no row with answers below them",
                "write below the headings; rows that begin with `# ` are explanations and are skipped",
            )

    def _table(self, table: Table, sheet: Sheet, at: int) -> int:
        """Read the rows below the headings, which stand in the row ``at``; how many there are."""
        columns, promises = self._columns(table, sheet, at)
        named = any(column.path in (("id",), ("title",)) for column in columns.values())
        count = 0
        for row in table.rows[at + 1 :]:
            if self._explains(row, columns):
                continue
            count += 1
            read = self._row(row, columns, promises)
            if sheet.part:
                self._part(sheet, read)
            elif named:
                self._record(sheet, read)
            else:
                self.slip(
                    row.place, "the record of this row has no title and no id", "add a column `Title` and fill it"
                )
        return count

    def _columns(self, table: Table, sheet: Sheet, at: int) -> tuple[dict[int, Column], tuple[int, ...]]:
        """The column of each heading that is understood, by its number."""
        columns: dict[int, Column] = {}
        promises = []
        headings = table.rows[at].cells
        below = [row for row in table.rows[at + 1 :] if not row.cells[0].text.startswith(REMARK)]
        for number, cell in enumerate(headings):
            used = next((row.cells[number] for row in below if not row.cells[number].is_empty), None)
            if cell.is_empty:
                if used is not None:
                    self.slip(
                        used.place,
                        "there is a value and no heading above it",
                        "write the field’s name into the first row, or empty the cell",
                    )
                continue
            if plain(cell.text) == plain(PROMISES):
                promises.append(number)
                continue
            found = sheet.find(cell.text)
            if len(found) == 1 and _field(found[0]) in {_field(column) for column in columns.values()}:
                self.slip(cell.place, f"`{cell.text}` is asked twice", "keep one of the two")
            elif len(found) == 1:
                columns[number] = replace(
                    found[0], titles=(cell.text.rstrip(" *"),)
                )  # messages name it as the file does
            elif found:
                listed = ", ".join(f"`{column.heading}`" for column in found)
                self.slip(cell.place, f"`{cell.text}` can mean several fields", f"write one of {listed}")
            elif used is not None:
                self.slip(
                    cell.place,
                    f"`{cell.text}` is no field of {_article(sheet.name)}",
                    nearest(cell.text, sheet.labels())
                    or f"`lerkb template csv {sheet.what}` shows the fields; take this one out, or put its answers into another",
                )
        return columns, tuple(promises)

    # ------------------------------------------------------------------------------------------ rows

    def _explains(self, row: Row, columns: Mapping[int, Column]) -> bool:
        """Whether a row is no answer: it explains others, or still shows the example of the template.

        Someone may have written over the example and left the mark that begins it. That is told: an answer must not be lost.
        """
        first = row.cells[0].text
        told = [(row.cells[number], column) for number, column in columns.items() if not row.cells[number].is_empty]
        if not first.startswith(REMARK):
            return len(told) > 1 and all(_says(cell, column) for cell, column in told)
        is_example = first.startswith(EXAMPLE)
        others = [
            _says(cell, column) or (not is_example and _asks(cell, column))
            for cell, column in told
            if cell is not row.cells[0]
        ]
        if not all(others) if is_example else 2 * sum(others) < len(others):
            self.slip(
                row.cells[0].place,
                f"`{REMARK.strip()}` marks a row that explains, and other cells of it hold answers",
                "if it is an answer, write its own value into this cell; if it is none, delete the row",
            )
        return True

    def _row(self, row: Row, columns: Mapping[int, Column], promises: Iterable[int]) -> _Read:
        values: dict[Column, tuple[Any, Cell]] = {}
        unclear = set()
        for number, column in columns.items():
            cell = row.cells[number]
            if cell.is_empty:
                continue
            try:
                value, note = read_cell(cell, column)
            except UnclearError as error:
                unclear.add(column)
                self.slip(cell.place, str(error), error.hint)
                continue
            if note:
                self.slip(cell.place, note.message, note.hint, stops=False)
            if value not in ("", []):
                values[column] = (value, cell)
        left_open = tuple(self._ask_again(row, columns, values, unclear))
        return _Read(row, values, tuple(row.cells[number] for number in promises), left_open)

    def _ask_again(
        self,
        row: Row,
        columns: Mapping[int, Column],
        values: Mapping[Column, object],
        unclear: set[Column],
    ) -> Iterator[tuple[Column, Cell]]:
        """Name every question that was asked, must be answered and is not; or give it back, if another sheet may answer it."""
        given = {*values, *unclear}
        for number, column in columns.items():
            if not column.must or column in given or column.made:
                continue
            group = column.path[:-1]
            # What makes it wanted, if the record alone does not: another answer about the same thing.
            beside = [
                other
                for other in given
                if other.follows == column.follows and other.path[: len(group)] == group and (group or column.follows)
            ]
            wanted = column.needed or bool(beside)
            along = any(other.follows and other.follows == column.path for other in given)
            elsewhere = any(isinstance(part, int) for part in group) and not any(
                other.path[: len(group)] == group for other in given
            )
            if wanted and not along and elsewhere:
                yield column, row.cells[number]
            elif wanted and not along:
                self._unanswered(column, row.cells[number], None if column.needed else beside[0])

    def _unanswered(self, column: Column, cell: Cell, beside: Column | None = None) -> None:
        since = f", since `{beside.heading}` is answered" if beside else ""
        self.slip(
            cell.place,
            f"`{column.heading}` is empty and must be answered{since}",
            f"{column.help} For example: {column.example}",
        )

    def _record(self, sheet: Sheet, read: _Read) -> None:
        """Begin the record of a row."""
        self.begun.add(sheet.kind)
        growing = self._begin(sheet.kind, read.along(()))
        if growing is None:
            return
        growing.open += read.open
        self._put_all(growing, read, ())
        self._new_ones(growing, read, ())
        self._promises(growing, read, sheet)

    def _begin(self, kind: str, values: Mapping[Column, tuple[Any, Cell]]) -> _Growing | None:
        """A new record, named by its id or its title; None if it cannot have that name."""
        by_path = {column.path: value for column, value in values.items()}
        title, title_cell = by_path.get(("title",), ("", None))
        given, id_cell = by_path.get(("id",), ("", None))
        cell = id_cell or title_cell
        if cell is None:
            return None  # the title is missing, and that is told
        record_id = str(given) or id_from(str(title))
        return self._named(kind, record_id, str(title), cell.place)

    def _named(self, kind: str, record_id: str, title: str, place: str) -> _Growing | None:
        wrong = unfit_id(record_id)
        path = self.taken.get((kind, record_id))
        other = self.growing.get((kind, record_id))
        if wrong:
            self.slip(
                place,
                f"no id can be made of this: {wrong}",
                "give the record an id of small letters, digits and hyphens",
            )
        elif path:
            self.slip(
                place,
                f"the {_words(kind)} `{record_id}` is there already ({path}), and an import changes no record",
                f"change {path} itself; or, if this is another one, give it another title or id",
            )
        elif other:
            self.slip(
                place,
                f"the id `{record_id}` is used twice, here and at {other.place}",
                "give one of them another title or id",
            )
        else:
            growing = _Growing(kind, record_id, title, place)
            growing.put(("id",), record_id, place)
            self.growing[kind, record_id] = growing
            return growing
        self.refused.add((kind, record_id))
        return None

    def _part(self, sheet: Sheet, read: _Read) -> None:
        """Add the entry of a row to its record, which begins with it if no row began it."""
        named = next(((value, cell) for column, (value, cell) in read.values.items() if not column.path), None)
        if named is None:
            return  # told as an answer that is missing
        owner = self._owner(sheet.kind, str(named[0]), named[1])
        if owner is None:
            return
        for column, cell in read.open:
            self._unanswered(column, cell)
        entries = owner.data.setdefault(sheet.part, [])
        top: Field = (sheet.part, len(entries))
        entries.append({})
        owner.places[top] = read.row.place
        self._put_all(owner, read, top)
        self._new_ones(owner, read, top)

    def _put_all(self, owner: _Growing, read: _Read, top: Field) -> None:
        """Write the values of a row into its record, from the place ``top`` on."""
        for column, (given, cell) in read.along(()).items():
            value = self._resolved(column, given, cell)
            if column.path and value is not None:
                owner.put((*top, *column.path), value, cell.place)

    def _owner(self, kind: str, name: str, cell: Cell) -> _Growing | None:
        """The record that a part belongs to: by its id, or by its title."""
        is_id = not unfit_id(name)
        record_id = name if is_id else id_from(name)
        mine = [growing for growing in self.growing.values() if growing.kind == kind]
        for growing in mine:
            if growing.id == name or (growing.title and plain(growing.title) == plain(name)) or growing.id == record_id:
                return growing
        if (kind, record_id) in self.refused:
            return None  # told where it was named first
        if kind in self.begun:
            near = nearest(name, [word for growing in mine for word in (growing.title or growing.id,)])
            self.slip(
                cell.place,
                f"no row of this file begins the {_words(kind)} `{name}`",
                near or "add a row for it, or take this one out",
            )
            return None
        same = next((record for record in self.base.of(kind) if plain(record.title) == plain(name)), None)
        growing_or_none = self._named(kind, same.id if same else record_id, "" if is_id else name, cell.place)
        if growing_or_none is None:
            self.refused.add((kind, record_id))
        elif not is_id:
            growing_or_none.put(("title",), name, cell.place)
        return growing_or_none

    # ------------------------------------------------------------------------------------------ records named and described

    def _resolved(self, column: Column, value: Any, cell: Cell) -> Any:
        """A value as the record has it: a record that is named by its title or its address is named by its id. None if it is none."""
        if "reference" not in column.roles or column.many:
            return value
        kind = str(column.item.get("x-kind"))
        if kind == "same" or kind not in KIND_FOLDERS or self.base.get(kind, value):
            return value
        found = self._known(kind, {"title": value, "url": value})
        if found:
            return found
        if not unfit_id(value):
            return value  # whether there is such a record, a check tells
        titles = {plain(record.title): record.id for record in self.base.of(kind)}
        near = difflib.get_close_matches(plain(value), list(titles), n=1, cutoff=_ALIKE)
        self.slip(
            cell.place,
            f"no {_words(kind)} is called `{value}`",
            f"did you mean `{titles[near[0]]}`?"
            if near
            else f"write the id of one that is there ({KIND_FOLDERS[kind]}/ lists them)",
        )
        return None

    def _known(self, kind: str, values: Mapping[str, Any]) -> str:
        """The id of the record that has this title or this address; empty if there is none."""
        title, address = plain(str(values.get("title", ""))), _address(values.get("url"))
        for record in self.base.of(kind):
            if (title and plain(record.title) == title) or (address and _address(record.data.get("url")) == address):
                return record.id
        return ""

    def _new_ones(self, owner: _Growing, read: _Read, top: Field) -> None:
        """Begin the records that a row describes along with its own, and refer to them."""
        for follows in sorted({column.follows for column in read.values if column.follows}, key=str):
            along = read.along(follows)
            kind = next(iter(along)).kind
            values = {str(column.path[0]): value for column, (value, _) in along.items() if len(column.path) == 1}
            place = next(iter(along.values()))[1].place
            reference = next(
                (
                    (value, cell)
                    for column, (value, cell) in read.values.items()
                    if column.path == follows and not column.follows
                ),
                None,
            )
            known = self._known(kind, values)
            if reference and (kind, reference[0]) in self.taken:
                self.slip(
                    place,
                    f"the {_words(kind)} `{reference[0]}` is there already, and is described here once more",
                    f"empty the cells that describe it, or empty {reference[1].place} if it is another one",
                )
                continue
            if not known:
                made = self._described(kind, along, str(reference[0]) if reference else "", place)
                known = made.id if made else ""
            if known:
                owner.put((*top, *follows), known, place)

    def _described(
        self, kind: str, along: Mapping[Column, tuple[Any, Cell]], named: str, place: str
    ) -> _Growing | None:
        """The new record that some cells describe; rows that describe the same one add to it."""
        title = next((str(value) for column, (value, _) in along.items() if column.path == ("title",)), "")
        record_id = named or id_from(title)
        growing = self.growing.get((kind, record_id))
        if growing is None:
            if (kind, record_id) in self.refused:
                return None  # told where it was named first
            if not record_id:
                self.slip(
                    place, f"the new {_words(kind)} has no title", "give it one, or name one that is there by its id"
                )
                return None
            growing = self._named(kind, record_id, title, place)
        if growing is None:
            return None
        for column, (value, cell) in along.items():
            before = growing.places.get(column.path)
            if before and _at(growing.data, column.path) != value:
                self.slip(
                    cell.place,
                    f"`{column.heading}` of `{record_id}` is told in another way at {before}",
                    "let both say the same, or describe it in one row only",
                )
            else:
                growing.put(column.path, value, cell.place)
        return growing

    def _promises(self, growing: _Growing, read: _Read, sheet: Sheet) -> None:
        """What a sender agreed to: each box must be ticked, and some of them say what a field holds."""
        for cell in read.promises:
            ticks = cell.value if isinstance(cell.value, tuple) else ()
            if not ticks:
                self.slip(
                    cell.place, f"nothing is ticked below `{PROMISES}`", "ask the sender to tick the boxes in the issue"
                )
            for tick in ticks:
                if not tick.ticked:
                    self.slip(
                        tick.place,
                        f"the sender did not agree to this: {tick.text}",
                        "ask the sender to tick the box in the issue; until then nothing is taken over",
                    )
                for column in sheet.find(tick.text):
                    value: Any = True if column.item.get("type") == "boolean" else next(iter(column.values), tick.text)
                    growing.promised[column.path] = (value, tick.place)

    # ------------------------------------------------------------------------------------------ drafts

    def drafts(self) -> Iterator[Draft]:
        """The records as files, sorted by path."""
        for growing in sorted(self.growing.values(), key=lambda growing: (KIND_FOLDERS[growing.kind], growing.id)):
            self._complete(growing)
            path = f"{KIND_FOLDERS[growing.kind]}/{growing.id}.yaml"
            yield Draft(growing.kind, growing.id, path, draft(self.schemas, growing.kind, growing.data), growing.places)

    def _complete(self, growing: _Growing) -> None:
        """Add what follows from the answers: ids of parts, the first claim as the main one, what every draft begins with."""
        for column, cell in growing.open:
            if column.path[0] not in growing.data:
                self._unanswered(column, cell)
        for path, (value, place) in growing.promised.items():
            if path[0] in growing.data:
                growing.put(path, value, place)
        status = growing.data.get("status")
        if status not in (None, "draft"):
            self.slip(
                growing.places["status",],
                f"`{status}` was not taken over: what is imported begins as a draft",
                stops=False,
            )
        for part in parts.parts_of(self.schemas, growing.kind):
            self._name_parts(growing, part)
        self._begin_with(growing.kind, (), growing.data)
        growing.data["status"] = "draft"

    def _name_parts(self, growing: _Growing, part: str) -> None:
        """Give each part of a list that needs an id, and has none, the first words of its sentence."""
        entries = growing.data.get(part, [])
        if "id" not in required_fields(self.schemas.described(growing.kind, (part, 0))):
            return
        used = Counter(str(entry["id"]) for entry in entries if "id" in entry)
        sentence = parts.sentence_field(self.schemas, growing.kind, part)
        for at, entry in enumerate(entries):
            if "id" not in entry and sentence in entry:
                short = id_from(" ".join(str(entry[sentence]).split()[:_ID_WORDS]), _ID_SIZE - 4) or part
                used[short] += 1
                name = short if used[short] == 1 else f"{short}-{used[short]}"
                entries[at] = {"id": name, **entry}

    def _begin_with(self, kind: str, path: Field, data: dict[str, Any]) -> None:
        """What a draft has to hold and nobody need answer."""
        group = self.schemas.described(kind, path)
        for name in group["properties"]:
            if name not in required_fields(group):
                continue
            field = self.schemas.described(kind, (*path, name))
            if name in data:
                if "properties" in field:
                    self._begin_with(kind, (*path, name), data[name])
            elif "x-default" in field:
                data[name] = _default(field["x-default"], self.today)
            elif field.get("x-role") == "local-reference" and data.get(field["x-part"]):
                first = data[field["x-part"]][0].get("id")
                if first:
                    data[name] = first
            elif "properties" in field:
                within: dict[str, Any] = {}
                self._begin_with(kind, (*path, name), within)
                if required_fields(field) <= set(within) and within:
                    data[name] = within


def _recognized(table: Table, known: Sequence[Sheet]) -> _Recognized | Slip:
    """The sheet that a table’s headings make it; or why it is none."""
    ranked: list[tuple[tuple[int, bool, int], Sheet]] = []
    for at, row in enumerate(table.rows[:_HEADING_ROWS]):
        labels = [cell.text for cell in row.cells if not cell.is_empty and plain(cell.text) != plain(PROMISES)]
        for sheet in known:
            hits = sum(len(sheet.find(label)) == 1 for label in labels)
            if hits and 2 * hits >= len(labels):
                ranked.append(((hits, plain(sheet.name) == plain(table.name), -at), sheet))
    place = table.rows[0].place
    if not ranked:
        return Slip(
            place,
            "the headings are not those of any record"
            + (f", so the sheet {table.name} is left out" if table.name else ""),
            "begin with a file that `lerkb template` makes, or name the kind of record with --kind",
        )
    best = max(rank for rank, _ in ranked)
    chosen = [sheet for rank, sheet in ranked if rank == best]
    if len(chosen) > 1:
        return Slip(
            place,
            "the headings fit more than one kind of record",
            f"add --kind {' or --kind '.join(sheet.what for sheet in chosen)}",
        )
    return _Recognized(chosen[0], -best[2])


def _field(column: Column) -> tuple[Field, Field]:
    return column.follows, column.path


def _says(cell: Cell, column: Column) -> bool:
    """Whether a cell still says what the template said in it."""
    return any(plain(cell.text) == plain(words(column)) for words in EXPLANATIONS)


def _asks(cell: Cell, column: Column) -> bool:
    """Whether a cell says what its column asks for, in the words of today’s template or nearly so, as an older one did."""
    text, said = plain(cell.text), plain(help_of(column))
    return plain(column.help) in text or difflib.SequenceMatcher(None, text, said).ratio() >= _REWORDED


def nearest(word: str, choices: Iterable[str]) -> str:
    """“did you mean …?” with the choice that a slip would explain, or nothing."""
    by_plain = {plain(choice): choice for choice in choices if choice}
    near = difflib.get_close_matches(plain(word), list(by_plain), n=1, cutoff=_ALIKE)
    return f"did you mean `{by_plain[near[0]]}`?" if near else ""


def _default(rule: Any, today: str) -> Any:
    """What a draft begins with: a value, or a time from now."""
    if not isinstance(rule, dict):
        return rule
    months = int(rule["months_from_today"])
    if not months:
        return today
    year, month = (int(part) for part in today.split("-")[:2])
    year, month = divmod(12 * year + month - 1 + months, 12)
    return f"{year}-{month + 1:02}"


def _at(data: Any, path: Field) -> Any:
    for name in path:
        data = data[name]
    return data


def _address(value: object) -> str:
    """An address as two people would write it: without its scheme, `www` and the slash at its end."""
    text = str(value or "").casefold()
    text = text.partition("://")[2] or ("" if "." not in text else text)
    return text.removeprefix("www.").rstrip("/") if "." in text else ""


def _words(kind: str) -> str:
    return kind.replace("-", " ")


def _article(name: str) -> str:
    return f"the table “{name}”"
