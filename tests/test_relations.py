"""What a record stands on and what stands on it: both ends of every tie agree, and the drawing shows what the list says."""

import itertools
from pathlib import Path

import pytest
from lxml import html

from lerkb.project import Project
from lerkb.site import all_pages, relations
from lerkb.site.assembly import assemble
from lerkb.site.environment import render
from lerkb.site.relations import BOXES, relations_view
from lerkb.site.site import SiteSettings, record_url
from lerkb.site.views import Viewer
from lerkb.validation import validate

KINDS = ("use-case", "principle", "pilot", "source", "overview")


@pytest.fixture(scope="module")
def site(sample):
    return assemble(sample, SiteSettings("Sample records"), drafts=True)


@pytest.fixture(scope="module")
def real_site():
    """The real records as a site."""
    return assemble(validate(Project.at(Path(__file__).parent.parent)), SiteSettings("Real records"))


@pytest.fixture(scope="module")
def real_views(real_site):
    """The section of every record page, by address."""
    return {
        record_url(record): relations_view(Viewer(real_site, ""), record)
        for kind in KINDS
        for record in real_site.base.of(kind)
    }


def view(site, kind, name):
    return relations_view(Viewer(site, ""), site.base.get(kind, name))


def said(side):
    return {group.title: [(entry.link.text, entry.link.note) for entry in group.entries] for group in side.groups}


def test_a_use_case_stands_on_findings_their_documents_and_principles(site):
    below, above = view(site, "use-case", "card-leaves-the-bakery").sides
    found = said(below)
    assert list(found) == ["Findings, by pilot record", "Sources", "Principles"]
    assert ("Leave room to say no", "Partly") in found["Principles"]
    (entry,) = (entry for entry in below.entries if entry.link.text == "Training cards at a bakery")
    cited = [
        citation
        for claim in site.base.get("use-case", "card-leaves-the-bakery").data["claims"]
        for name in ("findings", "also")
        for citation in claim.get(name, ())
        if citation.startswith("bakery-cards#")
    ]
    assert cited
    assert entry.link.note.startswith("4 findings")
    # What a claim tells is told once; what the rest of the record cites is told here.
    numbers = [
        str(number)
        for number, claim in enumerate(site.base.get("use-case", "card-leaves-the-bakery").data["claims"], start=1)
        if any(citation in cited for name in ("findings", "also") for citation in claim.get(name, ()))
    ]
    assert [(link.text, link.href) for link in entry.claims] == [(number, f"#c{number}") for number in numbers]
    assert not {f"pilots/{citation.replace('#', '/#')}" for citation in cited} & {link.href for link in entry.findings}
    assert above.groups == ()


def test_a_document_ends_the_chain_and_tells_who_stands_on_it_through_its_findings(site):
    below, above = view(site, "source", "bakery-report").sides
    assert below.groups == ()
    assert below.nothing == "A document is where the chain ends."
    assert said(above)["Pilots and studies"] == [("Training cards at a bakery", "7 findings")]
    assert said(above)["Overviews"] == [("What was counted", "through 1 finding")]
    assert [entry.through for entry in above.entries] == [False, True, True, True, True]


def test_principles_that_pull_against_each_other_do_not_stand_on_each_other(site):
    assert site.base.get("principle", "say-no").data["tensions"]
    for side in view(site, "principle", "say-no").sides:
        assert "Principles" not in said(side)


def test_each_tie_is_told_at_both_of_its_ends(real_views):
    below = {
        (url, entry.link.href, entry.through)
        for url, made in real_views.items()
        for entry in made.sides[0].entries
        if not entry.link.href.startswith("glossary/")
    }
    above = {
        (entry.link.href, url, entry.through)
        for url, made in real_views.items()
        for entry in made.sides[1].entries
        if not entry.link.href.startswith("glossary/")
    }
    assert below == above
    assert {through for _, _, through in below} == {True, False}
    assert len(below) > 1000


