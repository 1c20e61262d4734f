"""Plain words: whether those it is about can read it, and it is spelled in one way."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.text.reading import grade, sentences, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Field, Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record

_SAID: Final = Catalogue("language")
_WORKER: Final = "worker"
_START: Final = 5  # words of a sentence that a message repeats
#: Documents keep their own title and their own words.
_NOT_OURS: Final = frozenset({"source", "vocabulary"})


def _prose(record: Record, base: KnowledgeBase) -> Iterator[tuple[Field, str, Any]]:
    """Each running text of a record that is in our own words, with its place and its schema."""
    if record.kind not in _NOT_OURS:
        for field, value, spec in base.schemas.values(record.kind, record.data, "prose"):
            if isinstance(value, str):
                yield field, value, spec.schema


def _shown(number: float) -> str:
    return f"{number:.1f}"


@check("LAN001", Severity.ERROR, Scope.RECORD)
def worker_grade(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A text for workers is hard to read

    Half of all adults read below the level of a newspaper. What is written for workers stays at or below grade 8, by the formula of Flesch
    and Kincaid, counted over the whole text: words a sentence, and syllables a word. Fewer than 30 words are not
    counted. A draft may be harder.

    Bad:
        text: Beneficiaries should ascertain the evidentiary requirements of prospective employers prior to disclosure.
    Good:
        text: Ask what the boss needs to see. Then show that, and no more.
    """
    limit, least = _SAID.threshold("worker-grade"), _SAID.threshold("worker-least-words")
    if record.status != "published":
        return
    for field, text, schema in _prose(record, base):
        counted = schema.get("x-audience") == _WORKER and len(words(text)) >= least
        if counted and (found := grade(text)) > limit:
            yield _SAID.problem("worker-grade", field, grade=_shown(found), limit=limit)


@check("LAN002", Severity.WARNING, Scope.RECORD)
def hard_text(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A text is harder than most readers manage

    Grade 12 is where a general reader gives up. Texts of fewer than 40 words are not counted, since one long word weighs too much there.

    Bad:
        text: The operationalization of interoperability specifications necessitates multilateral stakeholder coordination.
    Good:
        text: Makers of wallets have to agree on one form, and nobody has to.
    """
    limit, least = _SAID.threshold("grade"), _SAID.threshold("least-words")
    for field, text, schema in _prose(record, base):
        if (
            schema.get("x-audience") != _WORKER
            and len(text) > least
            and len(words(text)) >= least
            and (found := grade(text)) > limit
        ):
            yield _SAID.problem("hard-text", field, grade=_shown(found), limit=limit)


@check("LAN003", Severity.WARNING, Scope.RECORD)
def long_sentence(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A sentence is too long to hold in mind

    Most sentences have fewer than twenty words. One of forty-five has to be read twice; for workers the limit is lower.

    Bad:
        text: (a sentence of fifty words)
    Good:
        text: (three sentences of fifteen words)
    """
    for field, text, schema in _prose(record, base):
        limit = _SAID.threshold("worker-sentence-words" if schema.get("x-audience") == _WORKER else "sentence-words")
        if text.count(" ") > limit:
            for sentence in sentences(text):
                size = len(words(sentence))
                if size > limit:
                    start = " ".join(sentence.split()[:_START]) + " …"
                    yield _SAID.problem("long-sentence", field, size=size, start=start, limit=limit)


@check("LAN004", Severity.WARNING, Scope.RECORD)
def unexplained_letters(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """An abbreviation that nobody explains

    Letters that are a word to those who know shut out those who do not. They are explained in the text, in the glossary, or as the name of
    an organization or standard.

    Bad:
        text: The WIOA board asked for it.
    Good:
        text: The workforce board (set up by the Workforce Innovation and Opportunity Act, WIOA) asked for it.
    """
    known = None
    told: set[str] = set()
    for field, text, _ in _prose(record, base):
        for match in _SAID.pattern("letters").finditer(text):
            known = known or base.explained_letters | set(_SAID.terms("known-letters"))
            letters = match[0].removesuffix("s") if match[0].endswith("s") and match[0] not in known else match[0]
            if letters not in known and letters not in told and not text.isupper():
                told.add(letters)
                if not _explained(letters, record):
                    yield _SAID.problem("unexplained-letters", field, letters=letters)


def _explained(letters: str, record: Record) -> bool:
    """Whether a record writes the letters out: in brackets after their words, or its title or id holds them as a name."""
    whole = str(record.data)
    if f"({letters})" in whole or f"{letters} (" in whole or f", {letters})" in whole or letters in record.title:
        return True
    return letters.casefold() in re.split(r"[-#]", record.id)


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    better = dict(_SAID.terms("spellings"))
    return re.compile(rf"\b(?:{'|'.join(sorted(better, key=len, reverse=True))})\b"), better


@check("LAN005", Severity.WARNING, Scope.RECORD)
def spelling(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A word is not spelled as the rest of the site spells it

    Records are written in American English, so that search finds a word in each of them. A name keeps its own spelling: it begins with a
    capital.

    Bad:
        text: The labour centre issued a licence.
    Good:
        text: The labor center issued a license.
    """
    pattern, better = _spellings()
    texts = [(field, text) for field, text, _ in _prose(record, base)]
    if not texts or not pattern.search("\n".join(text for _, text in texts)):
        return
    for field, text in texts:
        for match in pattern.finditer(text):
            yield _SAID.problem("spelling", field, written=match[0], better=better[match[0]])
