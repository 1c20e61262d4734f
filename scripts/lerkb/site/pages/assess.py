"""Hold a project against the principles, and ask vendors: the checks as a questionnaire and as procurement questions.

Both pages are whole without a script: they can be read, printed and filled in by hand. What a reader enters stays in the browser.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.site import Site

URL: Final = "assess/"
VENDORS: Final = "assess/vendors/"
ANSWERS: Final = ("yes", "partly", "no", "not-applicable", "not-known")
#: Who is asked the questions that a buyer puts to a vendor.
_VENDOR: Final = "technology-builder"
_CASES: Final = {"applied": 3, "partly": 2, "missing": 3}  # cases named to learn from, by how they kept the principle


@dataclass(frozen=True)
class AskedCheck:
    """One check as a question."""

    key: str  #: principle and check, as ``principle#check``: what an answer is kept under
    version: str  #: a hash of what is asked, so that an answer to an older wording is found
    question: str
    verify: str
    partly: str
    right: str  #: the answer that keeps the principle
    note: str
    audiences: tuple[str, ...]
    stages: tuple[str, ...]


@dataclass(frozen=True)
class AskedPrinciple:
    """The checks of one principle, with what to learn from where they fail."""

    id: str
    number: int
    link: Link
    version: str
    harm: str
    checks: tuple[AskedCheck, ...]
    cases: tuple[tuple[str, Link], ...]  #: how the case kept it, in words


@dataclass(frozen=True)
class AssessView:
    """Either page, ready to print."""

    crumbs: tuple[Link, ...]
    principles: tuple[AskedPrinciple, ...]
    audiences: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    count: int
    words: str  #: JSON: what the script says


def check_version(check: Mapping[str, Any]) -> str:
    """A short hash of what a check asks; a change of spelling changes it, a change of layout does not."""
    text = json.dumps(check, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@page_type
def assess_pages(site: Site) -> Iterator[Page]:
    """The questionnaire, and the questions for vendors."""
    t = site.messages
    for url, name, template in ((URL, "assess", "pages/assess.html"), (VENDORS, "vendors", "pages/vendors.html")):
        title, lead = t(f"{name}.title"), t(f"{name}.lead")
        yield Page(
            url,
            title,
            lead,
            template,
            partial(view, site, url),
            search=(SearchEntry(url, title, lead),),
            section="principles/",
        )


def view(site: Site, url: str) -> AssessView:
    """Prepare a page; for vendors, with the checks that a technology builder is asked."""
    viewer = Viewer(site, "../" * url.count("/"))
    t = viewer.t
    of = "" if url == URL else _VENDOR
    name = "assess" if url == URL else "vendors"
    principles = tuple(
        asked for record in site.base.of("principle") if (asked := _principle(viewer, record, of)).checks
    )
    checks = [check for principle in principles for check in principle.checks]

    def used(vocabulary: str) -> tuple[tuple[str, str], ...]:
        found = {value for check in checks for value in getattr(check, vocabulary)}
        return tuple(
            (value, str(described["title"]))
            for value, described in site.base.vocabulary(vocabulary).items()
            if value in found
        )

    return AssessView(
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t(f"{name}.title"))),
        principles=principles,
        audiences=used("audiences"),
        stages=used("stages"),
        answers=tuple((answer, t(f"assess.answer.{answer}")) for answer in ANSWERS),
        count=len(checks),
        words=json.dumps(t.under(f"{name}.script."), ensure_ascii=False),
    )


def _principle(viewer: Viewer, record: Record, of: str) -> AskedPrinciple:
    checks = tuple(
        AskedCheck(
            key=f"{record.id}#{check['id']}",
            version=check_version(check),
            question=check["question"],
            verify=check["verify"],
            partly=check.get("partly", ""),
            right=check.get("right_answer", "yes"),
            note=check.get("standard_feature", ""),
            audiences=tuple(check.get("audiences", ())),
            stages=tuple(check.get("stages", ())),
        )
        for check in record.data["checks"]
        if not of or of in check.get("audiences", (of,))
    )
    return AskedPrinciple(
        id=record.id,
        number=record.data["number"],
        link=viewer.link(record),
        version=record.version,
        harm=record.data["harm"]["text"],
        checks=checks,
        cases=tuple(_cases(viewer, record)),
    )


def _cases(viewer: Viewer, record: Record) -> Iterator[tuple[str, Link]]:
    """Some cases that kept it, half kept it and broke it."""
    for how, most in _CASES.items():
        found = [
            case
            for case in viewer.base.of("use-case")
            for use in case.data.get("principles", ())
            if use["principle"] == record.id and use["how"] == how
        ]
        for case in found[:most]:
            yield viewer.t(f"how.{how}"), viewer.link(case)
