"""The live preview: an edit is validated at once, and a page is rendered when somebody asks for it.

Nothing has to be known of which page shows what of which record: after an edit every page is stale, and the one that is looked at is made
anew in the time one page takes. What changes the set of pages, or is not a record, goes to MkDocs’ own full build.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands.build import get_context
from mkdocs.utils import write_file
from watchdog.events import FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent, FileSystemEvent
from watchdog.observers import Observer

from lerkb.project import KIND_FOLDERS
from lerkb.validation import Validation, validate_sources
from lerkb.yaml_source import Source, load_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

    from lerkb.project import Project

#: Reading a file is an event to the system as well; only these mean that something changed.
CHANGES: list[type[FileSystemEvent]] = [FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent]
BUILD_DELAY = 0.03  # seconds without a further change before a rebuild

Stamp = tuple[int, int]


class SourceCache:
    """Record files as last read. A file is read again only when its time or size changed."""

    def __init__(self, project: Project) -> None:
        """``project``: whose records are kept."""
        self.project = project
        self._read: dict[str, tuple[Stamp, Source]] = {}

    def load(self) -> list[Source]:
        """Every record file, read anew where it changed. A file that vanishes meanwhile is left out."""
        kept = {}
        for found in self.project.find_records():
            try:
                stat = found.file.stat()
                stamp = (stat.st_mtime_ns, stat.st_size)
                old = self._read.get(found.path)
                kept[found.path] = (
                    old if old and old[0] == stamp else (stamp, load_source(found.kind, found.path, found.file))
                )
            except OSError:
                continue
        self._read = kept
        return [source for _, source in kept.values()]

    def validate(self) -> Validation:
        """Every check over the files as they are now."""
        return validate_sources(self.project, self.load())


def other_files(config: MkDocsConfig) -> dict[str, Stamp]:
    """Time and size of what is no record but makes the site: the settings and the pages people write."""
    folders = [Path(config.docs_dir)]
    files = [Path(config.config_file_path)] if config.config_file_path else []
    for folder in folders:
        files += [Path(here) / name for here, _, names in os.walk(folder) for name in names]
    stamps = {}
    for file in sorted(files):
        try:
            stat = file.stat()
        except OSError:
            continue
        stamps[str(file)] = (stat.st_mtime_ns, stat.st_size)
    return stamps


class LivePages:
    """Renders stale pages on request, with what MkDocs made in its last full build."""

    def __init__(
        self, config: MkDocsConfig, env: Environment, files: Files, nav: Navigation, mend: Callable[[str], str]
    ) -> None:
        """``mend``: the repairs that a build makes to each page."""
        self._config = config
        self._env = env
        self._files = files
        self._nav = nav
        self._mend = mend
        self._lock = threading.Lock()
        self._stale: dict[str, Any] = {}

    def set_stale(self, pages: Iterable[Any]) -> None:
        """From now on these pages (``RecordPage``) must be rendered before they are served."""
        with self._lock:
            self._stale = {page.url: page for page in pages}

    def refresh(self, path: str) -> None:
        """Write the page at ``path`` anew if it is stale. ``path`` is the address from the site’s root."""
        url = path.lstrip("/").removesuffix("index.html")
        with self._lock:
            page = self._stale.get(url)
            if page is not None:
                page.read_source(self._config)
                page.ready = True  # no other plugin sees the page here
                context = get_context(self._nav, self._files.documentation_pages(), self._config, page)
                output = self._mend(self._env.get_template("main.html").render(context))
                page.forget()
                write_file(output.encode("utf-8"), page.file.abs_dest_path)
                del self._stale[url]  # only now: after a failure it is still stale


def watch_records(server: LiveReloadServer, config: MkDocsConfig, project: Project) -> None:
    """Let the server hear of changes when they happen, in every folder of records too."""
    watched = [config.docs_dir, *([config.config_file_path] if config.config_file_path else [])]
    for path in watched:
        server.unwatch(path)
    server.observer = _ChangeObserver()
    server.build_delay = BUILD_DELAY
    folders = [str(project.root / folder) for folder in KIND_FOLDERS.values() if (project.root / folder).is_dir()]
    for path in [*watched, *folders]:
        server.watch(path)


class _ChangeObserver(Observer):  # type: ignore[misc,valid-type]
    """The system’s own notices, changes only."""

    def schedule(self, event_handler: Any, path: str, **options: Any) -> Any:
        return super().schedule(event_handler, path, **{**options, "event_filter": CHANGES})
