"""Frozen values ready to print. Everything a template shows is sorted, grouped, counted and linked here.

A ``Viewer`` prepares the views of one page: it knows the page’s depth, and so its links, and which glossary terms are already linked.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from lerkb import strength
from lerkb.exports import Origin
from lerkb.exports.citations import apa, bibtex, csl_item
from lerkb.schemas import enumeration
from lerkb.site.site import (
    CARDS_URL,
    COMPARED,
    FORM_KINDS,
    LISTED,
    SECTIONS,
    brief_url,
    compare_url,
    form_url,
    picture_url,
    record_url,
    value_url,
)
from lerkb.text.prose import first_sentence, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lerkb.knowledge_base import Reference
    from lerkb.records import Record
    from lerkb.site.site import Site


_T = TypeVar("_T")

_RELATED: Final = 4  # use cases named as resting on the same pilots


#: Entries of a long list that stand in sight.
IN_SIGHT: Final = 20


def folded(entries: tuple[_T, ...]) -> tuple[tuple[_T, ...], tuple[_T, ...]]:
    """What of a list stands in sight and what is folded: nothing of a list that is only a little longer."""
    at = IN_SIGHT if len(entries) > IN_SIGHT * 3 // 2 else len(entries)
    return entries[:at], entries[at:]


@dataclass(frozen=True)
class Link:
    """A text and where it leads; nowhere if ``href`` is empty."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class MarkView:
    """The two marks in words, and the sample and nearness that stand beside them."""

    strength: str  #: name of the rung
    level: int
    strength_words: str
    effect: str
    effect_words: str
    beside: tuple[str, ...] = ()  #: sample size, nearness


@dataclass(frozen=True)
class SourceLine:
    """A document as a list of sources shows it."""

    id: str
    title: str
    page: str
    address: str
    host: str  #: the site that the address leads to
    authors: str
    publisher: str
    date: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FindingView:
    """One finding with all that is said beside it."""

    id: str
    text: str
    state: str
    state_words: str
    details: tuple[str, ...]
    pilot: Link
    sources: tuple[Link, ...]
    checked: str
    checked_outcome: str
    analogy: bool
    used_by: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ClaimView:
    """A claim, its marks, and why it has them."""

    id: str
    number: int
    text: str
    marks: MarkView
    tells_effect: bool  #: one of many claims does not say that nobody knows who gains: the lead over them does, once
    why: str
    needs: tuple[FindingView, ...]
    also: tuple[FindingView, ...]
    reasoning: str


@dataclass(frozen=True)
class Prose:
    """Running text with the claims it rests on."""

    paragraphs: tuple[Markup, ...]
    rests_on: tuple[Link, ...] = ()


@dataclass(frozen=True)
class GapView:
    """One thing that is not known."""

    id: str
    text: str
    type: str
    type_words: str
    origin: Link | None = None


@dataclass(frozen=True)
class Card:
    """A record in a list."""

    kind: str
    kind_line: str
    title: str
    href: str
    what: str
    marks: MarkView | None
    status: str
    number: int = 0


@dataclass(frozen=True)
class Row:
    """A label and what stands beside it."""

    label: str
    value: str = ""
    links: tuple[Link, ...] = ()
    missing: bool = False  #: the value says that something is not reported or that there is nobody


@dataclass(frozen=True)
class Cited:
    """A record as others cite it."""

    apa: str
    bibtex: str
    csl: str


@dataclass(frozen=True)
class Head:
    """What every record page says of its record."""

    kind: str
    kind_line: str
    title: str
    crumbs: tuple[Link, ...]
    status: str
    banner: str
    successor: Link | None
    how: tuple[Row, ...]
    data: str
    edit: Link
    amend: Link | None  #: the form with the record in it, for kinds that have one
    cite: Cited
    version: str
    waivers: tuple[Row, ...]
    tags: tuple[Row, ...]
    related: tuple[Link, ...]
    report_harm: Link
    take: tuple[Link, ...]  #: files to take away, the one for paper first
    compare: Link | None  #: for kinds that can be put side by side


