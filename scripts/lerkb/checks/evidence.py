"""The chain from text to source: whether each statement is carried by what it rests on, and is no stronger."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.checks.schema import listed
from lerkb.schemas import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb import strength
    from lerkb.diagnostics import Field, Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_SAID: Final = Catalogue("evidence")
#: The part in which an organization stands outside of what it counts.
_OUTSIDE: Final = frozenset({"research"})


def _findings(record: Record) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    for index, finding in enumerate(record.data.get("findings", ())):
        yield ("findings", index), finding


def _documents(base: KnowledgeBase, finding: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any], Record]]:
    """The documents of a finding that are there: place in its list, citation, record."""
    return [
        (index, citation, source)
        for index, citation in enumerate(finding.get("sources", ()))
        if (source := base.get("source", citation["source"])) is not None
    ]


def _only_part_was_read(base: KnowledgeBase, finding: Mapping[str, Any]) -> bool:
    documents = _documents(base, finding)
    return bool(documents) and all(
        citation.get("read", source.data["read"]) != "whole" for _, citation, source in documents
    )


@check("EVI001", Severity.ERROR, Scope.RECORD)
def measured_without_counter(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A measured finding does not say who counted

    A count by those who ran a thing weighs less than one by somebody without a stake. Readers must see which it is.

    Bad:
        - id: volunteers
          state: measured
    Good:
        - id: volunteers
          state: measured
          counted_by: self
    """
    for field, finding in _findings(record):
        if finding["state"] == "measured" and "counted_by" not in finding:
            yield _SAID.problem("measured-without-counter", (*field, "state"))


