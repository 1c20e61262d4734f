"""A sheet to print for each reader of a use case: what they agree to, and questions with room to write; each says which field it fills.

The questions stand in the schema (``x-interview``: reader → question), so a field that asks one is on the sheet and no list is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

KIND: Final = "use-case"
#: The group of fields that holds what a person agreed to.
_CONSENT: Final = "account"
#: Signs that fit on a handwritten line, and how many lines a question gets.
_LINE: Final = 100
_LINES: Final = (3, 6)


@dataclass(frozen=True)
class Asked:
    """One question, and where its answer goes."""

    text: str
    field: str  #: the names of the field and the groups around it
    titles: str  #: the same in words, as the columns of a spreadsheet are headed
    lines: int


@dataclass(frozen=True)
class Agreed:
    """Something to agree to: a box to tick, or a line to write on."""

    text: str
    field: str
    to_tick: bool


@dataclass(frozen=True)
class InterviewView:
    """The sheet, ready to print."""

    title: str
    lead: str
    crumbs: tuple[Link, ...]
    agreed: tuple[Agreed, ...]
    asked: tuple[Asked, ...]
    others: tuple[Link, ...]


def interview_url(audience: str) -> str:
    """The address of a reader’s sheet."""
    return f"interview/{audience}/"


@page_type
def interview_pages(site: Site) -> Iterator[Page]:
    """A sheet for each reader whom the fields of a use case ask something."""
    for audience, title in _audiences(site).items():
        url = interview_url(audience)
        heading, lead = site.messages("interview.title", name=title), site.messages("interview.lead")
        yield Page(
            url,
            heading,
            lead,
            "pages/interview.html",
            partial(view, site, audience),
            search=(SearchEntry(url, heading, lead),),
        )


def view(site: Site, audience: str) -> InterviewView:
    """Prepare a sheet."""
    viewer = Viewer(site, "../../")
    t = viewer.t
    audiences = _audiences(site)
    title = t("interview.title", name=audiences[audience])
    return InterviewView(
        title=title,
        lead=t("interview.lead"),
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(title)),
        agreed=tuple(_agreed(site)),
        asked=tuple(_asked(site, audience)),
        others=tuple(
            Link(name, viewer.href(interview_url(other))) for other, name in audiences.items() if other != audience
        ),
    )


def _audiences(site: Site) -> dict[str, str]:
    """The readers who are asked something, with their titles, in the order of the vocabulary."""
    asked = {audience for spec in site.base.schemas.specs(KIND) for audience in spec.schema.get("x-interview", ())}
    return {
        audience: str(value["title"])
        for audience, value in site.base.vocabulary("audiences").items()
        if audience in asked
    }


def _asked(site: Site, audience: str) -> Iterator[Asked]:
    for spec in site.base.schemas.specs(KIND):
        question = spec.schema.get("x-interview", {}).get(audience)
        if question:
            least, most = _LINES
            size = int(spec.schema.get("maxLength", spec.schema.get("items", {}).get("maxLength", _LINE * least)))
            yield Asked(
                question,
                _dotted(spec.pattern),
                " › ".join(_titles(site, spec.pattern)),
                min(max(-(-size // _LINE), least), most),
            )


def _titles(site: Site, pattern: tuple[str, ...]) -> Iterator[str]:
    path: tuple[str | int, ...] = ()
    for name in pattern:
        path = (*path, 0 if name == "*" else name)
        if name != "*":
            yield str(site.base.schemas.described(KIND, path)["title"])


def _agreed(site: Site) -> Iterator[Agreed]:
    """What the fields of a personal account ask for: yes to a sentence, or a name and a day to write down."""
    for spec in site.base.schemas.specs(KIND):
        words: Any = spec.schema.get("x-question")
        if spec.pattern[0] == _CONSENT and words and "properties" not in spec.schema:
            yield Agreed(str(words), _dotted(spec.pattern), to_tick=not str(words).endswith("?"))


def _dotted(pattern: tuple[str, ...]) -> str:
    return ".".join(name for name in pattern if name != "*")
