"""What every page needs: the published records, the words, the settings, the glossary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from lerkb.text.terms import TermLinker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.site.messages import Messages

#: Folder of the pages of each kind. Terms share one page; values of vocabularies have pages below ``browse/``.
SECTIONS: Final = {
    "use-case": "use-cases/",
    "principle": "principles/",
    "pilot": "pilots/",
    "source": "sources/",
    "overview": "overviews/",
    "term": "glossary/",
    "vocabulary": "browse/",
}
#: Kinds whose records have a picture to show elsewhere.
PICTURED: Final = ("use-case", "principle", "overview")
#: The cards of all principles, in one file.
CARDS_URL: Final = "briefs/principle-cards.pdf"
#: Kinds that the page of a vocabulary value lists.
LISTED: Final = ("use-case", "principle", "pilot", "overview")
#: Kinds that can be put side by side, and where.
COMPARED: Final = ("use-case", "pilot")
COMPARE_URL: Final = "compare/"
#: Kinds that have a form, in the order in which it is offered. Overviews are prose and tables; vocabularies are lists that few may change.
FORM_KINDS: Final = ("use-case", "pilot", "source", "principle", "term")


@dataclass(frozen=True)
class SiteSettings:
    """What the owner of a knowledge base sets in ``mkdocs.yml``. What needs an empty one is left out of the pages."""

    name: str
    address: str = ""  #: ``site_url``
    repository: str = ""  #: ``extra.repository``: address of the repository’s page
    branch: str = "main"  #: ``extra.branch``
    contact: str = ""  #: ``extra.contact``: an e-mail address

    @classmethod
    def from_config(cls, name: str, address: str | None, extra: Mapping[str, object]) -> SiteSettings:
        """The settings as MkDocs read them."""
        return cls(
            name=name,
            address=address or "",
            repository=str(extra.get("repository") or "").rstrip("/"),
            branch=str(extra.get("branch") or "main"),
            contact=str(extra.get("contact") or ""),
        )

    @property
    def root(self) -> str:
        """The address that those of pages are added to: ending in a slash, or empty."""
        return f"{self.address.rstrip('/')}/" if self.address else ""

    @property
    def new_file_address(self) -> str:
        """Where a file can be added, or nothing if no repository is set."""
        return f"{self.repository}/new/{self.branch}" if self.repository else ""

    def edit_address(self, path: str) -> str:
        """Where a file can be edited, or nothing if no repository is set."""
        return f"{self.repository}/edit/{self.branch}/{path}" if self.repository else ""


@dataclass(frozen=True)
class CheckDoc:
    """A check as its page explains it."""

    code: str
    name: str
    family: str
    family_code: str
    family_about: str
    severity: str
    title: str
    why: str
    bad: str
    good: str
    waivable: bool


@dataclass(frozen=True)
class ExportDoc:
    """A form in which the knowledge base can be had, and its files once they are asked for."""

    name: str
    title: str
    description: str
    files: Callable[[], Mapping[str, str | bytes]]


@dataclass(frozen=True)
class Site:
    """The knowledge base as a site shows it."""

    base: KnowledgeBase
    messages: Messages
    settings: SiteSettings
    checks: tuple[CheckDoc, ...] = ()
    exports: tuple[ExportDoc, ...] = ()
    with_briefs: bool = False  #: whether files to take away are made with the pages, so that these may lead to them
    own_schemas: bool = True  #: whether the knowledge base has schemas of its own, so that a new record may name one
    offline_copy: str = ""  #: file of the data page that holds the whole site, if this build makes it

    def has_brief(self, record: Record) -> bool:
        """Whether a sheet is made of the record. A draft has none: paper cannot be called back."""
        return self.with_briefs and record.status == "published" and record.kind == "use-case"

    def has_picture(self, record: Record) -> bool:
        """Whether a picture is made of the record."""
        return self.with_briefs and record.status == "published" and record.kind in PICTURED

    @cached_property
    def terms(self) -> TermLinker:
        """Finds glossary terms in prose."""
        return TermLinker({term.id: (term.title, *term.data.get("also", ())) for term in self.base.of("term")})


def record_url(record: Record) -> str:
    """The address of a record’s page from the site’s root."""
    section = SECTIONS[record.kind]
    if record.kind == "term":
        return f"{section}#{record.id}"
    return f"{section}{record.id}/"


def brief_url(name: str) -> str:
    """The address of a sheet: ``name`` is the id of its use case, or ``for-`` and the id of its reader."""
    return f"briefs/{name}.pdf"


def picture_url(record: Record) -> str:
    """The address of a record’s picture."""
    return f"cards/{SECTIONS[record.kind]}{record.id}.png"


def compare_url(record: Record) -> str:
    """The address of the page that puts records side by side, with this one chosen."""
    return f"{COMPARE_URL}?r={record_url(record)}"


def form_url(kind: str) -> str:
    """The address of the form for records of a kind."""
    return f"contribute/form/{kind}/"


def value_url(vocabulary: str, value: str) -> str:
    """The address of the page of a vocabulary value."""
    return f"browse/{vocabulary}/{value}/"
