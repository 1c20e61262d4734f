"""The forms: a page for each kind of record, made from its schema, and one that leads to them.

The page is whole HTML; the script fills it, checks it and makes the file. Nothing is sent: the writer takes the file away, or follows a link.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lerkb.project import KIND_FOLDERS
from lerkb.scaffold import LATER
from lerkb.schemas import enumeration
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.site import FORM_KINDS, SECTIONS, form_url
from lerkb.site.views import Link, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lerkb.schemas import Schemas
    from lerkb.site.site import Site

URL: Final = "contribute/form/"
#: From how many characters on a text gets a field of several lines.
_ONE_LINE: Final = 120
#: Up to how many values are shown at once; more are folded into one field.
_SHOWN: Final = 7
#: Up to how many values are ticked on a list; of more, each is looked up by its name.
_TICKED: Final = 120
#: From how many fields on that an entry can do without are folded away.
_FOLDED: Final = 3


@dataclass(frozen=True)
class Choice:
    """A value of a closed list."""

    value: str
    title: str
    description: str


@dataclass(frozen=True)
class Field:
    """A field as the form shows it.

    ``shape``: ``group`` and ``list`` hold others; ``ticks`` takes several values of a list, ``one`` and ``select`` take one; ``switch`` is
    yes or no; ``line``, ``text`` and ``number`` are typed; ``name`` is looked up among what ``offers`` names.
    """

    name: str
    id: str  #: of the element; ``~`` stands for the number of an entry
    shape: str
    title: str
    question: str
    help: str
    example: str
    required: bool
    choices: tuple[Choice, ...] = ()
    offers: str = ""
    role: str = ""
    lines: int = 1
    fields: tuple[Field, ...] = ()
    entry: Field | None = None
    kept: bool = False  #: it is for those who keep the site, and a new record has nothing to say of it
    part: str = ""  #: the list of the record itself that it names an entry of
    begins: str = ""  #: the kind of record that may be described along with this one, in a form of its own
    minor: bool = False  #: an entry is whole without it

    @property
    def must(self) -> bool:
        """Whether a record lacks something without it; an entry of a list is there only if somebody wants it."""
        return self.required and bool(self.name)

    @property
    def stands_alone(self) -> bool:
        """Whether it makes a section by itself."""
        return self.shape in ("group", "list")

    @property
    def folded(self) -> bool:
        """Whether it is closed until somebody wants it: a group that need not be there, or the claims that a text rests on."""
        own = self.shape == "list" and self.entry is not None and bool(self.entry.part)
        return (self.shape == "group" or own) and not self.required

    @property
    def major_fields(self) -> tuple[Field, ...]:
        """What is asked at once."""
        return tuple(field for field in self.fields if not field.minor)

    @property
    def minor_fields(self) -> tuple[Field, ...]:
        """What is asked of those who have more to say."""
        return tuple(field for field in self.fields if field.minor)


@dataclass(frozen=True)
class Section:
    """Fields under one heading. A single group or list has its own heading."""

    id: str
    title: str
    fields: tuple[Field, ...]
    folded: bool = False


@dataclass(frozen=True)
class FormView:
    """A form, ready to print."""

    kind: str
    title: str
    lead: str
    crumbs: tuple[Link, ...]
    sections: tuple[Section, ...]
    fields_page: Link
    others: tuple[Link, ...]
    repository: str
    new_file: str
    contact: str
    settings: str  #: JSON: what the script must know of the site
    words: str  #: JSON: what the script says


@dataclass(frozen=True)
class FormsView:
    """The page that leads to the forms."""

    crumbs: tuple[Link, ...]
    forms: tuple[tuple[Link, str], ...]


@page_type
def form_pages(site: Site) -> Iterator[Page]:
    """A form for each kind, and the page that leads to them."""
    t = site.messages
    kinds = [kind for kind in FORM_KINDS if kind in site.base.schemas.kinds]
    yield Page(
        URL,
        t("form.index.title"),
        t("form.index.lead"),
        "pages/forms.html",
        partial(_index, site, kinds),
        search=(SearchEntry(URL, t("form.index.title"), t("form.index.lead")),),
        section="contribute/",
    )
    for kind in kinds:
        title = t("form.title", kind=t(f"kind.{kind}.one").lower())
        yield Page(
            form_url(kind),
            title,
            t("form.lead"),
            "pages/form.html",
            partial(view, site, kind),
            search=(SearchEntry(form_url(kind), title, t("form.lead")),),
            section="contribute/",
        )


def _index(site: Site, kinds: Sequence[str]) -> FormsView:
    viewer = Viewer(site, "../../")
    t = viewer.t
    return FormsView(
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("nav.take_part"), viewer.href("contribute/")),
            Link(t("form.index.title")),
        ),
        forms=tuple(
            (
                Link(t("form.title", kind=t(f"kind.{kind}.one").lower()), f"{kind}/"),
                str(site.base.schemas.of(kind)["description"]),
            )
            for kind in kinds
        ),
    )


def view(site: Site, kind: str) -> FormView:
    """Prepare the form of a kind."""
    viewer = Viewer(site, "../../../")
    t, settings = viewer.t, site.settings
    title = t("form.title", kind=t(f"kind.{kind}.one").lower())
    return FormView(
        kind=kind,
        title=title,
        lead=t("form.lead"),
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("nav.take_part"), viewer.href("contribute/")),
            Link(t("form.index.title"), viewer.href(URL)),
            Link(t(f"kind.{kind}.one")),
        ),
        sections=tuple(_sections(viewer, kind)),
        fields_page=Link(t("fields.title", kind=t(f"kind.{kind}.one")), viewer.href(f"fields/{kind}/")),
        others=tuple(
            Link(t(f"kind.{other}.one"), viewer.href(form_url(other))) for other in FORM_KINDS if other != kind
        ),
        repository=settings.repository,
        new_file=settings.new_file_address,
        contact=settings.contact,
        settings=json.dumps(
            {
                "kind": kind,
                "folder": KIND_FOLDERS[kind],
                "sections": SECTIONS,
                "new": settings.new_file_address,
                "edit": settings.edit_address(""),
                "contact": settings.contact,
                "site": settings.name,
                "begins": _begun(viewer.base.schemas, kind),
            },
            ensure_ascii=False,
        ),
        words=json.dumps(t.under("form.script."), ensure_ascii=False),
    )


def _sections(viewer: Viewer, kind: str) -> Iterator[Section]:
    """Single fields stand together: those before the first group that is always open, and those after it.

    The name of the record is made of its title and comes after it; what names a part of the record comes after the parts. What only those
    who keep the site have to say comes last.
    """
    every = tuple(_fields(viewer.base.schemas, kind, (), "f", viewer.base.schemas.described(kind, ())))
    made = tuple(field for field in every if not field.kept and not field.part)
    first = next((at for at, field in enumerate(made) if field.stands_alone and not field.folded), len(made))
    start = sorted(_single(made[:first]), key=lambda field: (field.name != "title", field.role != "identifier"))
    yield Section("start", viewer.t("form.start"), tuple(start))
    yield from (_alone(field, every) for field in made[first:] if field.stands_alone)
    rest = _single(made[first:])
    if rest:
        yield Section("rest", viewer.t("form.rest"), rest)
    yield from (_alone(field, every) for field in made[:first] if field.stands_alone)
    kept = tuple(field for field in every if field.kept)
    if kept:
        yield Section("kept", viewer.t("form.kept"), kept, folded=True)


def _single(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field for field in fields if not field.stands_alone)


def _alone(field: Field, every: Sequence[Field]) -> Section:
    naming = tuple(other for other in every if other.part == field.name and other.shape == "name")
    return Section(f"part-{field.name}", field.question, (field, *naming))


def _fields(
    schemas: Schemas, kind: str, place: tuple[str | int, ...], parent: str, schema: Mapping[str, Any]
) -> Iterator[Field]:
    required = {*schema.get("required", ()), *schema.get("else", {}).get("required", ())}
    made = [
        _field(schemas, kind, (*place, name), f"{parent}-{name}", required=name in required)
        for name in schema["properties"]
    ]
    if any(isinstance(part, int) for part in place):
        made = _as_entry(schema, made)
    yield from made


def _as_entry(schema: Mapping[str, Any], fields: Sequence[Field]) -> list[Field]:
    """The fields of an entry of a list: its short name, which is made of its words, last; what it is whole without, folded away."""
    chosen = {name for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())) for name in choice["required"]}
    minor = [field for field in fields if not field.required and not field.stands_alone and field.name not in chosen]
    if len(minor) >= _FOLDED:
        fields = [replace(field, minor=field in minor) for field in fields]
    return sorted(fields, key=lambda field: field.role == "local-id")


def _field(schemas: Schemas, kind: str, place: tuple[str | int, ...], id: str, *, required: bool) -> Field:  # noqa: A002 - as HTML has it
    schema = schemas.described(kind, place)
    entry = schemas.described(kind, (*place, 0)) if schema["type"] == "array" else {}
    shape, choices, offers = _shape(schema, entry)
    return Field(
        name=str(place[-1]) if isinstance(place[-1], str) else "",
        id=id,
        shape=shape,
        title=str(schema["title"]),
        question=str(schema.get("x-question") or schema["title"]),
        help=str(schema["description"]),
        example=_example(schema, shape, choices),
        required=required,
        choices=choices,
        offers=offers,
        role=str(schema.get("x-role", "")) if isinstance(schema.get("x-role", ""), str) else " ".join(schema["x-role"]),
        kept=len(place) == 1 and _is_kept(str(place[0]), schema),
        part=str(schema.get("x-part", "")) if offers.startswith("own ") else "",
        begins=str(schema["x-kind"]) if schema.get("x-new") and schema.get("x-kind") in FORM_KINDS else "",
        lines=min(6, 2 + int(schema.get("maxLength", 0)) // 250) if shape == "text" else 1,
        fields=tuple(_fields(schemas, kind, place, id, schema)) if shape == "group" else (),
        entry=_field(schemas, kind, (*place, 0), f"{id}-~", required=True) if shape == "list" else None,
    )


def _begun(schemas: Schemas, kind: str) -> list[str]:
    """The kinds of record that may be described along with one of this kind."""
    return sorted({str(spec.schema["x-kind"]) for spec in schemas.specs(kind) if spec.schema.get("x-new")})


def _is_kept(name: str, schema: Mapping[str, Any]) -> bool:
    """Whether a field is for those who keep the site: what programs write, what ends a record, what each begins with."""
    begins = "x-default" in schema and "x-upkeep" not in schema
    return name in LATER or bool(schema.get("readOnly")) or begins


def _shape(schema: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, tuple[Choice, ...], str]:  # noqa: PLR0911 - one line a shape
    """How a field is shown, the values it takes, and where names are looked up."""
    kind = schema["type"]
    if kind == "object":
        return "group", (), ""
    if kind == "array":
        choices = _choices(entry)
        return ("ticks", choices, "") if choices and len(choices) <= _TICKED else ("list", (), "")
    if kind == "boolean":
        return "switch", (), ""
    if kind in ("integer", "number"):
        return "number", (), ""
    choices = _choices(schema)
    if choices and "x-vocabulary" in schema:
        return (
            ("select", choices, "") if len(choices) <= _TICKED else ("name", (), f"vocabulary {schema['x-vocabulary']}")
        )
    if choices:
        return ("one" if len(choices) <= _SHOWN else "select"), choices, ""
    offers = _offers(schema)
    if offers:
        return "name", (), offers
    prose = "prose" in str(schema.get("x-role", "")) or schema.get("maxLength", 0) > 600  # noqa: PLR2004 - the longest address
    return ("text" if prose and schema.get("maxLength", 0) > _ONE_LINE else "line"), (), ""


def _choices(schema: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(value), str(option["title"]), str(option["description"]))
        for value, option in enumeration(schema).items()
    )


def _offers(schema: Mapping[str, Any]) -> str:
    """Where the names that a field takes are looked up: records of a kind, parts of these, or parts of the record itself."""
    role = str(schema.get("x-role", ""))
    if "local-reference" in role:
        return f"own {schema['x-part']}"
    if "citation" in role:
        return f"part {schema['x-kind']} {schema['x-part']}"
    if "reference" in role:
        return f"record {schema['x-kind']}"
    return ""


def _example(schema: Mapping[str, Any], shape: str, choices: tuple[Choice, ...]) -> str:
    if shape in ("group", "list", "ticks", "switch") or choices:
        return ""
    return str(schema.get("examples", [""])[0])