@check("EVI002", Severity.ERROR, Scope.RECORD)
def not_independent(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A count is called independent and comes from one of the pilot’s own organizations

    Who ran, paid for or sold a thing has an interest in its figures. Who studied it from outside stands as `research`.

    Bad:
        counted_by: independent (the document is the vendor’s own)
    Good:
        counted_by: self
    """
    inside = {
        item["organization"] for item in record.data.get("organizations", ()) if item.get("role") not in _OUTSIDE
    } - {item["organization"] for item in record.data.get("organizations", ()) if item.get("role") in _OUTSIDE}
    if record.data.get("type") == "research":
        return  # a study is what its authors counted about others
    for field, finding in _findings(record):
        if finding.get("counted_by") == "independent":
            for _, citation, source in _documents(base, finding):
                who = source.data.get("organization")
                if who in inside:
                    yield _SAID.problem(
                        "not-independent", (*field, "counted_by"), source=citation["source"], who=f"`{who}`"
                    )
                    break


@check("EVI003", Severity.WARNING, Scope.RECORD)
def passed_on_without_origin(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A passed-on figure does not say where it was first counted

    Figures change on the way. Whoever wants to check one must know where it began, or that this is not known.

    Bad:
        told_by: a trade magazine
    Good:
        told_by: a trade magazine
        first_counted: not known
    """
    for field, finding in _findings(record):
        if finding.get("told_by") and finding["state"] == "measured" and not finding.get("first_counted"):
            yield _SAID.problem("passed-on-without-origin", (*field, "told_by"))


@check("EVI004", Severity.WARNING, Scope.RECORD)
def absence_from_a_part(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """An absence is told as a finding, and only a part of the documents was read

    What was not in the part read may stand in the rest. It is a gap in what we know, and no fact about the thing.

    Bad:
        text: No worker was asked. (read: excerpt)
    Good:
        gaps:
          - id: workers-asked
            text: Whether workers were asked is not in the part read.
    """
    for field, finding in _findings(record):
        counted = finding["state"] in ("measured", "opinion", "alleged")
        if not counted and _SAID.pattern("absence").search(finding["text"]) and _only_part_was_read(base, finding):
            yield _SAID.problem("absence-from-a-part", (*field, "text"))


@check("EVI005", Severity.WARNING, Scope.RECORD)
def prose_without_claims(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A text states facts and rests on no claim

    Readers follow each statement down to its source. A year or a figure without a claim leads nowhere.

    Bad:
        readers:
          worker:
            text: In 2023 a state switched off 17,000 cards.
    Good:
        readers:
          worker:
            text: In 2023 a state switched off 17,000 cards.
            rests_on:
              - city-off
    """
    if record.status != "published":
        return
    for place, holder in _resting(base, record):
        if not holder.get("rests_on"):
            for name, value in holder.items():
                described = base.schemas.described(record.kind, (*place, name))
                prose = "prose" in str(described.get("x-role", ""))
                if (
                    prose
                    and isinstance(value, str)
                    and name != "because"
                    and _SAID.pattern("states-facts").search(value)
                ):
                    yield _SAID.problem("prose-without-claims", (*place, name))
                    break


def _resting(base: KnowledgeBase, record: Record) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    """Every group of fields of a record that may rest on claims, with its place."""
    for pattern in _resting_patterns(base, record.kind):
        yield from _at(record.data, pattern, ())


def _resting_patterns(base: KnowledgeBase, kind: str) -> tuple[tuple[str, ...], ...]:
    known = _PATTERNS.get((id(base.schemas), kind))
    if known is None:
        found = tuple(
            spec.pattern[:-1]
            for spec in base.schemas.specs(kind)
            if spec.pattern[-1] == "rests_on" and len(spec.pattern) > 1
        )
        known = _PATTERNS[id(base.schemas), kind] = found
    return known


_PATTERNS: Final[dict[tuple[int, str], tuple[tuple[str, ...], ...]]] = {}


def _at(value: Any, pattern: tuple[str, ...], place: Field) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    if not pattern:
        if isinstance(value, dict):
            yield place, value
    elif pattern[0] == "*":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _at(item, pattern[1:], (*place, index))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _at(value[pattern[0]], pattern[1:], (*place, pattern[0]))


@check("EVI006", Severity.WARNING, Scope.RECORD)
def unused_claim(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A claim that no text rests on

    It says something that the record does not use, so that readers meet it without knowing why.

    Bad:
        (a claim that no `rests_on` and no `main_claim` names)
    Good:
        rests_on:
          - small-trial
    """
    if record.status != "published" or not record.data.get("claims"):
        return
    used = {
        value
        for _, value, spec in base.schemas.values(record.kind, record.data, "local-reference")
        if spec.schema["x-part"] == "claims"
    }
    for index, claim in enumerate(record.data["claims"]):
        if claim["id"] not in used:
            yield _SAID.problem("unused-claim", ("claims", index, "id"), claim=claim["id"])


@check("EVI007", Severity.WARNING, Scope.RECORD)
def main_claim_by_analogy(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """The main claim is an analogy and does not say so

    A record’s marks are its main claim’s. If all its findings are from another field, the claim must name that field, or readers
    take it for one about LERs.

    Bad:
        text: Proof of skill raises call-backs. (found with letters on paper)
    Good:
        text: In a trial with letters on paper, which are no LERs, call-backs rose.
    """
    claim = record.parts("claims").get(record.data.get("main_claim", ""))
    graded = [item for citation in (claim or {}).get("findings", ()) if (item := base.graded(claim or {}, citation))]
    if claim and graded and all(item.analogy for item in graded):
        text = claim["text"].casefold()
        if not any(word.casefold() in text for word in _SAID.terms("says-analogy")):
            index = [item["id"] for item in record.data["claims"]].index(claim["id"])
            yield _SAID.problem("main-claim-by-analogy", ("claims", index, "text"))


@check("EVI008", Severity.WARNING, Scope.RECORD)
def unused_source(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A document that no record names

    It carries nothing here, and a reader of its page would not learn what for.

    Bad:
        (a source record that no finding names)
    Good:
        sources:
          - source: tln-my-skills-pocket-findings
    """
    if base.failed:
        return  # one of the files that cannot be read may name it
    if record.kind == "source" and record.status == "published" and not base.backlinks(record):
        yield _SAID.problem("unused-source", ("id",))


@check("EVI009", Severity.WARNING, Scope.RECORD)
def done_by_announcement(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Something is told as done, and its document announces plans

    A press release says what somebody means to do. That it was done needs a document from afterwards.

    Bad:
        text: The state will give each worker a wallet.
        state: done
    Good:
        text: The state said that it will give each worker a wallet.
        state: planned
    """
    for field, finding in _findings(record):
        if finding["state"] != "done":
            continue
        match = _SAID.pattern("plans").search(finding["text"])
        documents = _documents(base, finding)
        told = _SAID.pattern("told").search(finding["text"])  # that somebody said so is done, whatever becomes of it
        if (
            match
            and not told
            and documents
            and all(source.data["type"] == "press-release" for _, _, source in documents)
        ):
            yield _SAID.problem("done-by-announcement", (*field, "state"), word=f"“{match[0]}”")


@check("EVI010", Severity.WARNING, Scope.RECORD)
def whole_from_a_part(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A finding speaks of the whole of a document that was read in part

    What stands in the rest is not known.

    Bad:
        text: The report speaks of race throughout. (read: excerpt)
    Good:
        text: The part read speaks of race twice.
    """
    for field, finding in _findings(record):
        match = _SAID.pattern("whole").search(finding["text"])
        if match and _only_part_was_read(base, finding):
            yield _SAID.problem("whole-from-a-part", (*field, "text"), word=f"“{match[0]}”")


@check("EVI011", Severity.WARNING, Scope.RECORD)
def address_at_risk(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Every document behind a finding is gone from its address

    Nobody can check it any more. So it counts as passed on, and every claim that needs it is no stronger than that.

    Bad:
        (a finding whose only source has `address_status: dead`)
    Good:
        (the same finding with a second document, or with `kept_copy` in the source record)
    """
    for field, finding in _findings(record):
        if base.is_gone(finding):
            yield _SAID.problem("address-at-risk", (*field, "sources"))


@cache
def _strong_words() -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((re.compile(item["word"], re.IGNORECASE), item["level"]) for item in _SAID.terms("strong-words"))


@check("EVI012", Severity.WARNING, Scope.RECORD)
def words_outrun_strength(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A text uses a stronger word than its evidence allows

    “Proves” and “shows that” belong to what was counted. What was announced, argued or reasoned is told with a weaker verb.

    Bad:
        text: The pilot proves that workers earn more. (announced)
    Good:
        text: The pilot’s plan says that workers should earn more.
    """
    claims = record.parts("claims")
    for index, claim in enumerate(record.data.get("claims", ())):
        yield from _too_strong(("claims", index, "text"), claim["text"], base.claim_marks(claim).strength)
    for place, holder in _resting(base, record):
        rungs = [base.claim_marks(claims[name]).strength for name in holder.get("rests_on", ()) if name in claims]
        if rungs:
            for name, value in holder.items():
                if isinstance(value, str):
                    yield from _too_strong((*place, name), value, max(rungs))


def _too_strong(field: Field, text: str, rung: strength.Rung) -> Iterable[Problem]:
    for pattern, level in _strong_words():
        match = pattern.search(text)
        if match and rung.level < level and not _is_denied(text, match.start()):
            yield _SAID.problem("words-outrun-strength", field, word=match[0], strength=rung.name.replace("-", " "))


@check("EVI013", Severity.WARNING, Scope.RECORD)
def basis_without_finding(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A step or a gain has no finding of its kind behind it

    What is called documented was done, seen or counted by somebody. What a source only plans or offers is planned; what no source tells of is
    our own thinking. Readers must be able to tell them apart.

    Bad:
        basis: documented
        rests_on:
          - cards-planned
    Good:
        basis: planned
        rests_on:
          - cards-planned
    """
    if record.status != "published":
        return
    claims = record.parts("claims")
    for place, holder in _resting(base, record):
        named = holder.get("rests_on", ())
        if not all(claim in claims for claim in named):  # that has a diagnostic of its own
            continue
        cited = [base.finding(citation) for claim in named for citation in claims[claim].get("findings", ())]
        for name, value in holder.items():
            if not isinstance(value, str):
                continue
            options = enumeration(base.schemas.described(record.kind, (*place, name)))
            needed = options.get(value, {}).get("x-states")
            if needed and all(found is not None and found[1]["state"] not in needed for found in cited):
                yield _SAID.problem(
                    "basis-without-finding",
                    (*place, name),
                    basis=value,
                    states=listed(needed),
                    others=listed(option for option in options if option != value),
                )


def _is_denied(text: str, at: int) -> bool:
    """Whether the word stands in a sentence that says that nobody has shown it."""
    sentence = re.split(r"(?<=[.?!])\s", text[:at])[-1].casefold()
    return _SAID.pattern("denied").search(sentence) is not None
