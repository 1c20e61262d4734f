"""Fairness of the records themselves: harms beside gains, people who took part, words that respect."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_SAID: Final = Catalogue("equity")
_EARLY: Final = frozenset({"before", "during"})
#: Documents keep their own title; the vocabulary tells what people search for, whatever the word.
_NOT_OURS: Final = frozenset({"source", "vocabulary", "term"})


@check("EQU001", Severity.ERROR, Scope.RECORD)
def missing_ledger(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A published use case leaves out a side that every case tells

    Harms and gains, what workers said, and how race enters: a case without one of them is an advertisement. “Not reported” and “nothing was
    found” are answers.

    Bad:
        (a use case with `gains` and without `harms`)
    Good:
        harms:
          - id: wrong-person
            what: A report gives one person’s past as another’s.
            bears: people with common names
    """
    told_by_one = "account" in record.data  # a person tells what they tell
    if record.kind == "use-case" and record.status == "published" and not told_by_one:
        for name in ("harms", "gains", "workers_said", "race"):
            if name not in record.data:
                yield {
                    "harms": _SAID.problem("missing-ledger.harms", ()),
                    "gains": _SAID.problem("missing-ledger.gains", ()),
                    "workers_said": _SAID.problem("missing-ledger.workers_said", ()),
                    "race": _SAID.problem("missing-ledger.race", ()),
                }[name]


@check("EQU002", Severity.WARNING, Scope.RECORD)
def no_safeguard_at_all(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Every harm of a use case is open

    A reader is left with danger and no way to lessen it. Somewhere there is a safeguard that can at least be asked for.

    Bad:
        harms: (each with `open`)
    Good:
        harms: (one with `safeguard`, `principle` and `in_place: missing`)
    """
    harms = record.data.get("harms", ())
    if record.kind == "use-case" and harms and all("open" in harm for harm in harms):
        yield _SAID.problem("no-safeguard-at-all", ("harms",))


@check("EQU003", Severity.ERROR, Scope.RECORD)
def co_design_without_people(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Something is called co-designed, and nobody is named who took part

    Co-design needs people who took part before or during design. Comments on a finished thing are something else.

    Bad:
        summary: A wallet co-designed with workers.
        took_part:
          reported: not-reported
    Good:
        summary: A wallet that its makers call co-designed; who took part is not reported.
    """
    if record.kind != "pilot":
        return
    groups = record.data.get("took_part", {}).get("groups", ())
    if any(group.get("stage") in _EARLY for group in groups):
        return
    for name in ("title", "summary"):
        for sentence in re.split(r"(?<=[.?!])\s+", str(record.data.get(name, ""))):
            if _SAID.pattern("co-design").search(sentence) and not _SAID.pattern("told-of").search(sentence):
                yield _SAID.problem("co-design-without-people", (name,))


@check("EQU004", Severity.ERROR, Scope.RECORD)
def review_without_reviewers(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A review is claimed, and nothing tells who looked

    A claim of review that nobody can check borrows the trust of people who may never have been asked.

    Bad:
        review:
          lived_experience: some
          subject: none
    Good:
        review:
          lived_experience: some
          subject: none
          note: Two home health aides read it in November 2026 and changed the text for workers.
    """
    review = record.data.get("review", {})
    for name in ("lived_experience", "subject"):
        if review.get(name, "none") != "none" and not review.get("note"):
            yield _SAID.problem("review-without-reviewers", ("review", name))


@check("EQU005", Severity.NOTE, Scope.RECORD)
def tension_unspoken(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A case leans on a principle and passes over what pulls against it

    Each principle’s record names the principles it pulls against. A case that keeps one should say what became of the other.

    Bad:
        principles:
          - principle: share-the-steering (kept by counting race)
    Good:
        principles:
          - principle: share-the-steering
          - principle: ask-for-little (the count is kept out of the record)
    """
    if record.kind != "use-case" or record.status != "published":
        return
    spoken = {use["principle"] for use in record.data.get("principles", ())}
    spoken |= {harm["principle"] for harm in record.data.get("harms", ()) if "principle" in harm}
    for index, use in enumerate(record.data.get("principles", ())):
        principle = base.get("principle", use["principle"])
        if principle is not None and use["how"] == "applied":
            others = [item["principle"] for item in principle.data.get("tensions", ())]
            unspoken = ", ".join(f"`{other}`" for other in others if other not in spoken)
            if unspoken:
                field = ("principles", index, "principle")
                yield _SAID.problem("tension-unspoken", field, principle=use["principle"], others=unspoken)


@check("EQU006", Severity.WARNING, Scope.RECORD)
def people_not_tagged(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """The people a use case is about are not among its tags

    Readers filter by whom a record is about. A case on a nurse that lacks the tag is missing where nurses look.

    Bad:
        situation:
          who: A refugee with a foreign diploma
        tags:
          populations: []
    Good:
        tags:
          populations:
            - refugees
    """
    who = record.data.get("situation", {}).get("who", "") if record.kind == "use-case" else ""
    if not who or record.status != "published":
        return
    tagged = set(record.data.get("tags", {}).get("populations", ()))
    for value, described in base.vocabulary("populations").items():
        if value not in tagged and value not in _SAID.terms("too-wide"):
            for phrase in (described["title"], *described.get("also", ())):
                if " " in phrase and re.search(rf"\b{re.escape(phrase)}\b", who, re.IGNORECASE):
                    yield _SAID.problem("people-not-tagged", ("situation", "who"), people=f"“{phrase}”", value=value)
                    break


@cache
def _words() -> tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...]:
    return tuple((re.compile(entry["pattern"], re.IGNORECASE), entry) for entry in _SAID.terms("words"))


@check("EQU007", Severity.WARNING, Scope.RECORD)
def wording(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A word that makes a person their trouble, or hides who did it

    The list stands in the catalogue of this family, each word with its reason and better words. Words in quotation marks are somebody
    else’s, and stay; so do titles of documents.

    Bad:
        who: An ex-con looking for work
    Good:
        who: A person who was in prison and looks for work
    """
    if record.kind in _NOT_OURS:
        return
    texts = [
        (field, text, text.casefold())
        for field, text, _ in base.schemas.values(record.kind, record.data, "prose")
        if isinstance(text, str)
    ]
    whole = "\n".join(plain for _, _, plain in texts)
    for pattern, entry in _words():
        if any(piece in whole for piece in entry["has"]):
            for field, text, plain in texts:
                if any(piece in plain for piece in entry["has"]) and (match := pattern.search(_without_quotes(text))):
                    yield _SAID.problem("wording", field, written=match[0], why=entry["why"], better=entry["better"])


def _without_quotes(text: str) -> str:
    """A text with what somebody else said blanked."""
    return re.sub(r"“[^”]*”|\"[^\"]*\"", lambda match: " " * len(match[0]), text)
