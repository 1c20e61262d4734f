"""Views and pages of records that the sample has none of; what a template is given, and that no text of a record becomes HTML."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from lerkb import strength
from lerkb.errors import RunError
from lerkb.knowledge_base import KnowledgeBase
from lerkb.project import Project
from lerkb.records import Record
from lerkb.site import all_pages, page_types
from lerkb.site.assembly import assemble
from lerkb.site.environment import render
from lerkb.site.page import Page
from lerkb.site.preview import preview_pages
from lerkb.site.site import SECTIONS, Site, SiteSettings, record_url
from lerkb.site.views import Viewer
from lerkb.validation import validate
from test_cases import case_files, cases, read_case

SETTINGS = SiteSettings(
    "Sample records", "https://example.org/kb/", "https://example.org/repo", "main", "kb@example.org"
)


@pytest.fixture(scope="module")
def site(sample):
    return assemble(sample, SETTINGS, drafts=True)


@pytest.fixture
def viewer(site):
    return Viewer(site, "../../")


@pytest.fixture
def fullest(make_project):
    """The sample with every right record of the cases laid into it."""
    files = [read_case(text) for case in cases("pass") for text in case_files(case)]
    validation = validate(Project.at(make_project({path: text for path, text, _ in files})))
    assert validation.diagnostics == ()
    return assemble(validation, SETTINGS, drafts=True)


def page_of(site, url):
    return render(next(page for page in all_pages(site) if page.url == url), site)


def test_every_right_record_can_be_shown(fullest):
    shown = {page.url: render(page, fullest) for page in all_pages(fullest)}
    for record in fullest.base:
        if record.kind not in ("vocabulary", "term"):
            assert shown[record_url(record)].strip(), record.path
    assert "R., who agreed on 2026-10-04" in shown["use-cases/one-bakers-account/"]
    assert "A principle with every field" in shown["overviews/fullest-overview/"]


@pytest.mark.parametrize("kind", ["use-cases", "principles", "pilots", "sources", "overviews"])
def test_a_retired_record_of_any_kind_keeps_its_address_and_says_why(fullest, kind):
    (url,) = (page.url for page in all_pages(fullest) if page.url.startswith(f"{kind}/retired-"))
    text = page_of(fullest, url)
    assert "Joined with a fuller record." in text
    assert "Twelve bakers took a card" not in text, "nothing but the notice is left"


def test_a_retired_record_is_on_no_list(fullest):
    for url in ("use-cases/", "principles/", "pilots/", "sources/", "overviews/", "glossary/"):
        assert "retired-" not in page_of(fullest, url)


def test_an_empty_knowledge_base_has_pages_too(sample):
    empty = Site(KnowledgeBase([], sample.base.schemas), assemble(sample, SETTINGS).messages, SETTINGS)
    shown = {page.url: render(page, empty) for page in all_pages(empty)}
    assert {"", "use-cases/", "gaps/", "matrix/", "evidence/", "glossary/"} <= set(shown)
    assert all(text.strip() for text in shown.values())


def test_two_pages_cannot_have_one_address(site, monkeypatch):
    page = Page("gaps/", "Mine", "", "pages/gaps.html", lambda: None)
    types = (*page_types(), lambda site: iter([page]))
    monkeypatch.setattr("lerkb.site.page_types", lambda: types)
    with pytest.raises(RunError, match="two pages would have the address gaps/"):
        all_pages(site)


def test_pages_come_sorted_by_address_and_the_same_each_time(site):
    urls = [page.url for page in all_pages(site)]
    assert urls == sorted(urls)
    assert [page.url for page in all_pages(site)] == urls


def test_a_page_leads_back_to_the_root():
    def page(url):
        return Page(url, "", "", "", lambda: None).root

    assert (page(""), page("gaps/"), page("pilots/a/")) == ("./", "../", "../../")


# Links and words


def test_a_link_of_a_deep_page_starts_at_the_root(viewer, site):
    pilot = site.base.get("pilot", "bakery-cards")
    assert viewer.link(pilot).href == "../../pilots/bakery-cards/"
    assert viewer.link(site.base.get("term", "wallet")).href == "../../glossary/#wallet"
    assert viewer.href("") == "../../"


def test_a_value_that_no_list_has_is_shown_as_it_is(viewer):
    assert viewer.value_link("sectors", "mining").text == "mining"
    assert viewer.choice("pilot", ("type",), "poem") == "poem"
    assert viewer.choice("pilot", ("type",), "policy") != "policy"


def test_claims_are_linked_by_their_number_on_the_page(viewer, site):
    record = site.base.get("use-case", "card-leaves-the-bakery")
    links = viewer.claim_links(record, ["cards-exist", "nothing"])
    assert [(link.text, link.href) for link in links] == [("2", "#c2")]


def test_what_others_counted_themselves_is_worded_otherwise(viewer):
    marks = strength.Marks(strength.MEASURED_BY_ITSELF, strength.NOT_KNOWN)
    assert viewer.marks(marks).strength_words == "Measured by the pilot itself"
    assert viewer.marks(marks, kind="policy").strength_words == "Measured by those who ran it"


def test_a_finding_that_no_record_has_is_a_bug_of_ours(viewer):
    graded = strength.Graded("nobody#nothing", strength.DONE, strength.DONE, analogy=False, effect=None)
    with pytest.raises(LookupError, match="nobody#nothing"):
        viewer.cited_finding("nobody#nothing", graded)


def test_the_sources_named_on_a_page_are_listed_once(viewer, site):
    viewer.claims(site.base.get("use-case", "card-leaves-the-bakery"))
    titles = [line.title for line in viewer.sources()]
    assert titles == sorted(set(titles), key=str.casefold)
    assert 'A report on cards & crumbs < 3 "ovens"' in titles


def test_a_record_that_can_be_compared_leads_to_the_page_with_itself_chosen(site):
    pages = {page.url: page for page in all_pages(site)}
    offered = html.fromstring(render(pages["compare/"], site)).xpath("//option/@value")
    met = set()
    for record in site.base:
        if record.kind in SECTIONS and record.kind not in ("term", "vocabulary"):
            hrefs = html.fromstring(render(pages[record_url(record)], site)).xpath(
                "//ul[@class='kb-tools']//a[contains(@href, 'compare/')]/@href"
            )
            can_be = record_url(record) in offered
            assert hrefs == ([f"../../compare/?r={record_url(record)}"] if can_be else [])
            met.add((record.kind, can_be))
    assert {("use-case", True), ("use-case", False), ("pilot", True), ("principle", False)} <= met


@pytest.mark.parametrize(("status", "linked"), [("found", True), ("moved", True), ("at-risk", True), ("dead", False)])
def test_an_address_that_leads_nowhere_is_no_link(viewer, site, status, linked):
    source = site.base.get("source", "bakery-report")
    line = viewer.source_line(Record("source", source.id, source.path, {**source.data, "address_status": status}))
    assert bool(line.address) is linked
    assert (len(line.notes) > 1) is (status != "found")


def test_a_kept_copy_takes_the_place_of_an_address_that_leads_nowhere(viewer, site):
    source = site.base.get("source", "bakery-report")
    kept = {**source.data, "kept_copy": "https://web.archive.org/web/2024/https://example.org/report"}
    for status, address, host, note in (
        ("dead", kept["kept_copy"], "web.archive.org", "The link leads to a copy kept elsewhere."),
        ("at-risk", kept["url"], "example.org", "Its address led nowhere when last tried."),
    ):
        line = viewer.source_line(Record("source", source.id, source.path, {**kept, "address_status": status}))
        assert (line.address, line.host) == (address, host)
        assert note in line.notes[-1]


def test_a_claim_says_that_a_document_is_gone(site):
    source = site.base.get("source", "bakery-report")
    gone = Record("source", source.id, source.path, {**source.data, "address_status": "dead"})
    records = [gone if record is source else record for record in site.base]
    lost = replace(site, base=KnowledgeBase(records, site.base.schemas))
    case = site.base.get("use-case", "card-leaves-the-bakery")
    claims = {claim.id: claim for claim in Viewer(lost, "../").claims(case)}
    assert claims["few-bakers"].marks.strength == "passed-on"
    assert "gone from its address" in claims["few-bakers"].why
    assert "gone from its address" not in claims["gap-larger"].why


def test_a_claim_whose_account_was_taken_back_says_so(make_project):
    withdrawn = "id: bakery-cards\nstatus: retired\nwithdrawn:\n  date: '2026-11-04'\n  reason: Consent ended.\n"
    validation = validate(Project.at(make_project({"content/pilots/bakery-cards.yaml": withdrawn})))
    viewer = Viewer(assemble(validation, SETTINGS), "../../")
    claims = {claim.id: claim for claim in viewer.claims(validation.base.get("use-case", "card-leaves-the-bakery"))}
    assert "took back on 2026-11-04" in claims["few-bakers"].why
    assert claims["few-bakers"].marks.strength == "reasoned"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("not-reported", "ongoing", ""),
        ("2024-01", "ongoing", "since 2024"),
        ("2024", "not-reported", "2024"),
        ("2024-01", "2024-12", "2024"),
        ("2023-05-01", "2024", "2023 to 2024"),
    ],
)
def test_a_period_is_told_in_years(viewer, site, start, end, words):
    pilot = site.base.get("pilot", "bakery-cards")
    data = {**pilot.data, "period": {"from": start, "to": end}}
    card = viewer.card(Record("pilot", pilot.id, pilot.path, data))
    years = [part for part in card.kind_line.split(" · ") if any(letter.isdigit() for letter in part)]
    assert years == ([words] if words else [])


# Nothing that a contributor writes becomes HTML

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>&amp;{{ 7654*321 }}{% raw %}"


def poisoned(value, schema_says, place=()):
    """A copy of a record's data with every text that is not looked up replaced."""
    if isinstance(value, dict):
        return {name: poisoned(child, schema_says, (*place, name)) for name, child in value.items()}
    if isinstance(value, list):
        return [poisoned(child, schema_says, (*place, index)) for index, child in enumerate(value)]
    return HOSTILE if isinstance(value, str) and schema_says(place) else value


