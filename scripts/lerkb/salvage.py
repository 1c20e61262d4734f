"""What a file of the wrong shape still says: so that a mistyped field does not hide a mistyped reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lerkb.records import Record

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from lerkb.checks.schema import SchemaError
    from lerkb.diagnostics import Field
    from lerkb.yaml_source import Source


def salvaged(source: Source, errors: Iterable[SchemaError]) -> tuple[Record, Container[Field]]:
    """The record that a file would be without the values that have errors, and the places of these."""
    wrong = frozenset(place for error in errors for place in _wrong(error))
    data = _without(source.legible, (), wrong)
    if not isinstance(data, dict):
        data = {}
    data = {"id": source.stem, "status": "draft", **data}
    return Record(source.kind, data["id"], source.path, data), wrong


def as_written(field: Field, data: Any, wrong: Container[Field]) -> Field:
    """The place in a file’s own data of a place in what was salvaged from it, where lists are shorter."""
    place: Field = ()
    for part in field:
        if isinstance(part, int):
            kept = [index for index in range(len(data)) if (*place, index) not in wrong]
            part = kept[part]  # noqa: PLW2901 - the same entry, counted among all
        place = (*place, part)
        data = data[part]
    return place


def _wrong(error: SchemaError) -> Iterator[Field]:
    """The places that an error makes unfit to be looked at. A group that lacks a field, or has one too many, is fit but for this one."""
    if error.keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        yield from ((*error.field, name) for name in error.instance if name not in known)
    elif error.keyword == "propertyNames":
        yield (*error.field, error.instance)
    elif (error.field and not isinstance(error.instance, (dict, list))) or (
        error.field and error.keyword in ("type", "const", "enum")
    ):
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
