"""Where a knowledge base lies on disk: its root, the folder of each kind of record, its settings."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lerkb.errors import RunError

CONFIG_NAME: Final = "mkdocs.yml"

#: Folder of each kind of record. The order is the order in which kinds are listed anywhere.
KIND_FOLDERS: Final[dict[str, str]] = {
    "use-case": "use_cases",
    "principle": "principles",
    "pilot": "content/pilots",
    "source": "content/sources",
    "overview": "content/overviews",
    "term": "content/glossary",
    "vocabulary": "content/vocabularies",
}
_SITE_URL: Final = re.compile(r"""^site_url:[ \t]*['"]?(https?://[^\s'"#]+)""", re.MULTILINE)
RECORD_SUFFIXES: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True)
class RecordFile:
    """One file that should hold a record, as found in the folder of its kind."""

    kind: str
    path: str  #: from the root, with forward slashes
    file: Path

    @property
    def stem(self) -> str:
        """The id the record ought to have."""
        return self.file.stem


@dataclass(frozen=True)
class Project:
    """The folders of one knowledge base."""

    root: Path
    settings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """The project whose ``mkdocs.yml`` is the nearest at or above ``start``.

        Raises:
            RunError: no such file is found.
        """
        start = (start or Path.cwd()).absolute()
        for folder in (start, *start.parents):
            if (folder / CONFIG_NAME).is_file():
                return cls(folder)
        raise RunError(f"no {CONFIG_NAME} in {start} or above it; name the folder with --root")

    @classmethod
    def at(cls, root: Path) -> Project:
        """The project in the folder ``root``, which the user named.

        Raises:
            RunError: the folder is missing or holds no ``mkdocs.yml``.
        """
        if not root.is_dir():
            raise RunError(f"{root} is not a folder")
        if not (root / CONFIG_NAME).is_file():
            raise RunError(f"{root} has no {CONFIG_NAME}, so it is not a knowledge base")
        return cls(root.absolute())

    def folder(self, kind: str) -> Path:
        """The folder that holds records of ``kind``."""
        return self.root / KIND_FOLDERS[kind]

    @property
    def pages_folder(self) -> Path:
        """The folder of the pages people write freely."""
        return self.root / "content" / "pages"

    @property
    def schemas_folder(self) -> Path:
        """The knowledge base's own schemas if it has them, else the generator's."""
        own = self.root / "schemas"
        return own if own.is_dir() else generator_schemas_folder()

    @property
    def has_own_schemas(self) -> bool:
        """Whether the schemas are the knowledge base's own, and so to be kept in step by it."""
        return (self.root / "schemas").is_dir()

    @property
    def site_address(self) -> str:
        """The address that ``site_url`` in the settings gives the site, if it is written out there.

        The file is not read as YAML: in a pull request its writer is a stranger, and here it need not do more than give an address.
        """
        text = (self.root / CONFIG_NAME).read_text(encoding="utf-8", errors="replace")
        found = _SITE_URL.search(text)
        return found[1] if found else ""

    @property
    def folder_in_repository(self) -> str:
        """Where the root lies in the repository around it, with a slash at the end; empty for its top, or if there is none."""
        for folder in (self.root, *self.root.parents):
            if (folder / ".git").exists():
                inside = self.root.relative_to(folder).as_posix()
                return "" if inside == "." else inside + "/"
        return ""

    def find_records(self) -> tuple[RecordFile, ...]:
        """Every record file, sorted by path. Folders may be nested; other files are left alone."""
        found = []
        for kind in KIND_FOLDERS:
            folder = self.folder(kind)
            for here, folders, names in os.walk(folder):
                folders.sort()
                inside = Path(here).relative_to(self.root).as_posix()
                found += [
                    RecordFile(kind, f"{inside}/{name}", Path(here, name))
                    for name in names
                    if Path(name).suffix in RECORD_SUFFIXES
                ]
        return tuple(sorted(found, key=lambda record: record.path))


def generator_schemas_folder() -> Path:
    """The schemas that come with the generator: inside an installed package, else beside the source."""
    package = Path(__file__).resolve().parent
    shipped = package / "_schemas"
    return shipped if shipped.is_dir() else package.parent.parent / "schemas"