def test_no_text_of_a_record_becomes_html(sample):
    base = sample.base
    records = []
    for record in base:
        prose = {place for place, _, _ in base.schemas.values(record.kind, record.data, "prose")}
        records.append(Record(record.kind, record.id, record.path, poisoned(record.data, prose.__contains__)))
    site = assemble(type(sample)(KnowledgeBase(records, base.schemas), (), {}), SETTINGS, drafts=True)
    met = 0
    for page in all_pages(site):
        text = render(page, site)
        assert "<script>alert" not in text, page.url
        assert "<img src=x" not in text, page.url
        assert str(7654 * 321) not in html.fromstring(f"<div>{text}</div>").text_content()
        met += "&lt;script&gt;alert(1)" in text
    assert met > 10


@given(text=st.text(max_size=200))
def test_escaped_text_gives_the_text_back(site, text):
    prose = Viewer(site, "./").prose(text)
    for paragraph in prose.paragraphs:
        assert "<" not in paragraph
        assert '"' not in paragraph
    shown = [paragraph.unescape() for paragraph in prose.paragraphs]
    assert " ".join(shown).split() == text.split()


# The preview


def test_a_preview_puts_a_notice_in_the_place_of_a_broken_record_and_leaves_warnings_alone(make_project):
    source = (
        "id: cut\ntitle: A title # cut\nstatus: published\ntype: report\npublisher: Sample Bakery\n"
        "url: 'https://example.org/'\ninterest: self\nread: excerpt\nlast_checked: '2026-11-01'\n"
    )
    files = {"content/sources/cut.yaml": source, "principles/keep-it-small.yaml": "id: keep-it-small\n"}
    validation = validate(Project.at(make_project(files)))
    site = assemble(validation, SETTINGS, drafts=True)
    made = preview_pages(site, validation.diagnostics, validation.sources)
    assert made["principles/keep-it-small/"].template == "pages/broken.html"
    assert made["sources/cut/"].template != "pages/broken.html"


