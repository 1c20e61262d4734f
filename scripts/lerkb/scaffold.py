"""A first draft of a record, made from its schema: each field with its description as a remark and its example as a value."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.formatting import format_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.schemas import Schemas

_WIDTH: Final = 100
#: Fields that no record has when it begins.
LATER: Final = ("retired", "withdrawn", "waivers")
#: As the schema has it.
LONGEST_ID: Final = 80
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")
_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class _Dumper(yaml.SafeDumper):
    """Block style with list items indented under their key, as records are written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as PyYAML calls it
        super().increase_indent(flow, False)  # noqa: FBT003 - as PyYAML takes it


def id_from(text: str, longest: int = LONGEST_ID) -> str:
    """An id made of a title: small letters, digits and single hyphens, cut between words. Empty if no letter or digit is left."""
    letters = unicodedata.normalize("NFKD", re.sub("[’']", "", text)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", letters.casefold()).strip("-")
    return made if len(made) <= longest else made[: longest + 1].rpartition("-")[0] or made[:longest]


def unfit_id(record_id: str) -> str:
    """Why a record cannot have this id, for a message; empty if it can."""
    if not _KEBAB.match(record_id):
        better = id_from(record_id)
        return f"{record_id!r} is not small letters, digits and single hyphens" + (
            f"; try {better!r}" if better else ""
        )
    if len(record_id) > LONGEST_ID:
        return f"{record_id!r} has {len(record_id)} characters; a name has at most {LONGEST_ID}"
    if _RESERVED.match(record_id):
        return f"{record_id!r} is a name that Windows keeps for itself; try {f'{record_id}-record'!r}"
    return ""


def required_fields(group: Mapping[str, Any]) -> frozenset[str]:
    """The fields that a group, or a record that was not withdrawn, must have."""
    return frozenset((*group.get("required", ()), *group.get("else", {}).get("required", ())))


def draft(schemas: Schemas, kind: str, data: Mapping[str, Any]) -> str:
    """The text of a record that holds ``data``. A field that must be there and is not stands in it as a remark, with its example."""
    described = schemas.described(kind, ())
    required = required_fields(described)
    lines = []
    for name, schema in described["properties"].items():
        if name in data:
            lines.append(dump({name: data[name]}))
        elif name in required:
            lines += [*_remark(schema, ""), *(f"# {line}" for line in dump({name: _example(schema)}).splitlines()), ""]
    return format_record("\n".join(line.rstrip() for line in lines) + "\n", kind, schemas)


def scaffold(schemas: Schemas, kind: str, record_id: str, given: Mapping[str, str] | None = None) -> str:
    """The text of a new record of ``kind``. Fields that must be there hold their examples; the others stand there as remarks.

    ``given``: texts that stand in the place of examples, by field.
    """
    described = schemas.described(kind, ())
    required = required_fields(described)
    own = {"id": record_id, "status": "draft", **(given or {})}
    lines = []
    for name, schema in described["properties"].items():
        if name in required or name in own:
            lines += [*_remark(schema, ""), dump({name: own.get(name, _example(schema))})]
        elif name not in LATER and not schema.get("readOnly"):
            lines += [*_remark(schema, ""), *(f"# {line}" for line in dump({name: _example(schema)}).splitlines())]
    return format_record("\n".join(line.rstrip() for line in lines) + "\n", kind, schemas)


def _remark(schema: Mapping[str, Any], indent: str) -> list[str]:
    words = f"{schema['title']}: {schema['description']}"
    return ["", *(f"{indent}# {line}" for line in textwrap.wrap(words, _WIDTH))]


def _example(schema: Mapping[str, Any]) -> Any:
    return schema["examples"][0]


def dump(value: Any) -> str:
    """Plain data as YAML, in the way records are laid out."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    ).rstrip("\n")
