"""The schemas of a knowledge base: validators of a kind, and the fields that play a role.

A field's *role* (``x-role`` in the schema) says what code may do with it: ``reference``, ``citation``, ``prose``, ``facet``, …
Checks and pages ask for the fields of a role and never for a field by name, so a new field joins in by its schema alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from lerkb.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jsonschema import FormatChecker
    from jsonschema.protocols import Validator

    from lerkb.diagnostics import Field

VOCABULARIES_FILE: Final = "vocabularies.schema.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
#: Base against which jsonschema-rs resolves relative ``$id`` and ``$ref``; nothing is fetched from it.
_BASE_URI: Final = "json-schema:///"
_SUFFIX: Final = ".schema.json"


@dataclass(frozen=True)
class FieldSpec:
    """A field of a kind of record: where it may stand (``*`` for any list index) and its schema with references followed."""

    pattern: tuple[str, ...]
    schema: Mapping[str, Any]

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles the field plays."""
        role = self.schema.get("x-role", ())
        return (role,) if isinstance(role, str) else tuple(role)


@dataclass
class _Node:
    """A branch of the tree of fields of one role; walking it visits nothing else of a record."""

    spec: FieldSpec | None = None
    children: dict[str, _Node] = field(default_factory=dict)


class Schemas:
    """The schema files of a knowledge base, by name. Never changes once made."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """``documents``: file name → schema; ``vocabularies.schema.json`` among them."""
        self.documents: dict[str, dict[str, Any]] = {name: dict(schema) for name, schema in documents.items()}
        self._trees: dict[tuple[str, str], _Node] = {}
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._reference: dict[str, Validator] = {}
        self._memo: tuple[Any, dict[tuple[str, str], list[tuple[Field, Any, FieldSpec]]]] = (None, {})

    @classmethod
    def load(cls, folder: Path) -> Schemas:
        """The schemas of ``folder``.

        Raises:
            RunError: the folder has none, or one is not JSON.
        """
        documents = {}
        for file in sorted(folder.glob("*" + _SUFFIX)):
            try:
                documents[file.name] = json.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise RunError(f"{file} is not JSON: {error}") from error
        if not documents:
            raise RunError(f"{folder} holds no schemas")
        return cls(documents).with_vocabularies(documents.get(VOCABULARIES_FILE, {}))

    def with_vocabularies(self, vocabularies: Mapping[str, Any]) -> Schemas:
        """The same schemas with the part that lists vocabulary values replaced; a list that is missing allows any text."""
        defs = {name: {"type": "string"} for name in sorted(self._vocabularies_named())} | vocabularies.get("$defs", {})
        return Schemas({**self.documents, VOCABULARIES_FILE: {**vocabularies, "$defs": defs}})

    def _vocabularies_named(self) -> set[str]:
        """The vocabularies that the other schemas point to."""
        others = {name: schema for name, schema in self.documents.items() if name != VOCABULARIES_FILE}
        targets = {str(node.get("$ref", "")) for node in _nodes(others)}
        return {target.rpartition("/")[2] for target in targets if target.startswith(VOCABULARIES_FILE)}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of record that have a schema."""
        return tuple(
            name.removesuffix(_SUFFIX)
            for name, schema in self.documents.items()
            if schema.get("type") == "object" and "properties" in schema
        )

    def of(self, kind: str) -> dict[str, Any]:
        """The schema of a kind.

        Raises:
            RunError: there is none.
        """
        try:
            return self.documents[kind + _SUFFIX]
        except KeyError:
            raise RunError(f"the schemas folder has no {kind}{_SUFFIX}") from None

    @cached_property
    def _rust_registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_BASE_URI + name, schema) for name, schema in self.documents.items()])

    def accepts(self, kind: str, data: Any) -> bool:
        """Whether ``data`` has the shape of ``kind``: the fast gate."""
        validator = self._validators.get(kind)
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator(
                self.of(kind), registry=self._rust_registry, validate_formats=True
            )
            self._validators[kind] = validator
        return bool(validator.is_valid(data))

    def reference_validator(self, kind: str) -> Validator:
        """The slow validator whose errors are put into words; made only for files that fail.

        jsonschema is imported here because its import costs more than checking a hundred records.
        """
        if kind not in self._reference:
            from jsonschema import Draft202012Validator
            from referencing import Registry, Resource

            registry: Registry[Any] = Registry().with_resources(
                (name, Resource.from_contents(schema, default_specification=_specification()))
                for name, schema in self.documents.items()
            )
            self._reference[kind] = Draft202012Validator(
                self.of(kind), registry=registry, format_checker=_format_checker(self._formats())
            )
        return self._reference[kind]

    def _formats(self) -> set[str]:
        """The formats that the schemas name."""
        return {node["format"] for node in _nodes(self.documents) if isinstance(node.get("format"), str)}

    def resolve(self, schema: Mapping[str, Any], document: str) -> tuple[Mapping[str, Any], str]:
        """``schema`` with its ``$ref`` followed and laid under its own words, and the document it then stands in."""
        while "$ref" in schema:
            name, _, pointer = schema["$ref"].partition("#")
            document = name or document
            target: Any = self.documents[document]
            for part in pointer.strip("/").split("/") if pointer.strip("/") else ():
                target = target[part]
            own = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**target, **own}
        return schema, document

    def specs(self, kind: str) -> Iterator[FieldSpec]:
        """Every field of a kind, in the order of the schema, parents first."""
        yield from self._specs(self.of(kind), kind + _SUFFIX, ())

    def _specs(self, schema: Mapping[str, Any], document: str, pattern: tuple[str, ...]) -> Iterator[FieldSpec]:
        schema, document = self.resolve(schema, document)
        if pattern:
            yield FieldSpec(pattern, schema)
        for name, child in schema.get("properties", {}).items():
            yield from self._specs(child, document, (*pattern, name))
        if isinstance(schema.get("items"), dict):
            yield from self._specs(schema["items"], document, (*pattern, "*"))

    def described(self, kind: str, field: Field) -> Mapping[str, Any]:
        """The schema of the field at a place in a record of ``kind``, references followed, and those of the fields in it.

        Empty if the kind has no such field.
        """
        schema, document = self.resolve(self.of(kind), kind + _SUFFIX)
        for part in field:
            child = schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)
            if not isinstance(child, dict):
                return {}
            schema, document = self.resolve(child, document)
        children = {name: self.resolve(child, document)[0] for name, child in schema.get("properties", {}).items()}
        return {**schema, "properties": children} if children else schema

    def values(self, kind: str, data: Any, role: str) -> Sequence[tuple[Field, Any, FieldSpec]]:
        """Every value of a record that plays ``role``, with its place and its field."""
        memo = self._memo
        if memo[0] is not data:
            # Check after check asks for the same few roles of one record, then all go on to the next: one record is remembered.
            memo = self._memo = (data, {})
        found = memo[1].get((kind, role))
        if found is None:
            tree = self._trees.get((kind, role))
            if tree is None:
                tree = self._trees[kind, role] = self._tree(kind, role)
            found = memo[1][kind, role] = []
            _visit(tree, data, (), found)
        return found

    def _tree(self, kind: str, role: str) -> _Node:
        root = _Node()
        for spec in self.specs(kind):
            if role in spec.roles:
                node = root
                for part in spec.pattern:
                    node = node.children.setdefault(part, _Node())
                node.spec = spec
        return root


