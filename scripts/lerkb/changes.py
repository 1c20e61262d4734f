"""What differs between two states of one record, field by field, in the words of its schema.

Lists whose entries have ids are compared entry by entry, whatever their order; lists of plain values by what came and went.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lerkb.diagnostics import Field
    from lerkb.schemas import Schemas


#: Keywords of the schema that hold for all that lies in a field, too.
_INHERITED: Final = ("x-defining", "x-upkeep")


@dataclass(frozen=True)
class FieldChange:
    """One field that differs. An empty ``before`` means that it came, an empty ``after`` that it went."""

    pattern: tuple[str, ...]  #: where it stands in the schema, ``*`` for any entry of a list
    place: tuple[str, ...]  #: the titles of the fields on the way, and the ids of entries
    before: Any = None
    after: Any = None
    roles: tuple[str, ...] = ()
    defines: bool = False  #: the schema says that a change here changes what the record means (``x-defining``)
    upkeep: bool = (
        False  #: the schema says that it tells of the record’s care, and nothing of its subject (``x-upkeep``)
    )


def field_changes(schemas: Schemas, kind: str, before: Any, after: Any) -> tuple[FieldChange, ...]:
    """Everything that differs between the data of two states of a record of ``kind``, in the order of the schema."""
    return tuple(_Walk(schemas, kind).compare(before, after, (), (), frozenset()))


@dataclass(frozen=True)
class _Walk:
    schemas: Schemas
    kind: str

    def compare(
        self, before: Any, after: Any, field: Field, place: tuple[str, ...], inherited: frozenset[str]
    ) -> Iterator[FieldChange]:
        if before == after:
            return
        schema = self.schemas.described(self.kind, field)
        marked = inherited | {name for name in _INHERITED if schema.get(name)}
        if isinstance(before, dict) and isinstance(after, dict):
            known = [*schema.get("properties", {})]
            for name in sorted({*before, *after}, key=lambda name: known.index(name) if name in known else len(known)):
                title = str(schema.get("properties", {}).get(name, {}).get("title", name))
                yield from self.compare(before.get(name), after.get(name), (*field, name), (*place, title), marked)
        elif isinstance(before, list) and isinstance(after, list):
            yield from self._lists(before, after, field, place, marked)
        else:
            yield self._change(before, after, field, place, marked)

    def _lists(
        self,
        before: Sequence[Any],
        after: Sequence[Any],
        field: Field,
        place: tuple[str, ...],
        inherited: frozenset[str],
    ) -> Iterator[FieldChange]:
        entry = (*field, 0)
        old, new = _by_id(before), _by_id(after)
        if old is not None and new is not None:
            for key in [*old, *(key for key in new if key not in old)]:
                yield from self.compare(old.get(key), new.get(key), entry, (*place, key), inherited)
            return
        left, right = ([_text(value) for value in values] for values in (before, after))
        for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            for index in range(max(b - a, d - c)):
                one = before[a + index] if a + index < b else None
                other = after[c + index] if c + index < d else None
                if isinstance(one, dict) and isinstance(other, dict):
                    yield from self.compare(one, other, entry, (*place, f"{c + index + 1}"), inherited)
                else:
                    yield self._change(one, other, entry, place, inherited)

    def _change(
        self,
        before: Any,
        after: Any,
        field: Field,
        place: tuple[str, ...],
        marked: frozenset[str],
    ) -> FieldChange:
        role = self.schemas.described(self.kind, field).get("x-role", ())
        return FieldChange(
            pattern=tuple("*" if isinstance(part, int) else part for part in field),
            place=place,
            before=before,
            after=after,
            roles=(role,) if isinstance(role, str) else tuple(role),
            defines="x-defining" in marked,
            upkeep="x-upkeep" in marked,
        )


def _by_id(values: Sequence[Any]) -> dict[str, Any] | None:
    """The entries of a list by id; nothing if one has none, or two have one."""
    if not all(isinstance(value, dict) and "id" in value for value in values):
        return None
    found = {value["id"]: value for value in values}
    return found if len(found) == len(values) else None


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def in_words(value: Any) -> str:
    """A value as a reader is told it: the texts in it, one after the other."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split())
