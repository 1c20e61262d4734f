"""Every type of page of the site, and the pages that stand for it in the checks of the built site.

A page type is a template; the pages of ``content/pages/``, the page for a missing address and the redirects are three more. A page stands for
its type if it shows an element that no page chosen before it shows: between them the chosen pages carry every element, class
and role that the type has anywhere on the site. So a new kind of notice, mark or table is looked at without anybody naming a page.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from lxml import html

from lerkb.project import Project
from lerkb.site import all_pages
from lerkb.site.assembly import assemble
from lerkb.site.environment import TEMPLATES
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

WRITTEN, MISSING, REDIRECT = "written", "404", "redirect"
#: Shown only in a preview, in place of a record that cannot be read: no build has it.
PREVIEW_ONLY = frozenset({"broken"})
#: A type by its template; known without making any page, so that each can be a test of its own.
PAGE_TYPES = (
    *sorted({file.stem for file in (TEMPLATES / "pages").glob("*.html")} - PREVIEW_ONLY),
    WRITTEN,
    MISSING,
    REDIRECT,
)
#: A redirect leads a browser on before anybody could read it.
READ_TYPES = tuple(name for name in PAGE_TYPES if name != REDIRECT)
#: What tells kinds of elements apart, beside their names and classes.
_TELLING = ("role", "type", "open", "hidden", "aria-current", "scope", "colspan", "tabindex")


def page_name(page_type: str) -> str:
    """What a page type is called where people read it."""
    return {WRITTEN: "written page", MISSING: "page for a missing address"}.get(page_type, page_type.replace("_", " "))


def pages_by_type(root: Path, site: Path) -> dict[str, list[str]]:
    """The addresses of a built site by page type. What no generated page claims was written by hand."""
    validation = validate(Project.at(root))
    found: dict[str, list[str]] = {}
    generated = set()
    for page in all_pages(assemble(validation, SiteSettings("A site"))):
        found.setdefault(REDIRECT if page.redirect else Path(page.template).stem, []).append(page.url)
        generated.add(page.url)
    for file in sorted(site.rglob("index.html")):
        url = file.parent.relative_to(site).as_posix()
        url = "" if url == "." else f"{url}/"
        if url not in generated:
            found.setdefault(WRITTEN, []).append(url)
    found[MISSING] = ["404.html"]
    return found


def elements(file: Path) -> frozenset[str]:
    """The kinds of elements of a page."""
    kinds = set()
    for element in html.fromstring(file.read_bytes()).iter("*"):
        kinds.add(element.tag)
        kinds.update(f".{name}" for name in element.get("class", "").split())
        kinds.update(f"[{name}={element.get(name)}]" for name in _TELLING if name in element.attrib)
    return frozenset(kinds)


def file_of(site: Path, url: str) -> Path:
    """The file behind an address."""
    return site / url / "index.html" if not url or url.endswith("/") else site / url


def choose(site: Path, urls: Iterable[str]) -> list[str]:
    """The fewest of the pages, near enough, that carry all their kinds of elements; the one with the most first."""
    carried = {url: elements(file_of(site, url)) for url in urls}
    left = set().union(*carried.values())
    chosen = []
    while left:
        best = max(carried, key=lambda url: (len(carried[url] & left), file_of(site, url).stat().st_size, url))
        chosen.append(best)
        left -= carried[best]
    return chosen


def chosen_pages(root: Path, site: Path) -> Mapping[str, list[str]]:
    """The pages that stand for each type that the site has."""
    return {name: choose(site, urls) for name, urls in pages_by_type(root, site).items()}
