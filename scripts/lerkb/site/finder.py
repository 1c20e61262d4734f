"""What the search field and the explorer look through: one light entry a page, and the filters that records can be chosen by.

Filters come from the schema: a field with the role ``filter`` is offered, by its title, with the values that records have. Three more are
computed: the kind of record and the two marks.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lerkb import strength
from lerkb.schemas import enumeration
from lerkb.site import all_pages
from lerkb.site.pages.compare import compared
from lerkb.site.site import LISTED
from lerkb.site.views import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.records import Record
    from lerkb.schemas import FieldSpec
    from lerkb.site.page import Page, SearchEntry
    from lerkb.site.site import Site

#: Where the files stand. They are scripts and no JSON, since a page opened from a disk may load scripts but not data.
RECORDS_FILE: Final = "assets/records.js"
#: What only a deeper look needs: documents, and the claims of each record. Loaded once somebody types or chooses.
MORE_FILE: Final = "assets/more-records.js"
#: What the page of comparison lays out; loaded there only.
COMPARE_FILE: Final = "assets/compare-records.js"
#: What the script says that copies and shares; pages of records load it, so that none carries the words itself.
SHARE_FILE: Final = "assets/share-words.js"
#: Kinds whose claims are looked through, sentence by sentence.
_WITH_CLAIMS: Final = ("use-case", "principle", "overview")
#: Messages that the script says.
_WORDS: Final = "find.js."
#: What stands in the place of a mark that a page does not have.
_NONE: Final = -1


@dataclass
class Filter:
    """One thing to choose by, with its values in order: id → title and other words people use."""

    id: str
    title: str
    values: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A page as the finder knows it."""

    location: str
    title: str
    kind_line: str
    summary: str
    chosen_by: tuple[tuple[str, str], ...]  #: filter and value
    strength_words: str = ""
    level: int = _NONE
    effect: str = ""
    weight: float = 1.0
    written: str = ""
    sentences: tuple[str, ...] = ()  #: looked through later
    also: tuple[str, ...] = ()  #: looked through, not shown
    later: bool = False


