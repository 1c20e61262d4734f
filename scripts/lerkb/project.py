"""Where a knowledge base lies on disk: its root, the folder of each kind of record, its settings."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lerkb.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def modeline(kind: str) -> str:
    """The first line of a record’s file that tells an editor the schema, where the knowledge base has schemas of its own."""
    depth = "../" * (KIND_FOLDERS[kind].count("/") + 1)
    return f"# yaml-language-server: $schema={depth}schemas/{kind}.schema.json\n"


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
class Stray:
    """Something that lies where records do and is no record file, or a record file that lies where no records do."""

    path: str  #: from the root; signs that cannot be printed are shown as dots
    why: str  #: names the message that tells it
    better: str = ""  #: where it should lie, or what it should be called


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

    def modeline(self, kind: str) -> str:
        """What a new record begins with; empty where the line would lead an editor nowhere."""
        return modeline(kind) if self.has_own_schemas else ""

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
        """Every record file, sorted by path. Folders may be nested; what is no plain file is never opened."""
        return self._found[0]

    def find_strays(self) -> tuple[Stray, ...]:
        """What lies in the folders of records and is none, and records that lie elsewhere, sorted by path."""
        return tuple(sorted([*self._found[1], *self._misplaced()], key=lambda stray: stray.path))

    @property
    def _found(self) -> tuple[tuple[RecordFile, ...], list[Stray]]:
        records: list[RecordFile] = []
        strays: list[Stray] = []
        for kind in KIND_FOLDERS:
            folder = self.folder(kind)
            if folder.is_symlink():
                strays.append(Stray(self._path(folder), "link"))
            elif folder.is_dir():
                self._walk(kind, folder, records, strays)
        return tuple(sorted(records, key=lambda record: record.path)), strays

    def _walk(self, kind: str, top: Path, records: list[RecordFile], strays: list[Stray]) -> None:
        """Sort what lies in a folder into records and strays; links are not followed."""
        pending = [(top, self._path(top))]
        while pending:
            here, inside = pending.pop()
            with os.scandir(here) as entries:
                for entry in entries:
                    path = f"{inside}/{_printable(entry.name)}"
                    why = _why_stray(entry)
                    if why:
                        strays.append(Stray(path, why, _better_name(kind, Path(entry.name), why)))
                    elif entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            pending.append((here / entry.name, path))
                    elif _suffix(entry.name) in RECORD_SUFFIXES and not _LEFTOVER.match(entry.name):
                        records.append(RecordFile(kind, path, here / entry.name))

    def _path(self, path: Path) -> str:
        return _printable(path.relative_to(self.root).as_posix())

    def _misplaced(self) -> Iterator[Stray]:
        """Record files in the root, in content itself, among the pages, or in a folder whose name is nearly that of a kind’s."""
        right = {self.folder(kind) for kind in KIND_FOLDERS}
        near = {_simple(folder.rpartition("/")[2]): folder for folder in (*KIND_FOLDERS.values(), *KIND_FOLDERS)}
        near |= {_simple(kind): folder for kind, folder in KIND_FOLDERS.items()}
        for parent in (self.root, self.root / "content"):
            if parent.is_symlink() or not parent.is_dir():
                continue
            with os.scandir(parent) as entries:
                for entry in entries:
                    path = Path(entry.path)
                    folder = near.get(_simple(entry.name))
                    if entry.is_file(follow_symlinks=False) and path.suffix.casefold() in RECORD_SUFFIXES:
                        if entry.name != CONFIG_NAME and _starts_like_a_record(path):
                            yield Stray(self._path(path), "misplaced")
                    elif folder and entry.is_dir(follow_symlinks=False) and path not in right:
                        strays = sorted(file for file in path.rglob("*") if file.suffix.casefold() in RECORD_SUFFIXES)
                        yield from (Stray(self._path(file), "misplaced", f"{folder}/{file.name}") for file in strays)
        yield from self._among_the_pages()

    def _among_the_pages(self) -> Iterator[Stray]:
        pages = self.pages_folder
        if pages.is_symlink():
            yield Stray(self._path(pages), "link")
        elif pages.is_dir():
            for path in sorted(pages.rglob("*")):
                if path.is_symlink():
                    yield Stray(self._path(path), "link")
                elif path.suffix.casefold() in RECORD_SUFFIXES and path.is_file() and _starts_like_a_record(path):
                    yield Stray(self._path(path), "misplaced")


#: What editors and systems leave behind; nobody meant it as a record.
_LEFTOVER: Final = re.compile(
    r"\.|.*~$|#.*#$|.*\.(?:swp|swo|tmp|bak|orig|rej)$|(?:Thumbs\.db|desktop\.ini|README(?:\.md)?)$"
)


def _printable(name: str) -> str:
    return name if name.isprintable() else "".join(sign if sign.isprintable() else "·" for sign in name)


def _suffix(name: str) -> str:
    """As ``Path.suffix`` has it, without making a path: a library is walked more than once, and paths took most of the time."""
    stem, _, last = name.rpartition(".")
    return f".{last}" if stem and last else ""


def _why_stray(entry: os.DirEntry[str]) -> str:
    """Why something in a folder of records is none, by the name of the message; empty for records, folders and leftovers."""
    suffix = _suffix(entry.name)
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder" if suffix.casefold() in RECORD_SUFFIXES else ""
    if not entry.is_file(follow_symlinks=False):
        return "no-file"
    if _LEFTOVER.match(entry.name):
        return ""
    if suffix in RECORD_SUFFIXES:
        return "" if entry.name.isprintable() else "name"
    return "suffix" if suffix.casefold() in RECORD_SUFFIXES else "no-record"


def _better_name(kind: str, path: Path, why: str) -> str:
    if why in ("suffix", "no-record"):
        return f"{KIND_FOLDERS[kind]}/{path.stem}.yaml"
    return ""


def _simple(name: str) -> str:
    """A name without what people mix up in it: case, hyphens, underscores, the plural."""
    return re.sub(r"[-_ ]", "", name.casefold()).removesuffix("s")


def _starts_like_a_record(path: Path) -> bool:
    with path.open("rb") as file:
        return re.search(rb"^id:", file.read(2000), re.MULTILINE) is not None


def generator_schemas_folder() -> Path:
    """The schemas that come with the generator: inside an installed package, else beside the source."""
    package = Path(__file__).resolve().parent
    shipped = package / "_schemas"
    return shipped if shipped.is_dir() else package.parent.parent / "schemas"
