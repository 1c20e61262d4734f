"""What is on each file to take away: frozen values, made from the same views as the pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.errors import RunError
from lerkb.schemas import enumeration
from lerkb.site.pages import principle, role, use_case
from lerkb.site.site import CARDS_URL, PICTURED, brief_url, picture_url, record_url
from lerkb.site.views import Viewer
from lerkb.strength import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lerkb.records import Record
    from lerkb.site.messages import Messages
    from lerkb.site.site import Site
    from lerkb.site.views import ClaimView, MarkView, Prose

#: Checks that a card has room for.
_CHECKS: Final = 3
#: Titles of cases that a reader’s sheet names besides those it tells.
_OTHERS: Final = 12
#: Harms in the order in which a reader should meet them, by what is in place against them.
_HARM_ORDER: Final = ("", "missing", "partly", "not-known", "applied")


@dataclass(frozen=True)
class Takeaway:
    """One file, before it is set. What is on it is prepared only when it is asked for."""

    url: str  #: from the site’s root
    title: str
    template: str  #: the Typst file that prints it
    prepare: Callable[[], Sheet | Cards | Picture]


@dataclass(frozen=True)
class Entry:
    """One point of a section, with what stands in smaller type below it."""

    text: str
    label: str = ""
    facts: tuple[tuple[str, str], ...] = ()  #: label, or nothing, and text


@dataclass(frozen=True)
class Section:
    """A part of a sheet. What matters least stands last, and is left out first."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    least: int  #: entries that stay as long as another section can give some
    form: str = "bullets"  #: or ``text``, ``numbers``, ``boxes``
    note: str = ""  #: what to know before reading it
    beyond: int = 0  #: entries that stand on the page and are not meant for a sheet


@dataclass(frozen=True)
class Mark:
    """One mark in words, and what it means."""

    words: str
    meaning: str
    level: int = -1  #: stitches, where it is the mark of strength


