"""The second thin adapter: the same pages as a folder of Markdown files with HTML bodies, for generators that run no plugins of ours.

What comes out is a MkDocs project of its own: ``mkdocs.yml`` and ``docs/``. Zensical builds it, and so does MkDocs without our plugin.
"""

from __future__ import annotations

import json
import shutil
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.errors import RunError
from lerkb.files import swap_folder, write_text
from lerkb.site import all_pages
from lerkb.site.assembly import data_files
from lerkb.site.environment import render
from lerkb.site.finder import finder_files
from lerkb.site.form_data import form_files
from lerkb.site.theme_settings import (
    ASSETS,
    MATERIAL_ICONS,
    SCRIPT,
    STYLESHEET,
    navigation,
    source_name,
    theme_defaults,
)

if TYPE_CHECKING:
    from pathlib import Path

    from lerkb.project import Project
    from lerkb.site.page import Page
    from lerkb.site.site import Site

#: Pages that lists of any length would push over the limit of a search index; they are found by what they list.
_WITHOUT_SEARCH: Final = (
    "pages/list.html",
    "pages/source_list.html",
    "pages/browse.html",
    "pages/gaps.html",
    "pages/matrix.html",
)


def write_docs_tree(site: Site, project: Project, folder: Path) -> int:
    """Write the tree into ``folder``, which is replaced whole; returns the number of pages.

    Raises:
        RunError: the folder holds something else than a tree written before, or cannot be written.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder / "mkdocs.yml").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} is not empty and holds no docs tree; choose another folder")
    if project.root.is_relative_to(folder):
        raise RunError(f"{folder} holds the knowledge base itself; choose another folder")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        count = _write(site, project, aside)
        swap_folder(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return count


def _write(site: Site, project: Project, folder: Path) -> int:
    docs = folder / "docs"
    count = 0
    addresses = set()
    for page in all_pages(site):
        addresses.add(page.url)
        write_text(docs / source_name(page.url), _markdown(page, site))
        count += 1
        if page.record and page.record.kind != "term" and not page.record.withdrawn:
            write_text(
                docs / page.url / f"{page.record.id}.yaml",
                (project.root / page.record.path).read_text(encoding="utf-8"),
            )
    if project.pages_folder.is_dir():
        for file in sorted(path for path in project.pages_folder.rglob("*") if path.is_file()):
            target = docs / file.relative_to(project.pages_folder)
            if target.exists() or _address(file.relative_to(project.pages_folder)) in addresses:
                raise RunError(f"{file.name} in content/pages has the address of a generated page; rename it")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            count += file.suffix == ".md"
    shutil.copytree(ASSETS, docs / "assets")
    for name, text in (finder_files(site) | form_files(site)).items():
        write_text(docs / name, text)
    for name, content in data_files(site).items():
        (docs / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / "data" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    write_text(folder / "mkdocs.yml", yaml.safe_dump(_settings(site), sort_keys=False, allow_unicode=True))
    return count


def _address(file: PurePath) -> str | None:
    """The address that a Markdown file gets, None for other files."""
    if file.suffix != ".md":
        return None
    folder = file.parent if file.stem in {"index", "README"} else file.with_suffix("")
    return "" if folder == PurePath() else f"{folder.as_posix()}/"


def _markdown(page: Page, site: Site) -> str:
    """A Markdown file: front matter, then one block of HTML, which Markdown leaves alone."""
    head = page.head
    if page.template in _WITHOUT_SEARCH or page.redirect:
        head["search"] = {"exclude": True}
    front = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    body = "\n".join(line for line in render(page, site).splitlines() if line.strip())
    return f'---\n{front}\n---\n\n<div class="kb-content" id="kb-content">\n{body}\n</div>\n'


def _settings(site: Site) -> dict[str, Any]:
    return {
        "site_name": site.settings.name,
        **({"site_url": site.settings.address} if site.settings.address else {}),
        "docs_dir": "docs",
        "theme": {"name": "material", **theme_defaults(site.messages, MATERIAL_ICONS)},
        "extra_css": [STYLESHEET],
        "extra_javascript": [SCRIPT],
        "nav": [
            {title: source_name(url) if url != "contribute/" else "contribute.md"}
            for title, url in navigation(site.messages)
        ],
        "markdown_extensions": ["attr_list", {"toc": {"permalink": False}}],
    }
