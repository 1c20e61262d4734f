"""A small knowledge base to begin with: one made-up record of each kind, the vocabularies, the pages and the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lerkb.formatting import format_record
from lerkb.project import KIND_FOLDERS, RECORD_SUFFIXES, generator_schemas_folder, modeline
from lerkb.scaffold import dump
from lerkb.schemas import VOCABULARIES_FILE, Schemas, enumeration, schema_text, vocabularies_schema
from lerkb.yaml_source import parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).parent / "starter_files"
#: Stored under another name, so that it acts on nothing while it lies here.
_RENAMED: Final = {"gitignore": ".gitignore"}
_SCHEMAS: Final = "schemas"


def starter_files(*, with_schemas: bool) -> dict[str, str]:
    """Every file of a new knowledge base, by its place. ``with_schemas``: with schemas of its own, whose fields can be changed."""
    schemas = Schemas.load(generator_schemas_folder())
    files = {
        _RENAMED.get(path, path): file.read_text(encoding="utf-8")
        for file in sorted(_FOLDER.rglob("*"))
        if file.is_file() and (path := file.relative_to(_FOLDER).as_posix())
    }
    for name, schema in schemas.documents[VOCABULARIES_FILE]["$defs"].items():
        files.setdefault(f"{KIND_FOLDERS['vocabulary']}/{name}.yaml", _vocabulary(name, schema, schemas))
    if with_schemas:
        files |= {
            f"{_SCHEMAS}/{file.name}": file.read_text(encoding="utf-8")
            for file in sorted(generator_schemas_folder().glob("*.schema.json"))
        }
        files[f"{_SCHEMAS}/{VOCABULARIES_FILE}"] = schema_text(vocabularies_schema(_vocabularies(files)))
        files |= {path: modeline(kind) + text for path, text in files.items() if (kind := _kind(path))}
    return dict(sorted(files.items()))


def _vocabulary(name: str, schema: Mapping[str, object], schemas: Schemas) -> str:
    """A vocabulary record with the values that the schemas list."""
    values = [
        {"id": value, "title": option["title"], "description": option["description"]}
        | ({"also": option["x-also"]} if "x-also" in option else {})
        for value, option in enumeration(schema).items()
    ]
    record = {
        "id": name,
        "title": schema["title"],
        "status": "published",
        "summary": schema["description"],
        "values": values,
    }
    return format_record(dump(record) + "\n", "vocabulary", schemas)


def _vocabularies(files: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """The vocabularies among the files, by name."""
    return {
        stem: parse_source("vocabulary", path, stem, text.encode()).data
        for path, text in files.items()
        if _kind(path) == "vocabulary" and (stem := Path(path).stem)
    }


def _kind(path: str) -> str:
    folder, _, name = path.rpartition("/")
    kinds = {folder: kind for kind, folder in KIND_FOLDERS.items()}
    return kinds.get(folder, "") if Path(name).suffix in RECORD_SUFFIXES else ""
