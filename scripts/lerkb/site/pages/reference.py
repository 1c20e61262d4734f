"""Reference for contributors: each kind’s fields, from the schema, and each check, from its docstring."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lerkb.project import KIND_FOLDERS
from lerkb.schemas import enumeration
from lerkb.site import page_type
from lerkb.site.page import Page, SearchEntry
from lerkb.site.views import Link, Viewer
from lerkb.text.prose import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.schemas import FieldSpec
    from lerkb.site.site import CheckDoc, Site


#: In the order of search results: these pages are for contributors, and share many words with what readers look for.
_WEIGHT: Final = 0.3


@dataclass(frozen=True)
class FieldRow:
    """One field, with those inside it."""

    name: str
    title: str
    description: str
    required: bool
    example: str
    values: tuple[tuple[str, str], ...]
    vocabulary: Link | None
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True)
class FieldsView:
    """The fields of a kind, ready to print."""

    title: str
    lead: str
    folder: str
    crumbs: tuple[Link, ...]
    fields: tuple[FieldRow, ...]
    kinds: tuple[Link, ...]


@page_type
def fields_pages(site: Site) -> Iterator[Page]:
    """A page of the fields of each kind."""
    t = site.messages
    for kind in site.base.schemas.kinds:
        if kind in KIND_FOLDERS:
            url = f"fields/{kind}/"
            title = t("fields.title", kind=t(f"kind.{kind}.one"))
            yield Page(
                url,
                title,
                str(site.base.schemas.of(kind)["description"]),
                "pages/fields.html",
                partial(_fields_view, site, kind),
                search=(SearchEntry(url, title, str(site.base.schemas.of(kind)["description"]), weight=_WEIGHT),),
                section="contribute/",
            )


def _fields_view(site: Site, kind: str) -> FieldsView:
    viewer = Viewer(site, "../../")
    t, schemas = viewer.t, site.base.schemas
    return FieldsView(
        title=t("fields.title", kind=t(f"kind.{kind}.one")),
        lead=str(schemas.of(kind)["description"]),
        folder=KIND_FOLDERS[kind],
        crumbs=(
            Link(t("nav.home"), viewer.href("")),
            Link(t("nav.take_part"), viewer.href("contribute/")),
            Link(t("fields.title", kind=t(f"kind.{kind}.one"))),
        ),
        fields=_rows(viewer, kind, ()),
        kinds=tuple(
            Link(t(f"kind.{name}.one"), viewer.href(f"fields/{name}/"))
            for name in schemas.kinds
            if name in KIND_FOLDERS
        ),
    )


def _rows(viewer: Viewer, kind: str, inside: tuple[str, ...]) -> tuple[FieldRow, ...]:
    """The fields inside a field, or those of the record itself: in a list of their own, since each kind of thing has its ``id``."""
    return tuple(
        _row(viewer, kind, spec)
        for spec in viewer.base.schemas.specs(kind)
        if spec.pattern[-1] != "*" and _without_items(spec.pattern[:-1]) == inside
    )


def _without_items(pattern: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in pattern if part != "*")


def _row(viewer: Viewer, kind: str, spec: FieldSpec) -> FieldRow:
    schemas = viewer.base.schemas
    schema = spec.schema
    parent = schemas.described(kind, tuple(0 if part == "*" else part for part in spec.pattern[:-1]))
    example = schema.get("examples", [None])[0]
    items = (
        schemas.described(kind, (*(0 if part == "*" else part for part in spec.pattern), 0))
        if "items" in schema
        else {}
    )
    vocabulary = str(items.get("x-vocabulary") or schema.get("x-vocabulary") or "")
    values = {} if vocabulary else enumeration(schema)
    required = [*parent.get("required", ()), *parent.get("else", {}).get("required", ())]
    return FieldRow(
        name=spec.pattern[-1],
        title=str(schema.get("title", "")),
        description=str(schema.get("description", "")),
        required=spec.pattern[-1] in required,
        example=example
        if isinstance(example, str)
        else json.dumps(example, ensure_ascii=False)
        if isinstance(example, (int, float))
        else "",
        values=tuple((value, str(option["description"])) for value, option in values.items()),
        vocabulary=Link(viewer.t(f"vocabulary.{vocabulary}"), viewer.href(f"browse/{vocabulary}/"))
        if vocabulary
        else None,
        fields=_rows(viewer, kind, _without_items(spec.pattern)),
    )


@dataclass(frozen=True)
class CheckView:
    """A check, ready to print."""

    crumbs: tuple[Link, ...]
    check: CheckDoc
    why: tuple[str, ...]
    others: tuple[tuple[Link, CheckDoc], ...]


@dataclass(frozen=True)
class FamilyView:
    """A family of checks."""

    id: str
    title: str
    code: str
    about: str
    checks: tuple[tuple[Link, CheckDoc], ...]


@dataclass(frozen=True)
class ChecksView:
    """All checks by family."""

    crumbs: tuple[Link, ...]
    families: tuple[FamilyView, ...]


@page_type
def checks_pages(site: Site) -> Iterator[Page]:
    """A page for each check and one that lists them."""
    t = site.messages
    if not site.checks:
        return
    yield Page(
        "checks/",
        t("checks.title"),
        t("checks.lead"),
        "pages/checks.html",
        partial(_checks_view, site),
        search=(SearchEntry("checks/", t("checks.title"), t("checks.lead")),),
        section="contribute/",
    )
    for check in site.checks:
        title = f"{check.code} {check.title}"
        yield Page(
            f"checks/{check.code}/",
            title,
            check.title,
            "pages/check.html",
            partial(_check_view, site, check),
            search=(SearchEntry(f"checks/{check.code}/", title, check.name, weight=_WEIGHT),),
            section="contribute/",
        )


def _check_view(site: Site, check: CheckDoc) -> CheckView:
    viewer = Viewer(site, "../../")
    t = viewer.t
    family = Link(check.family.capitalize(), viewer.href(f"checks/#{check.family}"))
    return CheckView(
        (
            Link(t("nav.home"), viewer.href("")),
            Link(t("checks.title"), viewer.href("checks/")),
            family,
            Link(check.code),
        ),
        check,
        paragraphs(check.why),
        tuple(
            (link, other)
            for link, other in _linked(viewer, site.checks)
            if other.family == check.family and other != check
        ),
    )


def _checks_view(site: Site) -> ChecksView:
    viewer = Viewer(site, "../")
    t = viewer.t
    families: dict[str, list[tuple[Link, CheckDoc]]] = {}
    for link, check in _linked(viewer, site.checks):
        families.setdefault(check.family, []).append((link, check))
    return ChecksView(
        (
            Link(t("nav.home"), viewer.href("")),
            Link(t("nav.take_part"), viewer.href("contribute/")),
            Link(t("checks.title")),
        ),
        tuple(
            FamilyView(name, name.capitalize(), found[0][1].family_code, found[0][1].family_about, tuple(found))
            for name, found in sorted(families.items())
        ),
    )


def _linked(viewer: Viewer, checks: Iterable[CheckDoc]) -> Iterator[tuple[Link, CheckDoc]]:
    return ((Link(check.code, viewer.href(f"checks/{check.code}/")), check) for check in checks)