class Viewer:
    """Prepares the views of one page."""

    def __init__(self, site: Site, root: str) -> None:
        """``root``: what leads from the page to the site’s root."""
        self.site = site
        self.base = site.base
        self.t = site.messages
        self.root = root
        self._linked_terms: set[str] = set()
        self._cited: dict[str, Record] = {}  # sources named so far, in order

    # Links

    def href(self, url: str) -> str:
        """An address from the site’s root, as this page writes it."""
        return f"{self.root}{url}" if url else self.root

    def link(self, record: Record, text: str = "") -> Link:
        """A link to a record’s page."""
        return Link(text or record.title, self.href(record_url(record)))

    def principle_link(self, record: Record) -> Link:
        """A link to a principle by number and title."""
        return Link(
            self.t("principle.numbered", number=record.data["number"], title=record.title),
            self.href(record_url(record)),
        )

    def value_link(self, vocabulary: str, value: str) -> Link:
        """A link to the page of a vocabulary value; without an address if nothing that such a page lists carries it."""
        found = self.base.vocabulary(vocabulary).get(value, {})
        has_page = self.base.is_tagged(vocabulary, value, LISTED)
        return Link(str(found.get("title", value)), self.href(value_url(vocabulary, value)) if has_page else "")

    # Words of the schema

    def choice(self, kind: str, field: tuple[str | int, ...], value: str) -> str:
        """The title of a value of a closed list, as the schema gives it."""
        option = self.choices(kind, field).get(value)
        return str(option["title"]) if option else value

    def choices(self, kind: str, field: tuple[str | int, ...]) -> Mapping[str, Mapping[str, Any]]:
        """The values of a closed list with the titles and descriptions of the schema."""
        return enumeration(self.base.schemas.described(kind, field))

    # Prose

    def prose(
        self, text: str, record: Record | None = None, rests_on: Iterable[str] = (), *, terms: bool = False
    ) -> Prose:
        """Text as paragraphs; with ``terms``, glossary terms lead to their explanation at their first use on the page."""
        made = tuple(self._marked(paragraph) if terms else escape(paragraph) for paragraph in paragraphs(text))
        return Prose(made, self.claim_links(record, rests_on) if record else ())

    def _marked(self, text: str) -> Markup:
        parts: list[Markup] = []
        end = 0
        for start, stop, term in self.site.terms.find(text, self._linked_terms):
            parts.append(escape(text[end:start]))
            parts.append(
                Markup('<a class="kb-term" href="{}">{}</a>').format(self.href(f"glossary/#{term}"), text[start:stop])
            )
            end = stop
        return Markup("").join([*parts, escape(text[end:])])

    def claim_links(self, record: Record, ids: Iterable[str]) -> tuple[Link, ...]:
        """Links to claims of the same page, by their number there."""
        numbers = {claim: number for number, claim in enumerate(record.parts("claims"), start=1)}
        return tuple(
            Link(str(numbers[claim]), f"#c{numbers[claim]}", str(record.parts("claims")[claim]["text"]))
            for claim in ids
            if claim in numbers
        )

    # Evidence

    def marks(self, marks: strength.Marks, beside: Iterable[str] = (), kind: str = "pilot") -> MarkView:
        """The marks in words. What a pilot counted itself is worded otherwise for studies, laws and the like."""
        name = marks.strength.name
        words = self.t(f"strength.{name}")
        if name == strength.MEASURED_BY_ITSELF.name and kind not in ("pilot", "program"):
            words = self.t("strength.measured-self-other")
        return MarkView(
            name, marks.strength.level, words, marks.effect, self.t(f"effect.{marks.effect}"), tuple(beside)
        )

    def record_marks(self, record: Record) -> MarkView | None:
        """The marks of a record, with the sample and the nearness of what decided them."""
        marks = self.base.marks(record)
        if marks is None:
            return None
        return self.marks(marks, self._beside(marks.decided_by), self._pilot_type(marks.decided_by))

    def _pilot_type(self, citations: Iterable[str]) -> str:
        types = {found[0].data["type"] for citation in citations if (found := self.base.finding(citation))}
        return types.pop() if len(types) == 1 else "pilot"

    def _beside(self, citations: tuple[str, ...]) -> tuple[str, ...]:
        """Sample and nearness of the findings that decided a mark."""
        found = [pair for citation in citations if (pair := self.base.finding(citation))]
        samples = [finding["sample"] for _, finding in found if finding.get("sample")]
        nearness = {pilot.data["nearness"] for pilot, _ in found}
        words = [self.t("evidence.sample", sample=samples[0])] if len(set(samples)) == 1 else []
        if len(nearness) == 1 and nearness != {"direct"}:
            words.append(self.t(f"nearness.{nearness.pop()}"))
        return tuple(words)

    def claims(self, record: Record) -> tuple[ClaimView, ...]:
        """The claims of a record; the main claim first is the template’s wish, the numbers are the file’s order."""
        return tuple(self.claim(claim, number) for number, claim in enumerate(record.data.get("claims", ()), start=1))

    def claim(self, claim: Mapping[str, Any], number: int) -> ClaimView:
        """One claim."""
        marks = self.base.claim_marks(claim)
        graded = [item for citation in claim.get("findings", ()) if (item := self.base.graded(claim, citation))]
        return ClaimView(
            id=claim["id"],
            number=number,
            text=claim["text"],
            marks=self.marks(marks, self._beside(marks.decided_by), self._pilot_type(marks.decided_by)),
            tells_effect=marks.effect != strength.NOT_KNOWN,
            why=self._why(marks, graded, self.base.taken_back(claim)),
            needs=tuple(self.cited_finding(item.citation, item) for item in graded),
            also=tuple(
                self.cited_finding(citation, item)
                for citation in claim.get("also", ())
                if (item := self.base.graded(claim, citation))
            ),
            reasoning=claim.get("reasoning", ""),
        )

    def _why(self, marks: strength.Marks, graded: list[strength.Graded], taken_back: Sequence[Record]) -> str:
        """One line in words on what decided the marks, where the findings below it do not say it by themselves."""
        if taken_back:
            return " ".join(self.t("why.taken_back", date=item.data["withdrawn"]["date"]) for item in taken_back)
        if not graded:
            return self.t("why.reasoned")
        parts = [] if len(graded) == 1 else [self.t("why.weakest", rung=self.t(f"rung.{marks.strength.name}"))]
        if any(item.analogy for item in graded):
            parts.append(self.t("why.analogy", n=len(graded)))
        if any(item.gone for item in graded):
            parts.append(self.t("why.gone"))
        effects = {item.effect for item in graded if item.effect}
        if marks.effect != strength.NOT_KNOWN:
            parts.append(self.t(f"why.effect.{marks.effect}"))
        elif len(effects) > 1:
            parts.append(self.t("why.effect.mixed"))
        return " ".join(parts)

    def cited_finding(self, citation: str, graded: strength.Graded) -> FindingView:
        """A finding as a claim cites it."""
        found = self.base.finding(citation)
        if found is None:
            raise LookupError(citation)  # a check makes sure of it
        pilot, finding = found
        return self.finding(pilot, finding, analogy=graded.analogy)

    def finding(
        self, pilot: Record, finding: Mapping[str, Any], *, analogy: bool = False, with_uses: bool = False
    ) -> FindingView:
        """A finding with who counted, how many, where it is said and when it was checked again."""
        details = []
        if finding["state"] == "measured":
            details.append(self.t(f"counted_by.{finding.get('counted_by', 'unknown')}"))
        if finding.get("told_by"):
            details.append(self.t("evidence.told_by", who=finding["told_by"]))
        if finding.get("first_counted"):
            details.append(self.t("evidence.first_counted", who=finding["first_counted"]))
        if with_uses and finding.get("sample"):  # elsewhere it stands beside the marks
            details.append(self.t("evidence.sample", sample=finding["sample"]))
        if with_uses and finding.get("method"):
            details.append(self.t("evidence.method", method=finding["method"]))
        if finding.get("how_it_ended"):
            details.append(self.t("evidence.how_it_ended", how=finding["how_it_ended"]))
        if finding.get("disparity"):
            words = self.t(f"effect.{finding['disparity']}")
            between = finding.get("disparity_between")
            details.append(self.t("evidence.between", effect=words, groups=between) if between else words)
        if analogy:  # a near field is said once, beside the marks
            details.append(self.t("nearness.analogy"))
        checked = finding.get("checked")
        return FindingView(
            id=finding["id"],
            text=finding["text"],
            state=finding["state"],
            state_words=self.t(f"state.{finding['state']}"),
            details=tuple(details),
            pilot=Link(pilot.title, f"{self.href(record_url(pilot))}#{finding['id']}"),
            sources=tuple(self._source_link(item) for item in finding["sources"]),
            checked=self.t(f"checked.{checked['outcome']}", date=checked["date"])
            if checked
            else self.t("checked.not-again"),
            checked_outcome=checked["outcome"] if checked else "",
            analogy=analogy,
            used_by=self._uses(pilot, finding["id"]) if with_uses else (),
        )

    def _uses(self, pilot: Record, part: str) -> tuple[Link, ...]:
        records = {reference.origin.id: reference.origin for reference in self.base.cited_by(pilot, part)}
        return tuple(
            self.link(record) for record in sorted(records.values(), key=lambda record: (record.kind, record.title))
        )

    def _source_link(self, citation: Mapping[str, Any]) -> Link:
        source = self.base.get("source", citation["source"])
        if source is None:
            return Link(citation["source"])
        self._cited.setdefault(source.id, source)
        locator = citation.get("locator", "")
        return Link(source.data["publisher"], self.href(record_url(source)), locator)

    def sources(self) -> tuple[SourceLine, ...]:
        """Every source named on the page so far, by title."""
        return tuple(
            self.source_line(source)
            for source in sorted(self._cited.values(), key=lambda source: source.title.casefold())
        )

    @property
    def named_sources(self) -> frozenset[str]:
        """Ids of the sources named on the page so far: those that its list of sources holds."""
        return frozenset(self._cited)

    def source_line(self, source: Record) -> SourceLine:
        """A document in a list of sources."""
        data = source.data
        notes = [self.t(f"read.{data['read']}")]
        if data.get("copy_of"):
            notes.append(self.t("source.copy_of", original=data["copy_of"]))
        if data.get("made_by") == "machine":
            notes.append(self.t("source.machine"))
        if data.get("title_is_described"):
            notes.append(self.t("source.described"))
        address = data["url"]
        if data.get("address_status") == "dead":
            address = data.get("kept_copy", "")
            notes.append(self.t("source.address.dead-kept" if address else "source.address.dead"))
        elif data.get("address_status") in ("moved", "at-risk"):
            notes.append(self.t(f"source.address.{data['address_status']}"))
        return SourceLine(
            id=source.id,
            title=source.title,
            page=self.href(record_url(source)),
            address=address,
            host=urlsplit(address).netloc.removeprefix("www."),
            authors=", ".join(data.get("authors", ())),
            publisher=data["publisher"],
            date=data.get("published") or self.t("source.no_date"),
            notes=tuple(notes),
        )

    # Gaps, lists

    def gaps(self, record: Record) -> tuple[GapView, ...]:
        """What nobody knows, as a record says it."""
        return tuple(self.gap(record, gap) for gap in record.data.get("gaps", ()))

    def gap(self, record: Record, gap: Mapping[str, Any]) -> GapView:
        """One gap; with the pilot record it comes from, where it says so."""
        found = self.base.gap(gap["from"]) if gap.get("from") else None
        origin = Link(found[0].title, f"{self.href(record_url(found[0]))}#gap-{found[1]['id']}") if found else None
        return GapView(
            gap["id"], gap["text"], gap["type"], self.choice(record.kind, ("gaps", 0, "type"), gap["type"]), origin
        )

    def card(self, record: Record) -> Card:
        """A record in a list of records."""
        return Card(
            kind=record.kind,
            kind_line=self.kind_line(record),
            title=record.title,
            href=self.href(record_url(record)),
            what=self.description(record),
            marks=self.record_marks(record),
            status=record.status,
            number=record.data.get("number", 0),
        )

    def description(self, record: Record) -> str:
        """One sentence on a record."""
        if record.kind == "source":
            return f"{record.data['publisher']}. {record.data.get('published') or self.t('source.no_date')}."
        return first_sentence(record.data.get("statement") or record.data.get("summary", ""), 220)

    def kind_line(self, record: Record) -> str:
        """Kind, field of work and place or stage in one line."""
        parts = [self.kind_word(record)]
        tags = record.data.get("tags", {})
        parts += [
            self.value_link("sectors", value).text for value in tags.get("sectors", ())[:1] if value != "cross-sector"
        ]
        if record.kind == "pilot":
            parts += [self.value_link("places", value).text for value in tags.get("places", ())[:1]]
            parts.append(self.period(record))
        return " · ".join(part for part in parts if part)

    def kind_word(self, record: Record) -> str:
        """What a record is called: a pilot record by its type."""
        if record.kind == "pilot":
            return self.choice("pilot", ("type",), record.data["type"])
        if record.kind == "principle":
            return self.t("principle.number", number=record.data["number"])
        return self.t(f"kind.{record.kind}.one")

    def period(self, record: Record) -> str:
        """From when to when, as far as reported."""
        period = record.data["period"]
        start, end = (str(period[key])[:4] for key in ("from", "to"))
        if period["from"] == "not-reported":
            return ""
        if period["to"] == "ongoing":
            return self.t("period.since", start=start)
        if period["to"] == "not-reported" or start == end:
            return start
        return self.t("period.range", start=start, end=end)

    # The head and foot of a record page

    def head(self, record: Record) -> Head:
        """What every record page says of its record."""
        t = self.t
        data = record.data
        successor = self.base.get(record.kind, record.successor) if record.successor else None
        banner = ""
        if record.is_draft:
            banner = t("banner.draft")
        elif record.withdrawn:
            banner = t("banner.withdrawn", date=data["withdrawn"]["date"], reason=data["withdrawn"]["reason"])
        elif record.status == "retired":
            banner = t("banner.retired", date=data["retired"]["date"], reason=data["retired"]["reason"])
        section = SECTIONS[record.kind]
        edit = self.site.settings.edit_address(record.path)
        return Head(
            kind=record.kind,
            kind_line=self.kind_line(record) if not record.withdrawn else t(f"kind.{record.kind}.one"),
            title=record.title,
            crumbs=(
                Link(t("nav.home"), self.href("")),
                Link(t(f"kind.{record.kind}.other"), self.href(section)),
                Link(record.title),
            ),
            status=record.status,
            banner=banner,
            successor=self.link(successor) if successor else None,
            how=self.how_it_came_about(record),
            data=f"{record.id}.yaml",
            edit=Link(t("page.suggest"), edit or self.href("contribute/") + "#correct"),
            amend=self.amend(record),
            cite=self.citation(record),
            version=record.version,
            waivers=tuple(Row(waiver["check"], waiver["reason"]) for waiver in data.get("waivers", ())),
            tags=self.tags(record),
            related=self.related(record),
            report_harm=Link(t("page.report_harm"), self.href("contribute/") + "#harm"),
            take=self.take(record),
            compare=Link(t("page.compare"), self.href(compare_url(record)))
            if record.kind in COMPARED and record.status != "retired"
            else None,
        )

    def take(self, record: Record) -> tuple[Link, ...]:
        """The files to take away that are made of a record, if the site is built with them."""
        links = []
        if self.site.has_brief(record):
            links.append(Link(self.t("take.brief"), self.href(brief_url(record.id))))
        if self.site.has_picture(record):
            if record.kind == "principle":
                links.append(Link(self.t("take.cards"), self.href(CARDS_URL)))
            links.append(Link(self.t("take.picture"), self.href(picture_url(record))))
        return tuple(links)

    def amend(self, record: Record) -> Link | None:
        """The form with a record in it; a record that has no file on the site cannot be taken up there."""
        if record.kind not in FORM_KINDS or record.kind == "term" or record.withdrawn:
            return None
        return Link(self.t("page.amend"), f"{self.href(form_url(record.kind))}?id={record.id}")

    def how_it_came_about(self, record: Record) -> tuple[Row, ...]:
        """How a record came about, who reviewed it, when it was written and will be read again."""
        data, t = record.data, self.t
        rows = []
        if "came_about" in data:
            rows.append(Row(t("sure.came_about"), self.choice(record.kind, ("came_about",), data["came_about"])))
        review = data.get("review", {})
        if review:
            reviewed = review["lived_experience"]
            rows.append(Row(t("sure.lived"), t(f"review.lived.{reviewed}"), missing=reviewed == "none"))
            rows.append(
                Row(t("sure.subject"), t(f"review.subject.{review['subject']}"), missing=review["subject"] == "none")
            )
        if "account" in data:
            account = data["account"]
            rows.append(
                Row(t("sure.account"), t("sure.account_by", name=account["pseudonym"], date=account["consent"]["date"]))
            )
        if data.get("contributors"):
            rows.append(Row(t("sure.contributors"), ", ".join(person["name"] for person in data["contributors"])))
        if "written" in data:
            rows.append(Row(t("sure.written"), data["written"]))
            rows.append(Row(t("sure.next_review"), data["next_review"]))
        return tuple(rows)

    def citation(self, record: Record) -> Cited:
        """How to cite a record, in the forms that people and programs use."""
        settings = self.site.settings
        place = Origin(settings.name, settings.root, {(record.kind, record.id): record_url(record)})
        item = csl_item(record, place)
        return Cited(apa(item), bibtex(item).strip(), json.dumps([item], ensure_ascii=False))

    def tags(self, record: Record) -> tuple[Row, ...]:
        """The vocabulary values of a record, by vocabulary."""
        grouped: dict[str, list[Link]] = {}
        for vocabulary, value in self.base.facets(record):
            if vocabulary != "organizations":
                grouped.setdefault(vocabulary, []).append(self.value_link(vocabulary, value))
        return tuple(Row(self.t(f"vocabulary.{name}"), links=tuple(links)) for name, links in grouped.items())

    def related(self, record: Record) -> tuple[Link, ...]:
        """Use cases that rest on the same pilot records, those that share most first."""
        pilots = {reference.id for reference in self.base.references_of(record) if reference.kind == "pilot"}
        shared: Counter[str] = Counter()
        for pilot_id in pilots:
            pilot = self.base.get("pilot", pilot_id)
            origins = (
                {reference.origin.id for reference in self.base.backlinks(pilot) if reference.origin.kind == "use-case"}
                if pilot
                else set()
            )
            shared.update(origins - {record.id})
        best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_RELATED]
        return tuple(self.link(found) for other, _ in best if (found := self.base.get("use-case", other)))

    @cached_property
    def principles(self) -> Mapping[str, Record]:
        """Principles by id."""
        return {record.id: record for record in self.base.of("principle")}


def references_by_origin(references: Iterable[Reference]) -> dict[str, list[Reference]]:
    """References grouped by the record they come from."""
    grouped: dict[str, list[Reference]] = {}
    for reference in references:
        grouped.setdefault(reference.origin.id, []).append(reference)
    return grouped
