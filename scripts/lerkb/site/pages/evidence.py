"""How we grade evidence: the rule of the two marks, its words, and where the whole library stands on the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lerkb import strength
from lerkb.site import page_type
from lerkb.site.counts import mark_counts
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, MarkView, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.site.site import Site

URL = "evidence/"


@dataclass(frozen=True)
class EvidenceView:
    """The page, ready to print."""

    crumbs: tuple[Link, ...]
    version: str
    ladder: tuple[tuple[MarkView, str, int, int], ...]  #: mark, explanation, findings, claims
    effects: tuple[tuple[MarkView, str, int], ...]
    states: tuple[tuple[str, str, str], ...]
    nearness: tuple[tuple[str, str], ...]
    counts: str
    checked: str


@page_type
def evidence_page(site: Site) -> Iterator[Page]:
    """The one page."""
    t = site.messages
    title, lead = t("evidence.title"), t("evidence.lead")
    yield Page(
        URL,
        title,
        lead,
        "pages/evidence.html",
        partial(view, site),
        search=(SearchEntry(URL, title, lead),),
        section=URL,
    )


def view(site: Site) -> EvidenceView:
    """Prepare the page."""
    viewer = Viewer(site, "../")
    t, counted = viewer.t, mark_counts(site.base)
    total = sum(counted.findings.values())
    return EvidenceView(
        crumbs=(Link(t("nav.home"), viewer.href("")), Link(t("evidence.title"))),
        version=strength.RULE_VERSION,
        ladder=tuple(
            (
                viewer.marks(strength.Marks(rung, strength.NOT_KNOWN)),
                t(f"evidence.rung.{rung.name}"),
                counted.findings[rung],
                counted.claims[rung],
            )
            for rung in strength.LADDER
        ),
        effects=tuple(
            (
                viewer.marks(strength.Marks(strength.REASONED, effect)),
                t(f"evidence.effect.{effect}"),
                counted.effects[effect],
            )
            for effect in strength.EFFECTS
        ),
        states=tuple(
            (value, option["title"], option["description"])
            for value, option in viewer.choices("pilot", ("findings", 0, "state")).items()
        ),
        nearness=tuple(
            (option["title"], option["description"]) for option in viewer.choices("pilot", ("nearness",)).values()
        ),
        counts=t("evidence.counts", n=total, claims=sum(counted.claims.values())),
        checked=t(
            "evidence.checked_counts",
            n=total,
            confirmed=counted.checked["confirmed"],
            corrected=counted.checked["corrected"],
            not_found=counted.checked["not-found"],
            rest=counted.checked[""],
        ),
    )