def filter_values(base: KnowledgeBase, record: Record) -> dict[str, tuple[str, ...]]:
    """What a record can be chosen by: filter → its values, each once."""
    found: dict[str, dict[str, None]] = {}
    for _, value, spec in base.schemas.values(record.kind, record.data, "filter"):
        found.setdefault(_filter_id(spec), {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def filter_title(site: Site, name: str) -> str:
    """What a filter is called."""
    return dict(_offered(site))[name]


def _offered(site: Site) -> Iterator[tuple[str, str]]:
    """Id and title of each field that is a filter, each once: first the words that records share, then the others, as the schemas have them."""
    found: dict[str, tuple[bool, str]] = {}
    for kind in LISTED:
        for spec in site.base.schemas.specs(kind):
            if "filter" in spec.roles:
                vocabulary = spec.schema.get("x-vocabulary")
                title = site.messages(f"vocabulary.{vocabulary}") if vocabulary else str(spec.schema["title"])
                found.setdefault(_filter_id(spec), (not vocabulary, title))
    for name, (_, title) in sorted(found.items(), key=lambda item: item[1][0]):
        yield name, title


def counted_filters(site: Site) -> tuple[tuple[Filter, dict[str, int]], ...]:
    """Every filter that some page can be chosen by, with the number of pages for each of its values, in the order offered."""
    finder = _Finder(site)
    counts = Counter(pair for entry in finder.entries for pair in set(entry.chosen_by))
    return tuple((item, {value: counts[item.id, value] for value in item.values}) for item in finder.filters.values())


def finder_files(site: Site, others: Iterable[SearchEntry] = ()) -> dict[str, str]:
    """The files of search and of comparison, by where they stand. ``others``: pages that are not made from records."""
    first, more = _Finder(site).data(others)
    return {
        RECORDS_FILE: script("kbRecords", first),
        MORE_FILE: script("kbMoreRecords", more),
        COMPARE_FILE: script("kbCompare", compared(site)),
        SHARE_FILE: script("kbShare", site.messages.under("share.script.")),
    }


def script(name: str, data: Any) -> str:
    """A file that hands data to a script, as a value of the page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Two line ends that JSON allows in text and older scripts do not; and nothing that could end a script element.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return f"self.{name}={text}\n"


class _Finder:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.viewer = Viewer(site, "")
        t = site.messages
        self.filters: dict[str, Filter] = {"kind": Filter("kind", t("find.filter.kind"))}
        self.filters |= {spec_id: Filter(spec_id, title) for spec_id, title in _offered(site)}
        self.filters["strength"] = Filter(
            "strength",
            t("find.filter.strength"),
            {rung.name: (t(f"strength.{rung.name}"), ()) for rung in strength.LADDER},
        )
        self.filters["effect"] = Filter(
            "effect",
            t("find.filter.effect"),
            {effect: (t(f"effect.{effect}"), ()) for effect in strength.EFFECTS},
        )
        self.entries = tuple(entry for page in all_pages(site) for entry in self._entries(page))
        for item in self.filters.values():
            used = {value for entry in self.entries for name, value in entry.chosen_by if name == item.id}
            item.values = {value: item.values[value] for value in self._order(item) if value in used}
        self.filters = {name: item for name, item in self.filters.items() if item.values}

    def _order(self, item: Filter) -> list[str]:
        """The values of a filter as readers expect them: as their vocabulary lists them, principles by number, kinds as in the menu."""
        first: dict[str, tuple[str, ...]] = {
            "kind": (
                "use-case",
                "principle",
                *(f"pilot-{name}" for name in self.viewer.choices("pilot", ("type",))),
                "overview",
                "source",
                "topic",
                "term",
            ),
            "principle": tuple(record.id for record in self.site.base.of("principle")),
        }
        known = first.get(item.id) or tuple(self.site.base.vocabulary(item.id))
        return [*(value for value in known if value in item.values), *(v for v in item.values if v not in known)]

    def _entries(self, page: Page) -> Iterator[Entry]:
        record = page.record
        for entry in page.search:
            if record is None:
                yield self._plain(entry)
            else:
                yield self._of_record(record, entry)

    def _plain(self, entry: SearchEntry) -> Entry:
        words = self.site.messages(f"find.kind.{entry.kind}")
        kind = self._kind(entry.kind, words)
        return Entry(
            entry.location,
            entry.title,
            words,
            entry.text,
            (kind,),
            weight=entry.weight,
            later=entry.later,
            also=entry.also,
        )

    def _of_record(self, record: Record, entry: SearchEntry) -> Entry:
        viewer = self.viewer
        marks = viewer.record_marks(record)
        chosen = [self._kind(record.kind, self.site.messages(f"kind.{record.kind}.one"))]
        if record.kind == "pilot":
            chosen = [self._kind(f"pilot-{record.data['type']}", viewer.kind_word(record))]
        chosen += self._values(record)
        if marks:
            chosen += [("strength", marks.strength), ("effect", marks.effect)]
        claims = record.data.get("claims", ()) if record.kind in _WITH_CLAIMS else ()
        return Entry(
            location=entry.location,
            title=entry.title,
            kind_line=viewer.kind_line(record),
            summary=" ".join(str(record.data.get("summary") or viewer.description(record)).split()),
            chosen_by=tuple(chosen),
            strength_words=marks.strength_words if marks else "",
            level=marks.level if marks else _NONE,
            effect=marks.effect if marks else "",
            weight=entry.weight,
            written=str(record.data.get("written", "")),
            sentences=tuple(claim["text"] for claim in claims),
            later=record.kind == "source",
        )

    def _kind(self, kind: str, title: str) -> tuple[str, str]:
        self.filters["kind"].values.setdefault(kind, (title, ()))
        return "kind", kind

    def _values(self, record: Record) -> list[tuple[str, str]]:
        """What a record can be chosen by, each value once."""
        found: dict[tuple[str, str], None] = {}
        for _, value, spec in self.site.base.schemas.values(record.kind, record.data, "filter"):
            name = _filter_id(spec)
            self.filters[name].values.setdefault(value, self._words(spec, value))
            found[name, value] = None
        return list(found)

    def _words(self, spec: FieldSpec, value: str) -> tuple[str, tuple[str, ...]]:
        """Title of a value, and the other words people use for it."""
        base = self.site.base
        if "x-vocabulary" in spec.schema:
            described = base.vocabulary(spec.schema["x-vocabulary"]).get(value, {})
            return str(described.get("title", value)), tuple(described.get("also", ()))
        if "x-kind" in spec.schema:
            target = base.get(spec.schema["x-kind"], value)
            if target is None:
                return value, ()
            number = target.data["number"]
            return f"{number}. {target.title}", (self.site.messages("principle.number", number=number),)
        return str(enumeration(spec.schema).get(value, {}).get("title", value)), ()

    def data(self, others: Iterable[SearchEntry]) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is loaded first and what is loaded later, in a form that is small; ``finder.js`` tells how to read it."""
        t = self.site.messages
        entries = [*self.entries, *(self._plain(entry) for entry in others)]
        first = [entry for entry in entries if not entry.later]
        numbers = {
            pair: number
            for number, pair in enumerate((name, value) for name, item in self.filters.items() for value in item.values)
        }
        marks = sorted({entry.strength_words for entry in entries if entry.strength_words})

        def row(entry: Entry) -> list[Any]:
            return [
                entry.location,
                entry.title,
                entry.kind_line,
                entry.summary,
                [numbers[pair] for pair in entry.chosen_by if pair in numbers],
                entry.level,
                marks.index(entry.strength_words) if entry.strength_words else _NONE,
                entry.effect,
                entry.weight,
                entry.written,
                *([" ".join(entry.also)] if entry.also else []),
            ]

        return {
            "words": t.under(_WORDS),
            "filters": [
                [item.id, item.title, [[value, title, *also] for value, (title, also) in item.values.items()]]
                for item in self.filters.values()
            ],
            "synonyms": [
                [term.title, *term.data["also"]] for term in self.site.base.of("term") if term.data.get("also")
            ],
            "marks": marks,
            "effects": {effect: t(f"effect.{effect}") for effect in strength.EFFECTS},
            "pages": [row(entry) for entry in first],
        }, {
            "sentences": [list(entry.sentences) for entry in first],
            "pages": [row(entry) for entry in entries if entry.later],
        }


def _filter_id(spec: FieldSpec) -> str:
    """What a filter is called in an address: its vocabulary, or its field."""
    return str(spec.schema.get("x-vocabulary") or next(part for part in reversed(spec.pattern) if part != "*"))
