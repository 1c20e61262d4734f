"""What a file of the wrong shape still says: so that a mistyped field does not hide a mistyped reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lerkb.records import Record

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from lerkb.checks.schema import SchemaError
    from lerkb.diagnostics import Field
    from lerkb.yaml_source import Source

#: Steps to the id of a part: its list, its number, the field.
_ENTRY_ID: Final = 3


def salvaged(source: Source, errors: Iterable[SchemaError], known: frozenset[str]) -> tuple[Record, Container[Field]]:
    """The record that a file would be without the values that have errors, and the places of these.

    ``known``: the fields that such a record may have; one that is not there may stand under a mistyped name.
    """
    wrong = frozenset(place for error in errors for place in _wrong(error))
    data = _without(source.legible, (), wrong)
    if not isinstance(data, dict):
        data = {}
    data = {"id": source.stem, "status": "draft", **data}
    unread = source.broken.union(known - data.keys(), (str(place[0]) for place in wrong if _hides(place)))
    return Record(source.kind, data["id"], source.path, data, unread), wrong


def _hides(place: Field) -> bool:
    """Whether the name of a part is lost with a value: with a whole list, one of its entries, or the id of one."""
    return len(place) < _ENTRY_ID or place[2:] == ("id",)


def as_written(field: Field, data: Any, wrong: Container[Field]) -> Field:
    """The place in a file’s own data of a place in what was salvaged from it, where lists are shorter."""
    place: Field = ()
    for part in field:
        step = part
        if isinstance(part, int):
            step = [index for index in range(len(data)) if (*place, index) not in wrong][part]
        place = (*place, step)
        data = data[step]
    return place


def _wrong(error: SchemaError) -> Iterator[Field]:
    """The places that an error makes unfit to be looked at. A group that lacks a field, or has one too many, is fit but for this one."""
    if error.keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        yield from ((*error.field, name) for name in error.instance if name not in known)
    elif error.keyword == "propertyNames":
        yield (*error.field, error.instance)
    elif error.field and (not isinstance(error.instance, (dict, list)) or error.keyword in ("type", "const", "enum")):
        yield error.field


def _without(value: Any, place: Field, wrong: Container[Field]) -> Any:
    if isinstance(value, dict):
        return {
            key: _without(child, (*place, key), wrong) for key, child in value.items() if (*place, key) not in wrong
        }
    if isinstance(value, list):
        return [
            _without(child, (*place, index), wrong) for index, child in enumerate(value) if (*place, index) not in wrong
        ]
    return value