def test_what_is_drawn_is_in_the_list_and_what_is_not_is_counted(real_views):
    full = 0
    for made in real_views.values():
        for side, column in zip(made.sides, made.drawing.columns, strict=True):
            hrefs = [entry.link.href for entry in side.entries]
            drawn = [box.href for box in column.boxes]
            assert [href for href in hrefs if href in drawn] == drawn
            assert len(drawn) == min(BOXES, len(hrefs))
            assert (column.nothing is None) is bool(drawn)
            if len(hrefs) > BOXES:
                full += 1
                assert column.more == f"and {len(hrefs) - BOXES} more, in the list"
                kinds = [{box.href.split("/")[0] for box in column.boxes}, {href.split("/")[0] for href in hrefs}]
                assert kinds[0] == kinds[1], "no kind is crowded out"
            else:
                assert column.more == ""
    assert full > 10


def test_nothing_is_drawn_outside_the_drawing_or_over_another_box(real_views):
    for made in real_views.values():
        width, height = made.drawing.size
        for column in made.drawing.columns:
            ends = [(box.y, box.y + box.height) for box in column.boxes]
            assert all(20 < top < bottom <= height for top, bottom in ends)
            assert all(one[1] < two[0] for one, two in itertools.pairwise(ends))
            assert all(0 <= box.x <= box.x + box.width <= width for box in column.boxes)
            assert not column.more or column.more_y < height
        center = made.drawing.center
        assert 20 < center.y < center.y + center.height <= height


def test_a_line_leads_from_each_box_dashed_where_only_findings_tie(real_views):
    for made in real_views.values():
        entries = [entry for side in made.sides for entry in side.entries]
        drawn = {box.href for column in made.drawing.columns for box in column.boxes}
        through = sum(entry.through and entry.link.href in drawn for entry in entries)
        assert made.drawing.lines_through.count("M") == through
        assert made.drawing.lines.count("M") == len(drawn) - through


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Short", ("Short", "")),
        ("", ("", "")),
        ("A title of more than one line of letters", ("A title of more than one", "line of letters")),
        ("word " * 40, ("word word word word word", "word word word word word…")),
        ("x" * 100, ("x" * 28, "…")),
    ],
)
def test_a_title_has_its_lines_however_long_it_is(title, lines):
    assert relations._wrapped(title, 2) == lines


def test_every_record_page_has_the_section_and_its_menu_leads_there(site):
    pages = {page.url: page for page in all_pages(site)}
    for kind in KINDS:
        for record in site.base.of(kind):
            tree = html.fromstring(render(pages[record_url(record)], site))
            (section,) = tree.xpath("//section[@id='relations']")
            assert section.xpath(".//div[@id='stands-on']//h3")
            assert section.xpath(".//*[local-name()='svg']/@aria-label")
            links = set(tree.xpath("//article//a[not(ancestor::*[local-name()='svg'])]/@href"))
            made = relations_view(Viewer(site, "../../"), record)
            assert {entry.link.href for side in made.sides for entry in side.entries} <= links
            assert {link.href for side in made.sides for entry in side.entries for link in entry.claims} <= links
            assert all(tree.xpath(f"//*[@id='{link[1:]}']") for link in links if link.startswith("#"))
            menu = tree.xpath("//nav[@class='kb-onpage']")
            assert bool(menu) is (kind != "source")
            assert all(nav.xpath(".//a[@href='#relations']") for nav in menu)


def test_the_page_of_a_retired_record_tells_who_still_stands_on_it(make_project):
    root = make_project()
    path = root / "content" / "pilots" / "bakery-cards.yaml"
    retired = "status: retired\nretired:\n  date: '2026-11-03'\n  reason: Counted twice.\n"
    path.write_text(path.read_text(encoding="utf-8").replace("status: published\n", retired), encoding="utf-8")
    site = assemble(validate(Project.at(root)), SiteSettings("Sample records"), drafts=True)
    page = next(page for page in all_pages(site) if page.url == "pilots/bakery-cards/")
    text = render(page, site)
    assert "Counted twice." in text
    assert "<h2>What stands on it</h2>" in text
    assert "use-cases/card-leaves-the-bakery/" in text
