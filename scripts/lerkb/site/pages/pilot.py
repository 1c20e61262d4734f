"""Pilot records: a page each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from lerkb.site import page_type
from lerkb.site.pages.records import gone_page, record_page
from lerkb.site.relations import RelationsView, relations_view
from lerkb.site.views import FindingView, GapView, Head, Link, MarkView, Prose, Row, SourceLine, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.page import Page
    from lerkb.site.site import Site


@dataclass(frozen=True)
class Disagreement:
    """Findings that do not fit together."""

    text: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class PilotView:
    """A pilot record, ready to print."""

    head: Head
    relations: RelationsView
    lead: Prose
    marks: MarkView | None
    marks_of: Link | None
    nearness: str
    nearness_note: str
    facts: tuple[Row, ...]
    findings: tuple[FindingView, ...]
    checked_again: str
    disagreements: tuple[Disagreement, ...]
    took_part: tuple[tuple[Row, ...], ...]
    took_part_words: str
    gaps: tuple[GapView, ...]
    gap_uses: tuple[tuple[str, tuple[Link, ...]], ...]
    sources: tuple[SourceLine, ...]


@page_type
def pilot_pages(site: Site) -> Iterator[Page]:
    """A page for each pilot record; a notice in place of those that are gone."""
    for record in site.base:
        if record.kind == "pilot":
            if record.status == "retired":
                yield gone_page(site, record)
            else:
                yield record_page(site, record, "pages/pilot.html", partial(view, site, record))


def view(site: Site, record: Record, root: str) -> PilotView:
    """Prepare a pilot record."""
    viewer = Viewer(site, root)
    data = record.data
    best = site.base.strongest_result(record)
    findings = {finding["id"]: viewer.finding(record, finding, with_uses=True) for finding in data["findings"]}
    checked = sum("checked" in finding for finding in data["findings"])
    took_part = data["took_part"]
    return PilotView(
        head=viewer.head(record),
        lead=viewer.prose(data["summary"]),
        marks=viewer.record_marks(record),
        marks_of=Link(findings[best.citation.partition("#")[2]].text, "#" + best.citation.partition("#")[2])
        if best
        else None,
        nearness=viewer.t(f"nearness.{data['nearness']}"),
        nearness_note=data["nearness_note"],
        facts=_facts(viewer, record),
        findings=tuple(findings.values()),
        checked_again=viewer.t("pilot.checked_again", n=len(findings), checked=checked),
        disagreements=tuple(
            Disagreement(item["text"], tuple(findings[finding] for finding in item["findings"]))
            for item in data.get("disagreements", ())
        ),
        took_part=tuple(_group(viewer, group) for group in took_part.get("groups", ())),
        took_part_words=viewer.t(f"took_part.{took_part['reported']}"),
        gaps=viewer.gaps(record),
        gap_uses=(),
        sources=viewer.sources(),
        relations=relations_view(viewer, record),
    )


def _facts(viewer: Viewer, record: Record) -> tuple[Row, ...]:
    """The record at a glance: organizations by their part, then whom, what, when, where."""
    data, t = record.data, viewer.t
    by_role: dict[str, list[Link]] = {}
    for item in data["organizations"]:
        by_role.setdefault(item["role"], []).append(viewer.value_link("organizations", item["organization"]))
    rows = [
        Row(viewer.choice("pilot", ("organizations", 0, "role"), role), links=tuple(links))
        for role, links in by_role.items()
    ]
    tags = data.get("tags", {})
    populations = tuple(viewer.value_link("populations", value) for value in tags.get("populations", ()))
    rows.append(Row(t("pilot.served"), "" if populations else t("not_reported"), populations, missing=not populations))
    if data.get("populations_as_written"):
        rows.append(Row(t("pilot.as_written"), "; ".join(data["populations_as_written"])))
    if data.get("built"):
        rows.append(Row(t("pilot.built"), "; ".join(data["built"])))
    rows.append(
        Row(
            t("pilot.status"),
            viewer.choice("pilot", ("pilot_status",), data["pilot_status"]),
            missing=data["pilot_status"] == "not-known",
        )
    )
    period = data["period"]
    rows += [
        Row(t(f"pilot.{key}"), _date(viewer, period[key]), missing=period[key] == "not-reported")
        for key in ("from", "to")
    ]
    if period.get("note"):
        rows.append(Row(t("pilot.period_note"), period["note"]))
    standards = tuple(viewer.value_link("standards", value) for value in tags.get("standards", ()))
    rows.append(Row(t("vocabulary.standards"), "" if standards else t("none_named"), standards, missing=not standards))
    return tuple(rows)


def _date(viewer: Viewer, value: str) -> str:
    return {"not-reported": viewer.t("not_reported"), "ongoing": viewer.t("ongoing")}.get(value, value)


def _group(viewer: Viewer, group: Mapping[str, Any]) -> tuple[Row, ...]:
    """The five fixed rows of who took part; “not reported” as plain as the rest."""
    t = viewer.t
    not_reported = t("not_reported")
    rows = [
        Row(t("took_part.who"), group["who"]),
        Row(
            t("took_part.stage"),
            viewer.choice("pilot", ("took_part", "groups", 0, "stage"), group["stage"]) + f" ({group['how']})",
        ),
        Row(t("took_part.paid"), viewer.choice("pilot", ("took_part", "groups", 0, "paid"), group["paid"])),
        Row(t("took_part.languages"), group["languages"]),
        Row(t("took_part.changed"), group["changed"]),
    ]
    return tuple(
        Row(row.label, not_reported, missing=True)
        if row.value.casefold().rstrip(".") == not_reported.casefold()
        else row
        for row in rows
    )
