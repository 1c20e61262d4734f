"""Pages of a preview: as published, with drafts, and with a notice in place of each record that has an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lerkb.diagnostics import Severity
from lerkb.site import all_pages
from lerkb.site.page import Page
from lerkb.site.site import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lerkb.diagnostics import Diagnostic
    from lerkb.site.site import Site
    from lerkb.yaml_source import Source


def preview_pages(site: Site, diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> dict[str, Page]:
    """Every page by address; that of a record with an error lists what is wrong with it."""
    made = {page.url: page for page in all_pages(site)}
    wrong: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        source = sources.get(diagnostic.path)
        if diagnostic.severity is Severity.ERROR and source is not None:
            section = SECTIONS[source.kind]
            wrong.setdefault(section if source.kind == "term" else f"{section}{source.stem}/", []).append(diagnostic)
    for url, found in wrong.items():
        made[url] = broken_page(site, url, tuple(found))
    return made


def broken_page(site: Site, url: str, diagnostics: tuple[Diagnostic, ...]) -> Page:
    """The notice in place of a record that cannot be shown."""
    return Page(
        url, site.messages("broken.title"), site.messages("broken.lead"), "pages/broken.html", lambda: diagnostics
    )
