"""What waits for a reviewer: what is due, what rests on little, who is missing. Each entry says why it is there.

Only what the records say is looked at, as of a day that is given: the same records make the same lists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
#: Citation of a finding → the records that need it for a claim, with the claim.
Needed = Mapping[str, Sequence[tuple["Record", str]]]
#: What is told of an address that a reader may not get to.
_AT_RISK: Final = frozenset({"at-risk", "dead", "moved"})
#: Origins that say that there is none.
_NO_ORIGIN: Final = frozenset({"", "not known", "unknown", "not reported"})


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: the record, the part of it, and why, as a message ``desk.why.<why>`` and its values."""

    record: Record
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""  #: id of the part on the record’s page; empty for the record as a whole
    text: str = ""  #: the sentence that is meant, where there is one


def newest_day(base: KnowledgeBase) -> str:
    """The newest day on which a record was written, checked or last looked at; empty if none says."""
    days = (
        str(value)
        for record in base
        for _, value, spec in base.schemas.values(record.kind, record.data, "date")
        if spec.schema.get("x-upkeep") == "done"
    )
    return max(filter(_DAY.match, days), default="")


def desk(base: KnowledgeBase, day: str) -> dict[str, tuple[Waiting, ...]]:
    """Every list, by name, in the order of their weight; ``day``: the day on which a review is overdue or not."""
    published = base.without_drafts()
    needed = _needed_by(published)
    return {name: tuple(make(base if name == "drafts" else published, needed, day)) for name, make in _LISTS.items()}


def _needed_by(base: KnowledgeBase) -> Needed:
    needed: dict[str, list[tuple[Record, str]]] = defaultdict(list)
    for kind in ("use-case", "principle", "overview"):
        for record in base.of(kind):
            for claim in record.data.get("claims", ()):
                for citation in claim.get("findings", ()):
                    needed[citation].append((record, claim["id"]))
    return needed


def _findings(base: KnowledgeBase) -> Iterator[tuple[Record, Mapping[str, Any], str]]:
    for pilot in base.of("pilot"):
        for finding in pilot.data.get("findings", ()):
            yield pilot, finding, f"{pilot.id}#{finding['id']}"


def _overdue(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    found = [
        Waiting(record, "overdue", {"day": due})
        for record in base
        if record.status == "published" and (due := str(record.data.get("next_review", ""))) and due < day[: len(due)]
    ]
    yield from sorted(found, key=lambda item: (item.values["day"], item.record.kind, item.record.id))


def _open_harms(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    for case in base.of("use-case"):
        for harm in case.data.get("harms", ()):
            if "open" in harm:
                yield Waiting(
                    case,
                    "open_harm",
                    {"reason": harm["open"]},
                    f"harm-{harm['id']}" if "id" in harm else "harms",
                    harm["what"],
                )


def _unconfirmed(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Findings not found again, or never looked for again; those that claims need first."""
    found = [
        Waiting(
            pilot,
            "not_found" if "checked" in finding else "not_checked",
            {"n": len(needed.get(citation, ()))},
            finding["id"],
            finding["text"],
        )
        for pilot, finding, citation in _findings(base)
        if finding.get("checked", {}).get("outcome", "not-found") == "not-found"
    ]
    yield from sorted(found, key=lambda item: -item.values["n"])


def _at_risk(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Documents that are gone from their address, did not answer, or have moved, and of which no copy is named."""
    resting: dict[str, int] = defaultdict(int)
    for _, finding, citation in _findings(base):
        for cited in finding["sources"]:
            resting[cited["source"]] += len(needed.get(citation, ()))
    found = [
        Waiting(source, f"address_{source.data['address_status']}", {"n": resting[source.id]})
        for source in base.of("source")
        if source.data.get("address_status") in _AT_RISK and "kept_copy" not in source.data
    ]
    yield from sorted(found, key=lambda item: -item.values["n"])


def _taken_back(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Claims that rest on an account whose teller took it back: they may repeat what it told."""
    for kind in ("use-case", "principle", "overview"):
        for record in base.of(kind):
            for claim in record.data.get("claims", ()):
                for pilot in base.taken_back(claim):
                    values = {"day": pilot.data["withdrawn"]["date"], "pilot": pilot.id}
                    yield Waiting(record, "taken_back", values, f"claim-{claim['id']}", claim["text"])


def _single_source(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Pilot records that rest on one document, and carry claims; the most claims first."""
    found = []
    for pilot in base.of("pilot"):
        findings = pilot.data.get("findings", ())
        documents = {cited["source"] for finding in findings for cited in finding["sources"]}
        claims = {claim for finding in findings for claim in map(_key, needed.get(f"{pilot.id}#{finding['id']}", ()))}
        if len(documents) == 1 and claims:
            found.append(Waiting(pilot, "single_source", {"n": len(claims), "source": next(iter(documents))}))
    yield from sorted(found, key=lambda item: -item.values["n"])


def _key(needing: tuple[Record, str]) -> tuple[str, str, str]:
    record, claim = needing
    return record.kind, record.id, claim


def _self_reported(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Figures counted by those who ran the thing, on which the main claim of a record rests."""
    for pilot, finding, citation in _findings(base):
        if finding["state"] == "measured" and finding.get("counted_by") == "self":
            main = [record for record, claim in needed.get(citation, ()) if record.data.get("main_claim") == claim]
            if main:
                titles = "; ".join(dict.fromkeys(record.title for record in main))
                yield Waiting(pilot, "self_reported", {"titles": titles}, finding["id"], finding["text"])


def _no_origin(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Passed-on figures of which nobody knows where they were first counted; those that claims need first."""
    found = [
        Waiting(
            pilot,
            "no_origin",
            {"n": len(needed.get(citation, ())), "teller": finding.get("told_by") or "?"},
            finding["id"],
            finding["text"],
        )
        for pilot, finding, citation in _findings(base)
        if (finding.get("told_by") or finding.get("counted_by") == "unknown")
        and finding["state"] in ("measured", "observed")
        and str(finding.get("first_counted", "")).strip(" .").casefold() in _NO_ORIGIN
    ]
    yield from sorted(found, key=lambda item: -item.values["n"])


def _voices(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    """Published use cases and principles that nobody with lived experience has read, and cases in which no worker speaks."""
    for kind in ("use-case", "principle"):
        for record in base.of(kind):
            unread = record.data.get("review", {}).get("lived_experience") == "none"
            silent = record.data.get("workers_said", {}).get("found") == "nothing"
            if unread or silent:
                yield Waiting(
                    record, "voices_both" if unread and silent else "voices_unread" if unread else "voices_silent"
                )


def _waivers(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    for record in base:
        for waiver in record.data.get("waivers", ()):
            yield Waiting(record, "waiver", {"check": waiver["check"], "reason": waiver["reason"]})


def _drafts(base: KnowledgeBase, needed: Needed, day: str) -> Iterator[Waiting]:
    for record in base:
        if record.is_draft:
            yield Waiting(record, "draft")


#: Every list, by name, in the order of their weight.
_LISTS: Final[dict[str, Callable[[KnowledgeBase, Needed, str], Iterator[Waiting]]]] = {
    "taken-back": _taken_back,
    "overdue": _overdue,
    "open-harms": _open_harms,
    "unconfirmed": _unconfirmed,
    "at-risk": _at_risk,
    "single-source": _single_source,
    "self-reported": _self_reported,
    "no-origin": _no_origin,
    "voices": _voices,
    "waivers": _waivers,
    "drafts": _drafts,
}
LISTS: Final = tuple(_LISTS)
