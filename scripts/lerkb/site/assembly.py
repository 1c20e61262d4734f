"""From a validated knowledge base to the site that is rendered: the drafts question, the words, the checks’ pages."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from lerkb.checks import all_checks
from lerkb.exports import Origin, exports
from lerkb.project import Project
from lerkb.schemas import schema_text
from lerkb.site.messages import Messages
from lerkb.site.site import CheckDoc, ExportDoc, Site, SiteSettings, record_url

if TYPE_CHECKING:
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.validation import Validation


def project_of(config_file: str | None) -> Project:
    """The knowledge base that a MkDocs configuration file belongs to."""
    return Project.at(Path(config_file).parent) if config_file else Project.find()


def assemble(  # noqa: PLR0913 - what a build may be asked for, each by its name
    validation: Validation,
    settings: SiteSettings,
    language: str = "en",
    *,
    drafts: bool = False,
    briefs: bool = False,
    offline: bool = False,
    own_schemas: bool = True,
) -> Site:
    """The site of a validation.

    Without ``drafts`` the drafts are left out; with ``briefs`` pages lead to files to take away; with ``offline`` the data page
    offers the offline copy. ``own_schemas``: whether new records name a schema of the knowledge base.
    """
    base = validation.base if drafts else validation.base.without_drafts()
    return Site(
        base,
        Messages.load(language),
        settings,
        check_docs(),
        export_docs(validation.base, settings),
        with_briefs=briefs,
        own_schemas=own_schemas,
        offline_copy=f"{folder_name(settings.name)}-offline.zip" if offline else "",
    )


def folder_name(name: str) -> str:
    """A name as a folder or file may have it everywhere."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "site"


def origin_of(base: KnowledgeBase, settings: SiteSettings) -> Origin:
    """Whose records an export holds, and where their pages are."""
    return Origin(
        settings.name,
        settings.root,
        {(record.kind, record.id): record_url(record) for record in base if record.kind != "vocabulary"},
    )


def export_docs(base: KnowledgeBase, settings: SiteSettings) -> tuple[ExportDoc, ...]:
    """The exports as the data page lists them. Drafts are left out, and each is made once, when it is first asked for."""
    published = base.without_drafts()
    origin = origin_of(published, settings)
    return tuple(
        ExportDoc(item.name, item.title, item.description, cache(partial(item.run, published, origin)))
        for item in exports()
    )


def data_files(site: Site) -> dict[str, str | bytes]:
    """Every file of the data page, by its place below ``data/``."""
    schemas = {f"schemas/{name}": schema_text(schema) for name, schema in site.base.schemas.documents.items()}
    return schemas | {name: content for doc in site.exports for name, content in doc.files().items()}


def check_docs() -> tuple[CheckDoc, ...]:
    """The checks as their pages explain them."""
    docs = []
    for check in all_checks():
        page = check.page
        docs.append(
            CheckDoc(
                check.code,
                check.name,
                check.family_name,
                check.family,
                check.family_about,
                check.severity.value,
                page.title,
                page.why,
                page.bad,
                page.good,
                check.waivable,
            )
        )
    return tuple(docs)
