"""The built library in a real browser: what its scripts do, and that pages can be read without them."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml
from playwright.sync_api import expect
from pypdf import PdfReader

from lerkb.cli.build import load_config
from lerkb.project import Project
from lerkb.site.assembly import assemble
from lerkb.site.offline import offline_zip
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

ROOT = Path(__file__).parent.parent
#: Records that the library is sure to keep.
USE_CASE = "use-cases/training-pin-leaves-with-the-worker/"
USE_CASE_TITLE = yaml.safe_load(
    (ROOT / "use_cases/training-pin-leaves-with-the-worker.yaml").read_text(encoding="utf-8")
)["title"]
RECORDS = {
    "use case": USE_CASE,
    "principle": "principles/see-it-fix-it-fight-it/",
    "pilot": "pilots/my-skills-pocket-ace-hardware/",
    "source": "sources/tln-my-skills-pocket-findings/",
    "overview": "overviews/what-pilots-have-shown/",
}
DESK = 1280


def test_search_finds_a_record_by_its_words(open_page):
    page = open_page("")
    page.keyboard.press("s")
    page.keyboard.type("training pin")
    first = page.locator(".kb-found li").first
    expect(first.locator("a")).to_have_attribute(
        "href", re.compile(r"/use-cases/training-pin-leaves-with-the-worker/$")
    )
    expect(first.locator("a")).to_have_text(USE_CASE_TITLE)
    expect(first).to_contain_text("Use case · Retail")
    expect(first.locator(".kb-strength")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(first.locator("a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".kb-found")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/?q=training+pin")
    expect(page.locator("#kb-results li").first.locator("a")).to_have_text(USE_CASE_TITLE)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quality assurance", "glossary/#accreditation"),  # a synonym
        ("transcripts", "use-cases/transcript-held-for-a-debt/"),  # a plural
        ("aprentices", "browse/populations/apprentices/"),  # a slip
        ("gave his twin’s charges as his", "use-cases/a-bought-file-was-wrong/"),  # words of a claim
        ("principle 5", "principles/never-turned-on-its-owner/"),  # its number
        (
            "what should I do if my boss offers me a digital badge",
            "use-cases/city-badges-left-behind/",
        ),  # a question
        ("undocumented", "browse/populations/undocumented-workers/"),  # a word of a list
        ("lisense nurse", "use-cases/nurse-at-the-state-line/"),  # a slip, in two words
    ],
)
def test_search_finds_people_s_own_words(open_page, query, found):
    page = open_page("explore/?" + urlencode({"q": query}))
    expect(page.locator(f'#kb-results li:nth-child(-n+5) a[href$="/{found}"]')).to_be_visible()


def test_search_that_finds_nothing_offers_what_is_near_and_how_to_add_it(open_page):
    page = open_page("explore/?q=zzzzqqqq")
    expect(page.locator("#kb-count")).to_have_text("0 results")
    expect(page.locator("#kb-none")).to_contain_text("That may be a gap")
    assert page.locator("#kb-none a").last.get_attribute("href").endswith("contribute/#add")


def test_a_query_of_which_only_parts_are_found_shows_what_comes_near(open_page):
    page = open_page("explore/?" + urlencode({"q": "nurse zzzzqqqq"}))
    expect(page.locator('#kb-results a[href$="/use-cases/nurse-at-the-state-line/"]')).to_be_visible()
    shown = int(page.locator("#kb-count").inner_text().split()[0])
    page.fill("#kb-explore-query", "nurse")
    expect(page.locator("#kb-count")).not_to_have_text(f"{shown} results")
    assert shown <= int(page.locator("#kb-count").inner_text().split()[0])


def test_a_word_that_is_close_to_what_was_typed_is_offered_and_finds_something(open_page):
    page = open_page("explore/?" + urlencode({"q": "certifycayt"}))
    expect(page.locator("#kb-count")).to_have_text("0 results")
    assert page.locator('#kb-none a[href$="/browse/"]').is_visible()
    page.locator("#kb-none a", has_text="certificate").first.click()
    expect(page.locator("#kb-results li").first).to_contain_text(re.compile("certificate", re.IGNORECASE))


def test_the_list_says_what_it_leaves_out_until_it_is_asked_for(open_page):
    page = open_page("explore/")
    expect(page.locator("#kb-left-out")).to_be_visible()
    expect(page.locator(".kb-clear")).to_be_hidden()
    page.locator("input[name=kind][value=term]").check()
    expect(page.locator("#kb-left-out")).to_be_hidden()
    expect(page.locator(".kb-clear")).to_be_visible()
    expect(page.locator("#kb-results li").first).to_contain_text("Word explained")


def test_the_filters_of_a_narrow_screen_lead_to_what_they_leave(open_page):
    page = open_page("", width=360)
    page.locator(".kb-find").click()
    expect(page.locator("#kb-explore-query")).to_be_focused()
    page.locator(".kb-filter > summary").click()
    page.locator("input[name=audiences][value=worker]").check()
    found = page.locator("#kb-count").inner_text()
    button = page.locator(".kb-to-results a")
    expect(button).to_have_text(f"See {found}")
    expect(button).to_be_in_viewport()
    button.click()
    expect(page.locator(".kb-filter")).not_to_have_attribute("open", "")
    expect(page.locator("#kb-found-records")).to_be_focused()
    expect(page.locator("#kb-results a").first).to_be_in_viewport()


def test_filters_narrow_count_and_stand_in_the_address(open_page):
    page = open_page("explore/")
    count = page.locator("#kb-count")
    expect(count).to_have_text(re.compile(r"^\d+ results$"))
    everything = int(count.inner_text().split()[0])
    retail = page.locator("input[name=sectors][value=retail]")
    page.locator("summary#filter-sectors").click()
    beside = int(page.locator("label", has=retail).locator(".kb-n").inner_text())
    retail.focus()
    page.keyboard.press("Space")
    expect(count).to_have_text(f"{beside} results")
    assert beside < everything
    assert "sectors=retail" in page.url
    assert page.locator(".kb-choices input:disabled").count() > 0
    cases = page.locator("input[name=kind][value=use-case]")
    cases.check()
    assert "kind=use-case" in page.url
    fewer = int(count.inner_text().split()[0])
    assert 0 < fewer < beside
    assert page.locator("#kb-results li").count() == fewer
    page.reload()
    expect(count).to_have_text(re.compile(rf"^{fewer} results?$"))
    assert retail.is_checked()
    page.locator("#kb-chips button").first.click()
    assert "kind=" not in page.url
    page.locator(".kb-clear").click()
    expect(count).to_have_text(f"{everything} results")


def test_results_are_sorted_by_strength_when_asked(open_page):
    page = open_page("explore/?sort=strength&kind=use-case")
    marks = page.locator("#kb-results .kb-strength")
    expect(marks.first).to_be_visible()
    levels = [
        int(re.search(r"kb-s(\d)", mark)[1]) for mark in marks.evaluate_all("all => all.map(one => one.className)")
    ]
    assert levels == sorted(levels, reverse=True)


def test_the_explorer_leads_on_without_javascript(open_page):
    page = open_page("explore/", java_script_enabled=False)
    assert page.locator("#kb-without-script a").count() > 5
    assert not page.locator("#kb-explorer").is_visible()


@pytest.fixture(scope="module")
def offline_folder(library, tmp_path_factory):
    """The offline copy of the library, unpacked."""
    config = load_config(ROOT / "mkdocs.yml", library)
    site = assemble(
        validate(Project.at(ROOT)), SiteSettings.from_config(config.site_name, config.site_url, config.extra)
    )
    built = {file.relative_to(library).as_posix(): file for file in library.rglob("*") if file.is_file()}
    content = offline_zip(site, {name: file.read_bytes() for name, file in built.items()})
    folder = tmp_path_factory.mktemp("offline")
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        copy.extractall(folder)
    (top,) = folder.iterdir()
    return top


@pytest.fixture
def open_file(browser, offline_folder):
    """Opens a page of the offline copy; fails at the end if the console complained or anything but a file of the copy was asked."""
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    page = context.new_page()
    complaints, asked = [], []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "requestfailed",  # what a page no longer waits for when the next one is opened is no failure
        lambda request: complaints.append(request.url) if request.failure != "net::ERR_ABORTED" else None,
    )
    page.on("request", lambda request: asked.append(request.url))

    def open_it(url: str):
        page.goto(f"{offline_folder.as_uri()}/{url}")
        return page

    yield open_it
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((f"{offline_folder.as_uri()}/", "data:"))] == []


def test_the_offline_copy_is_searched_and_read_from_a_disk(open_file):
    page = open_file("index.html")
    page.keyboard.press("s")
    page.keyboard.type("training pin")
    record = "use-cases/training-pin-leaves-with-the-worker/index.html"
    expect(page.locator(".kb-found li a").first).to_have_attribute("href", re.compile(rf"^file://.*/{record}$"))
    page.keyboard.press("Enter")
    page.wait_for_url("file://**/explore/index.html?q=training+pin")
    page.locator("#kb-results li a").first.click()
    page.wait_for_url(f"file://**/{record}")
    page.locator('.kb-relations a[href*="principles/"]').first.click()
    page.wait_for_url("file://**/principles/*/index.html")
    page.locator(".md-logo").click()
    page.wait_for_url("file://**/offline*/*/index.html")
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'loaded')")


def test_filters_of_the_offline_copy_stand_in_the_address(open_file):
    page = open_file("explore/index.html")
    expect(page.locator("#kb-count")).to_have_text(re.compile(r"^\d+ results$"))
    page.locator("summary#filter-sectors").click()
    page.locator("input[name=sectors][value=retail]").check()
    assert "explore/index.html?sectors=retail" in page.url


def test_records_of_the_offline_copy_are_compared_and_assessed(open_file):
    page = open_file("compare/index.html?r=use-cases/training-pin-leaves-with-the-worker/")
    head = page.locator(".kb-compare thead a")
    expect(head).to_have_attribute("href", re.compile(r"/use-cases/training-pin-leaves-with-the-worker/index\.html$"))
    page.select_option("#kb-compare-add", index=1)
    expect(head).to_have_count(2)
    page = open_file("assess/index.html")
    page.locator("fieldset[data-key]:visible input[value=no]").first.check()
    expect(page.locator("#kb-assess-status")).to_contain_text("1 of ")
    page = open_file("assess/vendors/index.html")
    expect(page.locator("#kb-vendors-none")).to_be_visible()


def test_colors_of_the_offline_copy_are_switched(open_file):
    page = open_file("index.html")
    before = page.locator("body").get_attribute("data-md-color-scheme")
    for _ in range(2):
        page.locator("form[data-md-component=palette] label:visible").click()
    assert {before, page.locator("body").get_attribute("data-md-color-scheme")} == {"default", "slate"}


def test_the_reader_switch_works_by_keyboard(open_page):
    page = open_page(USE_CASE)
    assert page.locator(".kb-voice-1").is_visible()
    page.locator("#v1").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".kb-voice-2").is_visible()
    assert not page.locator(".kb-voice-1").is_visible()


def closed_claim(page):
    """The first claim whose findings are folded away, by its id, which stays when it is opened."""
    claim = page.locator(".kb-claim:not(:has(details[open])):has(li)").first
    return page.locator(f"#{claim.get_attribute('id')}")


def test_a_claim_opens_to_its_findings_and_they_lead_to_a_source(open_page):
    page = open_page(USE_CASE)
    claim = closed_claim(page)
    finding = claim.locator("li").first
    assert not finding.is_visible()
    claim.locator("summary").first.click()
    assert finding.is_visible()
    finding.locator('a[href*="/sources/"]').first.click()
    page.wait_for_url("**/sources/**")
    assert page.locator("a.kb-out").first.get_attribute("href").startswith("http")


def test_pages_are_readable_without_javascript(open_page):
    page = open_page(USE_CASE, java_script_enabled=False)
    assert page.locator(".kb-voice-1").is_visible()
    claim = closed_claim(page)
    claim.locator("summary").first.click()
    assert claim.locator("li").first.is_visible()
    assert not page.locator(".kb-search").is_visible()
    assert page.locator(".kb-find").is_visible()


def test_everything_is_shown_when_printed(open_page):
    page = open_page(USE_CASE)
    page.emulate_media(media="print")
    for number in range(1, 7):
        assert page.locator(f".kb-voice-{number}").is_visible()
    assert not page.locator(".md-header").is_visible()


def test_what_only_a_screen_can_do_is_not_printed_and_what_it_lists_is(open_page):
    page = open_page("browse/")
    page.emulate_media(media="print")
    assert page.locator(".kb-browse a").first.is_visible()
    page = open_page("use-cases/")
    page.emulate_media(media="print")
    assert not page.locator("nav.kb-facets").is_visible()
    page = open_page("explore/")
    expect(page.locator("#kb-results li").first).to_be_visible()
    page.emulate_media(media="print")
    for control in (".kb-facets", "select[name=sort]", ".kb-clear"):
        assert not page.locator(control).is_visible(), control


def test_numbers_on_a_dark_ground_are_printed_in_black_on_paper_without_it(open_page):
    page = open_page("gaps/map/populations-stages/")
    page.emulate_media(media="print")
    cells = page.locator(":is(.kb-cell.kb-many,.kb-map .kb-many>a)")
    assert set(cells.evaluate_all("all => all.map((one) => getComputedStyle(one).color)")) == {"rgb(0, 0, 0)"}
    page = open_page("")
    page.emulate_media(media="print")
    assert page.locator(".kb-hero h1 em").evaluate("(one) => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert page.locator(".kb-pocket").evaluate("(one) => getComputedStyle(one).boxShadow") == "none"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_comparison_is_printed_across_the_page(open_page, paper):
    query = urlencode([("r", USE_CASE), ("r", "use-cases/registrar-issues-digital-records/")])
    page = open_page(f"compare/?{query}")
    expect(page.locator(".kb-compare thead a")).to_have_count(2)
    pages = PdfReader(io.BytesIO(page.pdf(format=paper))).pages
    assert len(pages) <= 2
    for one in pages:
        assert one.mediabox.width > one.mediabox.height
        assert one.extract_text().strip(), "no page is blank"


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


ALLOWED = {"permissions": ["clipboard-read", "clipboard-write"]}


def test_the_address_of_a_claim_is_copied(open_page):
    page = open_page(USE_CASE, **ALLOWED)
    claim = page.locator(".kb-claim").nth(1)
    button = claim.get_by_role("button", name="Copy link to claim 2")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(page.locator("#this-page ~ [role=status]")).to_have_text("Copy link to claim 2: it is in your clipboard.")
    address = clipboard(page)
    assert address == f"{page.url}#{claim.get_attribute('id')}"
    page = open_page(address)
    expect(page.locator(f"#{claim.get_attribute('id')}")).to_be_in_viewport()


def test_a_page_is_cited_and_shared_without_telling_anybody(open_page):
    page = open_page(f"{USE_CASE}?from=somewhere#claims", **ALLOWED)
    page.get_by_role("button", name="Copy the address of this page").click()
    expect(page.get_by_role("button", name="Copy the address of this page")).to_have_text("Copied")
    assert clipboard(page) == page.url.split("?")[0]
    mail = page.get_by_role("link", name="Send the address by email").get_attribute("href")
    told = parse_qs(urlsplit(mail).query)
    assert mail.startswith("mailto:?")
    assert told == {"subject": [page.locator("h1").inner_text().replace("\n", " ")], "body": [page.url.split("?")[0]]}
    page.locator("#cite summary").click()
    for form, start in (
        ("APA", "Equitable LERs. ("),
        ("BibTeX", "@misc{use-case-"),
        ("CSL-JSON", '[{"id": "use-case-'),
    ):
        page.get_by_role("button", name=f"Copy {form}").click()
        expect(page.get_by_role("button", name=f"Copy {form}")).to_have_text("Copied")
        assert clipboard(page).startswith(start)
    assert len(json.loads(clipboard(page))) == 1


def test_where_a_page_may_not_copy_the_text_is_shown_marked(open_page):
    page = open_page(USE_CASE)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy link to claim 1", exact=True).click()
    field = page.locator(".kb-claim .kb-copied")
    expect(field).to_be_focused()
    assert field.input_value().endswith("#" + page.locator(".kb-claim").first.get_attribute("id"))
    assert field.evaluate("(one) => one.selectionEnd - one.selectionStart") == len(field.input_value())


def test_the_skip_link_leads_to_the_content(open_page):
    page = open_page(USE_CASE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('md-skip')")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#kb-content"


def test_an_assessment_is_kept_saved_and_carried_over_and_nothing_is_sent(open_page, tmp_path):
    page = open_page("assess/", accept_downloads=True)
    expect(page.locator("#kb-assess-result")).to_be_visible()
    asked = page.locator("fieldset[data-key]:visible").count()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.select_option("#kb-assess-role", "employer")
    fewer = page.locator("fieldset[data-key]:visible").count()
    assert 0 < fewer < asked
    first, second = (page.locator("fieldset[data-key]:visible").nth(n) for n in (0, 1))
    first.locator("input[value=no]").check()
    second.locator("input[value=yes]").check()
    second.locator(".kb-note summary").click()
    second.locator("textarea").fill("We tried it.")
    expect(page.locator("#kb-assess-status")).to_contain_text(f"2 of {fewer}")
    expect(page.locator("#kb-assess-harms a").first).to_be_visible()
    with page.expect_download() as download:
        page.click("#kb-assess-save")
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [entry["answer"] for entry in saved["answers"].values()] == ["no", "yes"]
    assert sent == []

    page.reload()
    expect(page.locator("#kb-assess-status")).to_contain_text(f"2 of {fewer}")
    assert page.locator("fieldset[data-key] textarea:visible").evaluate_all("all => all.map(one => one.value)") == [
        "We tried it."
    ]
    page.click(".kb-standing a")
    expect(page.locator("#kb-assess-result h2")).to_be_in_viewport()

    reworded, kept = saved["answers"].values()
    reworded["version"] = "an older one"
    saved["answers"]["a-principle#that-is-gone"] = {**kept, "question": "Is it still asked?"}
    file = tmp_path / "assessment.json"
    file.write_text(json.dumps(saved), encoding="utf-8")
    page.set_input_files("#kb-assess-file", file)
    expect(page.locator("#kb-assess-changed li")).to_have_count(2)
    expect(page.locator("#kb-assess-changed")).to_contain_text(reworded["question"])
    expect(page.locator("#kb-assess-changed")).to_contain_text("Is it still asked?")
    with page.expect_download() as download:
        page.click("#kb-assess-save")
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["answers"] == saved["answers"]

    ours = '{"format": "lerkb-assessment/1", "answers": '
    for wrong in ("{", '{"format": "another"}', "[]", "null", f'{ours}{{"a#b": null}}}}', f"{ours}[]}}"):
        file.write_text(wrong, encoding="utf-8")
        page.set_input_files("#kb-assess-file", file)
        expect(page.locator("#kb-assess-error")).not_to_be_empty()
        expect(page.locator("#kb-assess-status")).to_contain_text(f"2 of {fewer}")


def test_a_reader_s_page_leads_to_the_questions_that_are_theirs(open_page):
    page = open_page("for/employer/")
    page.locator("#tools a", has_text="Hold your project").click()
    expect(page.locator("#kb-assess-role")).to_have_value("employer")
    shown = page.locator("fieldset[data-key]:visible").count()
    assert 0 < shown < page.locator("fieldset[data-key]").count()
    expect(page.locator("#kb-assess-status")).to_contain_text(f"0 of {shown}")


def test_a_map_of_few_columns_names_them_beside_each_number_on_a_narrow_screen(open_page):
    page = open_page("gaps/map/populations-stages/", width=360)
    cells = page.locator(".kb-slim tbody tr").first.locator("td")
    named = [cells.nth(n).evaluate("cell => getComputedStyle(cell, '::before').content") for n in range(cells.count())]
    assert [name.split('"')[1] for name in named] == ["Earn", "Hold", "Share", "Verify", "Match", "Advance"]
    boxes = cells.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(boxes) <= 360
    assert page.get_by_role("columnheader", name="Earn").count() == 1
    assert page.get_by_role("rowheader").count() == page.locator(".kb-slim tbody tr").count()


@pytest.mark.parametrize("path", [RECORDS["use case"], RECORDS["principle"], "gaps/"])
def test_the_way_through_a_long_page_stays_in_sight(open_page, path):
    page = open_page(path)
    way = page.locator(".kb-rail .kb-onpage")
    page.locator(".kb-main > section").last.scroll_into_view_if_needed()
    expect(way.locator("a").first).to_be_in_viewport()
    way.locator("a").nth(1).click()
    expect(page.locator(page.evaluate("location.hash"))).to_be_in_viewport()


@pytest.mark.parametrize("path", [RECORDS["use case"], RECORDS["pilot"], "gaps/"])
def test_a_long_page_can_be_jumped_through_on_a_narrow_screen(open_page, path):
    page = open_page(path, width=360, java_script_enabled=False)
    way = page.locator(".kb-onpage-folded")
    assert not way.locator("a").first.is_visible()
    way.locator("summary").click()
    way.locator("a").last.click()
    part = page.url.partition("#")[2]
    expect(page.locator(f"#{part}")).to_be_in_viewport()


def test_the_heads_of_a_wide_table_stay_in_sight(open_page):
    page = open_page("matrix/")
    last = page.locator(".kb-matrix tbody tr").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator(".kb-matrix thead th").nth(1)).to_be_in_viewport()


def test_questions_for_vendors_are_chosen_and_saved(open_page):
    page = open_page("assess/vendors/", accept_downloads=True)
    page.click("#kb-vendors-none")
    assert page.locator(".kb-ask:visible").count() == 0
    box = page.locator("input[name=principle]").first
    box.check()
    questions = page.locator(".kb-ask:visible h3").all_inner_texts()
    assert questions
    with page.expect_download() as download:
        page.click("#kb-vendors-csv")
    with download.value.path().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == questions
    assert all(
        row["check_id"].startswith(f"{row['principle_id']}#") and len(row["check_version"]) == 12 for row in rows
    )
    with page.expect_download() as download:
        page.click("#kb-vendors-md")
    text = download.value.path().read_text(encoding="utf-8")
    assert all(f"- [ ] **{question}**" in text for question in questions)


def test_the_questionnaire_is_whole_without_javascript(open_page):
    page = open_page("assess/", java_script_enabled=False)
    assert page.locator("fieldset[data-key]:visible").count() > 50
    assert not page.locator("#kb-assess-save").is_visible()


def test_an_interview_sheet_has_lines_to_write_on_once_it_is_printed(open_page):
    page = open_page("interview/worker/", java_script_enabled=False)
    assert page.locator(".kb-line:visible").count() == 0
    page.emulate_media(media="print")
    questions = page.locator(".kb-questions > li")
    for number in range(questions.count()):
        assert questions.nth(number).locator(".kb-line:visible").count() >= 3
    assert page.locator(".kb-screen:visible").count() == 0
    assert page.locator(".kb-agree .kb-box:visible").count() == 3


def test_records_are_compared_and_the_address_keeps_the_choice(open_page):
    page = open_page("compare/")
    expect(page.locator("#kb-compare-status")).to_contain_text("Nothing chosen")
    options = page.locator("#kb-compare-add option:not([value=''])")
    chosen = [options.nth(n).get_attribute("value") for n in (0, 1, -2, -1)]
    for value in chosen:
        page.select_option("#kb-compare-add", value)
    expect(page.locator(".kb-compare thead th")).to_have_count(5)
    expect(page.locator("#kb-compare-add")).to_be_disabled()
    page.reload()
    heads = page.locator(".kb-compare thead a")
    expect(heads).to_have_count(4)
    assert [head.get_attribute("href").split("/", 3)[3] for head in heads.all()] == chosen
    page.locator(".kb-compare thead button").first.click()
    expect(heads).to_have_count(3)
    assert chosen[0] not in page.url
    page.goto(page.url.split("?")[0] + "?r=no/such/record/&r=toString")
    expect(page.locator("#kb-compare-status")).to_contain_text("Nothing chosen")


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("text", [None, "Verdana, DejaVu Sans"], ids=["own typeface", "wide typeface"])
def test_every_line_of_the_drawing_stays_in_its_box(open_page, kind, text):
    page = open_page(RECORDS[kind])
    if text:
        lines = page.locator(".kb-relations text")
        lines.evaluate_all("(lines, font) => lines.forEach((line) => (line.style.fontFamily = font))", text)
    page.evaluate("document.fonts.ready")
    outside = page.locator(".kb-relations :is(a, g):has(rect)").evaluate_all(
        """boxes => boxes.flatMap((box) => {
            const room = box.querySelector("rect").getBoundingClientRect();
            return [...box.querySelectorAll("text")].filter((line) => line.textContent).filter((line) => {
                const place = line.getBoundingClientRect();
                return place.right > room.right || place.bottom > room.bottom || place.top < room.top;
            }).map((line) => line.textContent);
        })"""
    )
    assert outside == []
    assert page.locator(".kb-relations rect").count() > 1


def test_the_drawing_leads_to_records_and_to_the_list_by_keyboard(open_page):
    page = open_page(USE_CASE)
    boxes = page.locator(".kb-relations a:has(rect)")
    target = boxes.first.get_attribute("href")
    more = page.locator('.kb-relations a[href="#stands-on"]')
    more.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#stands-on"
    boxes.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/" + target.replace("../", ""))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_drawing_is_readable_in_forced_colors(open_page, scheme):
    page = open_page(USE_CASE, color_scheme=scheme, forced_colors="active")
    for name in ("a:has(rect)", ".kb-this"):
        colors = page.locator(f".kb-relations {name}").first.evaluate(
            """box => [getComputedStyle(box.querySelector("rect")).fill,
                       ...[...box.querySelectorAll("text")].map((line) => getComputedStyle(line).fill)]"""
        )
        ground, *lines = colors
        system = system_colors(page)
        assert ground == system[0]
        assert set(lines) <= set(system[1:])


def system_colors(page):
    """What a reader chose for ground, text and links."""
    return page.evaluate(
        """names => names.map((name) => {
            const made = document.createElement("p");
            made.style.color = name;
            document.body.append(made);
            return getComputedStyle(made).color;
        })""",
        ["Canvas", "CanvasText", "LinkText"],
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_years_and_maps_are_readable_in_forced_colors(open_page, scheme):
    page = open_page("glance/", color_scheme=scheme, forced_colors="active")
    _, *written = system_colors(page)
    drawn = page.locator(":is(.kb-tiles, .kb-years) text").evaluate_all(
        "all => all.map(one => getComputedStyle(one).fill)"
    )
    assert len(drawn) > 80
    assert set(drawn) <= set(written)
    page = open_page("gaps/map/populations-stages/", color_scheme=scheme, forced_colors="active")
    stitches = page.locator(".kb-map i").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').backgroundColor)"
    )
    assert stitches
    assert set(stitches) <= set(written)


def test_a_record_is_compared_from_its_own_page(open_page):
    page = open_page(USE_CASE)
    page.locator(".kb-tools a", has_text="Compare this with another").click()
    page.wait_for_url(re.compile(r"/compare/\?r="))
    heads = page.locator(".kb-compare thead a")
    expect(heads).to_have_text([USE_CASE_TITLE])
    page.select_option("#kb-compare-add", index=1)
    expect(heads).to_have_count(2)


def test_the_choice_of_colors_is_kept_and_can_follow_the_system(open_page, host):
    page = open_page("", color_scheme="light")
    body = page.locator("body")
    choices = page.locator("[data-md-component=palette] input")
    shown = page.locator("[data-md-component=palette] label:visible")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    choices.first.focus()
    page.keyboard.press("Enter")
    expect(choices.nth(1)).to_be_focused()
    for url in ("", "use-cases/", "about/"):  # the last has the theme’s script
        page.goto(host.address + url)
        expect(body).to_have_attribute("data-md-color-scheme", "default")
        expect(shown).to_have_count(1)
    shown.click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.reload()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    page.goto(f"{host.address}use-cases/")
    page.emulate_media(color_scheme="light")
    shown.click()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    assert page.locator("meta[name=theme-color]").count() == 1


def test_the_menu_of_a_narrow_screen_opens_by_keyboard_and_closes_when_one_leaves(open_page):
    page = open_page("", 360)
    menu = page.locator(".md-nav--primary a")
    expect(menu.first).to_be_hidden()
    box = page.get_by_role("checkbox", name="Menu")
    for _ in range(2):  # after the link to the content
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(menu.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.first).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    menu.last.focus()
    page.keyboard.press("Tab")
    expect(menu.first).to_be_hidden()
    page.click("label.md-header__button[for=__drawer]")
    menu.nth(1).click()
    page.wait_for_url("**/use-cases/")


def test_a_link_to_a_closed_part_opens_it(open_page):
    page = open_page(USE_CASE)
    closed = page.locator("details:not([open])[id]").first.get_attribute("id")
    page.goto(f"{page.url}#{closed}")
    expect(page.locator(f"#{closed}")).to_have_attribute("open", "")


def test_the_lists_return_if_the_explorer_cannot_be_had(browser, host):
    page = browser.new_page()
    page.route("**/records.js", lambda route: route.abort())
    page.goto(f"{host.address}explore/")
    expect(page.locator("#kb-without-script")).to_be_visible()
    expect(page.locator("#kb-explorer")).to_be_hidden()
    page.close()
