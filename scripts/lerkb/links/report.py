"""What a run of ``lerkb links`` tells, in three forms.

``text`` and ``markdown`` are for people. ``json`` is for programs and has a version; a change that breaks a reader gets a new one. It is one
object, in which every name is always there, and what is not known is null::

    {
      "version": 1,
      "day": "2026-12-01",               the day that the run counts as
      "written": true,                   whether the outcomes were recorded in the files
      "checked": 2,                      how many sources
      "outcomes": {"ok": 1, "moved": 0, "gone": 1, "refused": 0, "unreachable": 0, "not-known": 0},
      "sources": [                       in order of path
        {
          "id", "path", "url",
          "outcome",                     of this check: a name in "outcomes"
          "reason",                      in words; null for "ok"
          "status_before", "status",     of the address, before and after: not-checked, found, moved, at-risk or dead
          "last_reached",                day or null
          "failing_since",               day or null
          "moved_to",                    address or null
          "kept_copy",                   address or null, as the record has it
          "archive_proposal"             address or null; nobody has opened it
        }
      ],
      "claims": [                        claims that need a finding whose every document is dead, or at least at risk
        {
          "kind", "record", "path", "claim", "text",
          "state",                       "dead" or "at-risk"
          "findings": ["pilot#finding"], those whose documents are
          "needs_no_others",             whether they are all that it needs
          "strength_before", "strength"  names of rungs; they differ only if a document has now been found dead
        }
      ]
    }
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.links.answers import Outcome
from lerkb.links.standing import AT_RISK, CHECK, DAYS_GONE, DAYS_UNREACHABLE, DEAD, NOT_CHECKED, STATUS
from lerkb.site.messages import Messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lerkb.links.survey import Checked, Loss

VERSION: Final = 1


@dataclass(frozen=True)
class Findings:
    """What a run found."""

    day: str
    checked: Sequence[Checked]
    losses: Sequence[Loss]
    written: bool = False

    @property
    def outcomes(self) -> dict[str, int]:
        """How many sources came to each outcome."""
        counted = Counter(item.verdict.outcome for item in self.checked)
        return {outcome.value: counted[outcome] for outcome in Outcome}


def report_json(found: Findings) -> str:
    """For programs."""
    value = {
        "version": VERSION,
        "day": found.day,
        "written": found.written,
        "checked": len(found.checked),
        "outcomes": found.outcomes,
        "sources": [_source(item) for item in found.checked],
        "claims": [_claim(loss) for loss in found.losses],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _source(item: Checked) -> dict[str, Any]:
    check = item.fields[CHECK]
    return {
        "id": item.record.id,
        "path": item.record.path,
        "url": item.record.data["url"],
        "outcome": item.verdict.outcome.value,
        "reason": item.verdict.reason or None,
        "status_before": item.record.data.get(STATUS, NOT_CHECKED),
        "status": item.status,
        "last_reached": check.get("last_reached"),
        "failing_since": check.get("failing_since"),
        "moved_to": item.verdict.moved_to or None,
        "kept_copy": item.record.data.get("kept_copy"),
        "archive_proposal": item.archive or None,
    }


def _claim(loss: Loss) -> dict[str, Any]:
    return {
        "kind": loss.record.kind,
        "record": loss.record.id,
        "path": loss.record.path,
        "claim": loss.claim["id"],
        "text": loss.claim["text"],
        "state": DEAD if loss.gone else AT_RISK,
        "findings": list(loss.findings),
        "needs_no_others": loss.all_of_them,
        "strength_before": loss.before.name,
        "strength": loss.after.name,
    }


@dataclass(frozen=True)
class _Group:
    """Sources of which one thing is to be said."""

    title: str
    about: str
    holds: Callable[[Checked], bool]


_GROUPS: Final = (
    _Group(
        "Dead",
        f"Failed again {DAYS_GONE} days or more after a first failure ({DAYS_UNREACHABLE} where no answer came). "
        "Look for another document, or for a copy kept elsewhere; open it, and name it in the record under kept_copy.",
        lambda item: item.status == DEAD and item.verdict.outcome in (Outcome.GONE, Outcome.UNREACHABLE),
    ),
    _Group(
        "At risk",
        "Failed this time. One failure proves nothing; a later check will tell.",
        lambda item: item.status == AT_RISK and item.verdict.outcome in (Outcome.GONE, Outcome.UNREACHABLE),
    ),
    _Group(
        "Moved for good",
        "The host names a new address. Open it; if it is the same document, put it under url.",
        lambda item: item.verdict.outcome is Outcome.MOVED,
    ),
    _Group(
        "Refused",
        "The host turns programs away. Nothing was learned of the document; a person has to look.",
        lambda item: item.verdict.outcome is Outcome.REFUSED,
    ),
    _Group(
        "Not known",
        "The answer says nothing of the document; a person has to look.",
        lambda item: item.verdict.outcome is Outcome.NOT_KNOWN,
    ),
)
#: A run that wrote nothing leaves nothing for the next to go by.
_NOT_WRITTEN: Final = (
    "Nothing was recorded. With --write the outcomes go into the source records; "
    "only from there does a later run know since when an address fails."
)
_PROPOSAL: Final = "a copy may be kept here (a proposal that nobody has opened):"


def _summary(found: Findings) -> str:
    words = {
        Outcome.OK: "reached",
        Outcome.MOVED: "moved",
        Outcome.GONE: "not there",
        Outcome.REFUSED: "refused",
        Outcome.UNREACHABLE: "without an answer",
        Outcome.NOT_KNOWN: "not known",
    }
    counts = ", ".join(f"{count:,} {words[Outcome(name)]}" for name, count in found.outcomes.items() if count)
    number = len(found.checked)
    if not number:
        return "No source was due to be checked."
    return f"{number:,} source{'' if number == 1 else 's'} checked on {found.day}: {counts}."


def _recorded(found: Findings) -> list[str]:
    return [] if found.written or not found.checked else ["", _NOT_WRITTEN]


def _notes(item: Checked) -> Iterator[tuple[str, str]]:
    """What is to be said of a source: words, and an address where there is one."""
    check = item.fields[CHECK]
    days = [
        f"{words} {check[name]}"
        for name, words in (("failing_since", "failing since"), ("last_reached", "last reached on"))
        if name in check and item.verdict.outcome is not Outcome.MOVED
    ]
    yield "; ".join([item.verdict.reason, *days]), ""
    if item.verdict.moved_to:
        yield "new address:", item.verdict.moved_to
    if item.archive:
        yield _PROPOSAL, item.archive
    elif item.status in (AT_RISK, DEAD) and "kept_copy" in item.record.data:
        yield "kept copy:", item.record.data["kept_copy"]


def _of_claims(found: Findings) -> Iterator[tuple[str, str, list[Loss]]]:
    """Title, explanation and claims, for each of the two kinds of loss that there is."""
    for gone, title, about in (
        (
            True,
            "Claims whose documents are gone",
            "Each needs a finding that nobody can check any more. It counts as passed on, and the claim is no stronger.",
        ),
        (
            False,
            "Claims at risk",
            "Each needs a finding whose every document is at risk or dead. They stand as they stood.",
        ),
    ):
        claims = [loss for loss in found.losses if loss.gone is gone]
        if claims:
            yield title, about, claims


def _strength(loss: Loss) -> str:
    t = Messages.load()
    before, after = (t(f"strength.{rung.name}") for rung in (loss.before, loss.after))
    findings = ", ".join(loss.findings)
    needs = "all it needs" if loss.all_of_them else "needs others, too"
    return f"{before if before == after else f'{before} → {after}'}; {findings} ({needs})"


def report_text(found: Findings) -> str:
    """For people at a terminal."""
    lines = [_summary(found), *_recorded(found)]
    for group in _GROUPS:
        items = [item for item in found.checked if group.holds(item)]
        if items:
            lines += ["", f"{group.title} ({len(items):,}). {group.about}"]
        for item in items:
            lines += [f"  {item.record.path}", f"    {item.record.data['url']}"]
            lines += [f"    {words} {address}".rstrip() for words, address in _notes(item)]
    for title, about, claims in _of_claims(found):
        lines += ["", f"{title} ({len(claims):,}). {about}"]
        for loss in claims:
            lines += [f"  {loss.record.path}: {loss.claim['id']}", f"    {_strength(loss)}"]
    return "\n".join(lines) + "\n"


def report_markdown(found: Findings) -> str:
    """For an issue, a pull request or the summary of a scheduled run."""
    lines = ["# Addresses of sources", "", _summary(found), *_recorded(found)]
    for group in _GROUPS:
        items = [item for item in found.checked if group.holds(item)]
        if items:
            lines += ["", f"## {group.title} ({len(items):,})", "", group.about, ""]
        for item in items:
            lines.append(f"- `{item.record.path}`: <{item.record.data['url']}>")
            lines += [f"  - {words} <{address}>" if address else f"  - {words}" for words, address in _notes(item)]
    for title, about, claims in _of_claims(found):
        lines += ["", f"## {title} ({len(claims):,})", "", about, ""]
        lines += [f"- `{loss.record.path}`, `{loss.claim['id']}`: {_strength(loss)}" for loss in claims]
    return "\n".join(lines) + "\n"


#: Each form by its name.
REPORTS: Final[dict[str, Callable[[Findings], str]]] = {
    "text": report_text,
    "json": report_json,
    "markdown": report_markdown,
}
