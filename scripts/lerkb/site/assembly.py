"""From a validated knowledge base to the site that is rendered: the drafts question, the words, the checks’ pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lerkb.checks import all_checks
from lerkb.project import Project
from lerkb.site.messages import Messages
from lerkb.site.site import CheckDoc, Site, SiteSettings

if TYPE_CHECKING:
    from lerkb.validation import Validation


def project_of(config_file: str | None) -> Project:
    """The knowledge base that a MkDocs configuration file belongs to."""
    return Project.at(Path(config_file).parent) if config_file else Project.find()


def assemble(validation: Validation, settings: SiteSettings, language: str = "en", *, drafts: bool = False) -> Site:
    """The site of a validation. Without ``drafts`` the drafts are left out."""
    base = validation.base if drafts else validation.base.without_drafts()
    return Site(base, Messages.load(language), settings, check_docs())


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
