"""A first draft of a record, made from its schema: each field with its description as a remark and its example as a value."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.formatting import format_record
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.schemas import Schemas

_WIDTH: Final = 100


class _Dumper(yaml.SafeDumper):
    """Block style with list items indented under their key, as records are written."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as PyYAML calls it
        super().increase_indent(flow, False)  # noqa: FBT003 - as PyYAML takes it


def scaffold(schemas: Schemas, kind: str, record_id: str) -> str:
    """The text of a new record of ``kind``. Fields that must be there hold their examples; the others stand there as remarks."""
    described = schemas.described(kind, ())
    required = {*described.get("required", ()), *described.get("else", {}).get("required", ())}
    depth = "../" * (KIND_FOLDERS[kind].count("/") + 1)
    own = {"id": record_id, "status": "draft"}
    lines = [f"# yaml-language-server: $schema={depth}schemas/{kind}.schema.json"]
    for name, schema in described["properties"].items():
        if name in required or name in own:
            lines += [*_remark(schema, ""), dump({name: own.get(name, _example(schema))})]
        elif name not in ("retired", "withdrawn", "waivers") and not schema.get("readOnly"):
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