def _visit(node: _Node, value: Any, place: Field, found: list[tuple[Field, Any, FieldSpec]]) -> None:
    if node.spec is not None:
        found.append((place, value, node.spec))
    for name, child in node.children.items():
        if name == "*":
            if isinstance(value, list):
                for index, item in enumerate(value):
                    _visit(child, item, (*place, index), found)
        elif isinstance(value, dict) and name in value:
            _visit(child, value[name], (*place, name), found)


def _nodes(document: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON document."""
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending += value.values()
        elif isinstance(value, list):
            pending += value


def _format_checker(formats: Iterable[str]) -> FormatChecker:
    """Formats as the gate checks them; jsonschema alone checks some only if further packages are installed."""
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name in sorted(formats):
        gate = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
        checker.checks(name)(gate.is_valid)
    return checker


def _specification() -> Any:
    from referencing.jsonschema import DRAFT202012

    return DRAFT202012


def vocabularies_schema(vocabularies: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The schema part that lists the values of each vocabulary, made from the vocabulary records."""
    return {
        "$schema": DIALECT,
        "$id": VOCABULARIES_FILE,
        "title": "Vocabulary values",
        "description": "Made from content/vocabularies by `lerkb vocabularies`. Change the vocabulary file, not this one.",
        "$defs": {
            name: {
                "title": data["title"],
                "description": data["summary"],
                "type": "string",
                "oneOf": [
                    {"const": value["id"], "title": value["title"], "description": value["description"]}
                    | ({"x-also": value["also"]} if value.get("also") else {})
                    for value in data["values"]
                ],
                "examples": [data["values"][0]["id"]],
            }
            for name, data in sorted(vocabularies.items())
        },
    }


def schema_text(schema: Mapping[str, Any]) -> str:
    """A schema as it stands in a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def enumeration(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The values a field allows, with title and description, where it lists them (``oneOf`` of ``const``); else nothing."""
    return {option["const"]: option for option in schema.get("oneOf", ()) if "const" in option}