def test_a_preview_shows_what_stands_when_a_record_that_others_name_is_broken(make_project):
    broken = {"content/pilots/bakery-cards.yaml": "id: bakery-cards\n", "content/sources/bakery-report.yaml": "id: x\n"}
    validation = validate(Project.at(make_project(broken)))
    site = assemble(validation, SETTINGS, drafts=True)
    made = preview_pages(site, validation.diagnostics, validation.sources)
    assert all(render(page, site).strip() for page in made.values())
    assert made["pilots/bakery-cards/"].template == "pages/broken.html"


def test_a_record_is_cited_in_three_forms_with_and_without_an_address(sample):
    record = sample.base.get("use-case", "card-leaves-the-bakery")
    for address, whole in (
        ("", ""),
        ("https://example.org/kb", "https://example.org/kb/use-cases/card-leaves-the-bakery/"),
    ):
        site = assemble(sample, replace(SETTINGS, address=address))
        cited = Viewer(site, "../").citation(record)
        (item,) = json.loads(cited.csl)
        assert (item["title"], item["version"]) == (record.title, record.version)
        assert item.get("URL", "") == whole
        assert (f"url = {{{whole}}}" in cited.bibtex) == bool(whole)
        assert cited.apa.endswith(whole or f"(Version {record.version}).")