@dataclass(frozen=True)
class Sheet:
    """A sheet, ready to print."""

    language: str
    name: str  #: what the document is called
    kind: str
    title: str
    lead: tuple[str, ...]
    marks: tuple[Mark, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    where: str  #: where all of it stands
    page: str  #: what the foot of each page says, with ``{page}`` and ``{pages}``
    left_out: str = ""
    address: str = ""  #: of its page, whole, or nothing where the site’s is not known
    shown: str = ""  #: the same as it is printed in the foot

    @property
    def can_lose(self) -> int:
        """How many entries could be left out."""
        return sum(len(section.entries) for section in self.sections)

    def without(self, count: int, t: Messages) -> Sheet:
        """The sheet with so many entries fewer, saying what was left out."""
        kept = [len(section.entries) for section in self.sections]
        for _ in range(count):
            kept[self._richest(kept)] -= 1
        parts = [
            t(f"take.left.{section.name}", n=len(section.entries) + section.beyond - left)
            for section, left in zip(self.sections, kept, strict=True)
            if left < len(section.entries) + section.beyond
        ]
        return replace(
            self,
            sections=tuple(
                replace(section, entries=section.entries[:left])
                for section, left in zip(self.sections, kept, strict=True)
                if left
            ),
            left_out=t("take.left_out", parts=", ".join(parts), where=self.where) if parts else "",
        )

    def _richest(self, kept: list[int]) -> int:
        """The section that gives an entry next: the one with most above its least, then simply the longest; the later of equals."""
        spare = [left - section.least for section, left in zip(self.sections, kept, strict=True)]
        measure = spare if max(spare) > 0 else kept
        return max(range(len(kept)), key=lambda number: (measure[number], number))


@dataclass(frozen=True)
class Card:
    """A principle on a card."""

    number: int
    title: str
    statement: str
    makes_possible: str
    prevents: str
    checks: tuple[str, ...]
    more: tuple[str, ...]  #: what is said of those left out, by how many are shown
    foot: str
    address: str  #: of its page, whole, or nothing where the site’s is not known
    shown: str  #: the same as it is printed in the foot


@dataclass(frozen=True)
class Cards:
    """The cards of all principles, ready to print."""

    language: str
    name: str
    cards: tuple[Card, ...]
    words: Mapping[str, str]  #: the headings of a card
    foot: str


@dataclass(frozen=True)
class Picture:
    """A record on a picture, ready to print."""

    language: str
    kind: str
    title: str
    strength: str
    level: int
    beside: str  #: what limits the mark: how many, and whether it is of LERs at all
    effect: str
    site: str
    address: str


def takeaways(site: Site) -> tuple[Takeaway, ...]:
    """Every file to take away, by address.

    Raises:
        RunError: two files would have one address.
    """
    made: dict[str, Takeaway] = {}
    for item in (*principle_cards(site), *role_briefs(site), *case_briefs(site), *pictures(site)):
        if item.url in made:
            raise RunError(
                f"two files to take away would have the address {item.url}: {made[item.url].title!r} and {item.title!r}; "
                "give the use case another id"
            )
        made[item.url] = item
    return tuple(made[url] for url in sorted(made))


def case_briefs(site: Site) -> Iterator[Takeaway]:
    """A sheet for each published use case."""
    for record in site.base.of("use-case"):
        if site.has_brief(record):
            yield Takeaway(brief_url(record.id), record.title, "sheet.typ", partial(case_sheet, site, record))


def role_briefs(site: Site) -> Iterator[Takeaway]:
    """A sheet for each reader."""
    audiences = site.base.vocabulary("audiences") if site.with_briefs else {}
    for audience, value in audiences.items():
        title = site.messages("role.title", name=value["title"])
        yield Takeaway(brief_url(f"for-{audience}"), title, "sheet.typ", partial(role_sheet, site, audience))


def principle_cards(site: Site) -> Iterator[Takeaway]:
    """All principles in one file."""
    if site.with_briefs and any(not record.is_draft for record in site.base.of("principle")):
        yield Takeaway(CARDS_URL, cards_name(site), "cards.typ", partial(cards, site))


def pictures(site: Site) -> Iterator[Takeaway]:
    """A picture for each published record of the kinds that have one."""
    for kind in PICTURED:
        for record in site.base.of(kind):
            if site.has_picture(record):
                yield Takeaway(picture_url(record), record.title, "picture.typ", partial(picture, site, record))


# A use case


def case_sheet(site: Site, record: Record) -> Sheet:
    """A use case in short."""
    t = site.messages
    view = use_case.view(site, record, "")
    situation = ((t("use_case.who"), view.who), (t("use_case.today"), view.today))
    sections = (
        Section(
            "situation",
            t("use_case.situation"),
            tuple(
                Entry(_plain(prose), f"{label}:")
                for label, prose in (*situation, (t("use_case.with_record"), view.with_record))
            ),
            3,
            "text",
        ),
        Section("gains", t("use_case.gains"), tuple(_gain(t, gain) for gain in _best_first(site, view.gains)), 3),
        Section("harms", t("use_case.harms"), tuple(_harm(t, harm) for harm in _worst_first(view.harms)), 5),
        Section(
            "claims",
            t("take.main_claims"),
            tuple(_claim(t, claim) for claim in _main_first(view.claims, record.data["main_claim"])),
            4,
            note=t("take.claims_note"),
        ),
        Section("gaps", t("page.gaps_title"), tuple(Entry(gap.text) for gap in view.gaps), 3),
        Section("ask", t("use_case.ask"), tuple(Entry(question) for question in view.ask), 4, "boxes"),
    )
    reviews = (t("sure.lived"), t("sure.subject"))  # what they say needs no label
    how = [row.value if row.label in reviews else f"{row.label}: {row.value}" for row in view.head.how]
    return _sheet(
        site,
        url=record_url(record),
        name=record.title,
        kind=f"{view.head.kind_line} · {view.reads_as_words}",
        title=record.title,
        lead=_paragraphs(view.lead),
        marks=_marks(t, view.marks),
        sections=sections,
        foot=(". ".join((*how, "")).rstrip(), t("take.record", id=record.id, version=record.version)),
    )


def _gain(t: Messages, gain: use_case.Gain) -> Entry:
    who = t("use_case.who_gains", who=gain.who.rstrip("."))
    return Entry(
        gain.what, facts=(("", " ".join(part for part in (f"{who}. {gain.basis_words}.", gain.because) if part)),)
    )


def _best_first(site: Site, gains: Iterable[use_case.Gain]) -> list[use_case.Gain]:
    """What somebody had, what is on offer, what we only think: the order of the schema."""
    order = list(enumeration(site.base.schemas.described("use-case", ("gains", 0, "basis"))))
    return sorted(gains, key=lambda gain: order.index(gain.basis))


def _worst_first(harms: Iterable[use_case.Harm]) -> list[use_case.Harm]:
    return sorted(harms, key=lambda harm: _HARM_ORDER.index(harm.in_place))


def _harm(t: Messages, harm: use_case.Harm) -> Entry:
    bears = ("", t("use_case.bears", who=harm.bears))
    if harm.is_open:
        return Entry(harm.what, facts=(bears, (t("take.open"), harm.safeguard)))
    guard = [harm.safeguard]
    if harm.principle:
        guard.append(f"({harm.principle.text}.)")
    if harm.in_place_words:
        guard.append(f"{harm.in_place_words}.")
    return Entry(harm.what, facts=(bears, (t("take.safeguard"), " ".join(guard))))


def _main_first(claims: Iterable[ClaimView], main: str) -> list[ClaimView]:
    """The claim whose marks are the record’s, then the others, strongest first."""
    return sorted(claims, key=lambda claim: (claim.id != main, -claim.marks.level))


def _claim(t: Messages, claim: ClaimView) -> Entry:
    names = dict.fromkeys(source.text for finding in claim.needs for source in finding.sources)
    sources = t("take.sources", names=", ".join(names)) if names else t("take.no_sources")
    return Entry(claim.text, facts=(("", f"{_in_words(claim.marks)}. {sources}"),))


def _in_words(marks: MarkView) -> str:
    """The marks of one claim of many. That an effect is not known holds for nearly all and is said once, above them."""
    effect = () if marks.effect == NOT_KNOWN else (marks.effect_words,)
    return " · ".join((marks.strength_words, *effect, *marks.beside))


def _marks(t: Messages, marks: MarkView | None) -> tuple[Mark, ...]:
    if marks is None:
        return ()
    strength = t("take.strength", mark=" · ".join((marks.strength_words, *marks.beside)))
    return (
        Mark(strength, t(f"evidence.rung.{marks.strength}"), marks.level),
        Mark(marks.effect_words, t(f"evidence.effect.{marks.effect}")),
    )


# A reader


def role_sheet(site: Site, audience: str) -> Sheet:
    """A reader’s page in short."""
    t = site.messages
    view = role.view(site, audience)
    asked = t("role.asked_worker") if audience == "worker" else t("role.asked")
    sections = (
        Section(
            "steps",
            t("role.first"),
            tuple(Entry(text, facts=(("", f"{link.text}."),) if link else ()) for text, link in view.steps),
            5,
            "numbers",
        ),
        Section("asked", asked, tuple(_asked(item) for item in view.asked), 6, note=t("role.asked_lead")),
        Section(
            "told",
            t("role.told"),
            tuple(Entry(_plain(item.text), item.case.text + ".") for item in view.told),
            3,
            note=t("role.told_lead"),
        ),
        # Without its pilot, a gap says nothing: "only large firms were studied" by whom?
        Section(
            "gaps", t("role.gaps"), tuple(Entry(gap.text, facts=(("", f"{gap.origin.text}."),)) for gap in view.gaps), 6
        ),
        Section(
            "others",
            t("take.others"),
            tuple(Entry(link.text) for link in view.others[:_OTHERS]),
            4,
            beyond=max(0, len(view.others) - _OTHERS),
        ),
        Section("overviews", t("role.read"), tuple(Entry(card.what, f"{card.title}.") for card in view.overviews), 1),
    )
    return _sheet(
        site,
        url=role.role_url(audience),
        name=view.title,
        kind=view.title,
        title=view.question or view.title,
        lead=(view.lead, t("role.short")),
        marks=(),
        sections=tuple(section for section in sections if section.entries),
        foot=(),
    )


def _asked(item: role.Asked) -> Entry:
    more = f" ({item.more})" if item.more else ""
    return Entry(f"{item.question}{more}", f"{item.link.text}.")


# The principles


def cards_name(site: Site) -> str:
    """What the file of cards is called."""
    return site.messages("take.cards_title", name=site.settings.name)


def cards(site: Site) -> Cards:
    """All principles as cards."""
    t = site.messages
    return Cards(
        language=t.language,
        name=cards_name(site),
        cards=tuple(_card(site, record) for record in site.base.of("principle") if not record.is_draft),
        words={name: t(f"take.{name}") for name in ("makes_possible", "prevents", "checks")},
        foot=t("take.license", name=site.settings.name),
    )


def _card(site: Site, record: Record) -> Card:
    t = site.messages
    view = principle.view(site, record, "")
    checks = tuple(
        f"{check.question} {check.right_answer}".rstrip() if check.right_answer else check.question
        for check in view.checks
    )
    shown = checks[:_CHECKS]
    left = [len(checks) - count for count in range(len(shown) + 1)]
    address = _short(site, record_url(record))
    return Card(
        number=view.number,
        title=record.title,
        statement=view.statement,
        makes_possible=_plain(view.makes_possible),
        prevents=_plain(view.harm),
        checks=shown,
        more=tuple(t("take.more_checks", n=count) if count else "" for count in left),
        foot=" ".join(
            part
            for part in (
                t("take.record", id=record.id, version=record.version),
                t("take.address", address=address) if address else "",
            )
            if part
        ),
        address=f"{site.settings.root}{record_url(record)}" if address else "",
        shown=address,
    )


# Pictures


def picture(site: Site, record: Record) -> Picture:
    """A record as others show it beside a link, or on a slide."""
    viewer = Viewer(site, "")
    marks = viewer.record_marks(record)
    return Picture(
        language=site.messages.language,
        kind=viewer.kind_line(record),
        title=record.title,
        strength=marks.strength_words if marks else "",
        level=marks.level if marks else -1,
        beside=" · ".join(marks.beside) if marks else "",
        effect=marks.effect_words if marks else "",
        site=site.settings.name,
        address=_short(site, ""),
    )


# What all sheets share


def _sheet(site: Site, *, url: str, foot: tuple[str, ...], **parts: Any) -> Sheet:
    """A sheet with its address, version and license."""
    t = site.messages
    address = _short(site, url)
    made = Sheet(
        language=t.language,
        page=t("take.page_of", title=parts["name"], page="{page}", pages="{pages}"),
        address=f"{site.settings.root}{url}" if address else "",
        shown=address,
        where=t("take.where", address=address) if address else t("take.where_unknown"),
        foot=foot,
        **parts,
    )
    about = foot or (t("take.version", version=version_of(made)),)
    lines = [*about, t("take.license", name=site.settings.name)]
    if address:
        lines.insert(-1, t("take.address", address=address))
    return replace(made, foot=tuple(lines))


def version_of(sheet: Sheet) -> str:
    """A short hash of what is on a sheet that is drawn from many records."""
    text = json.dumps(asdict(sheet), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _short(site: Site, url: str) -> str:
    """An address as it is printed: without what every address begins with."""
    root = site.settings.root
    return f"{root}{url}".removeprefix("https://").removeprefix("http://").rstrip("/") if root else ""


def _paragraphs(prose: Prose) -> tuple[str, ...]:
    return tuple(paragraph.striptags() for paragraph in prose.paragraphs)


def _plain(prose: Prose) -> str:
    return " ".join(_paragraphs(prose))
