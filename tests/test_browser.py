"""The built library in a real browser, at the width of a desk and of a phone, in light and in dark, with and without JavaScript."""

import csv
import functools
import http.server
import json
import os
import re
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from lerkb.cli import main

ROOT = Path(__file__).parent.parent
#: One page of each type; records are named that the library is sure to keep.
PAGES = {
    "home": "",
    "use case": "use-cases/training-pin-leaves-with-the-worker/",
    "principle": "principles/see-it-fix-it-fight-it/",
    "pilot": "pilots/my-skills-pocket-ace-hardware/",
    "source": "sources/tln-my-skills-pocket-findings/",
    "overview": "overviews/what-pilots-have-shown/",
    "use case list": "use-cases/",
    "principle list": "principles/",
    "pilot list": "pilots/",
    "source list": "sources/",
    "overview list": "overviews/",
    "glossary": "glossary/",
    "browse": "browse/",
    "vocabulary": "browse/populations/",
    "value": "browse/sectors/retail/",
    "matrix": "matrix/",
    "gaps": "gaps/",
    "data": "data/",
    "gap map": "gaps/map/populations-stages/",
    "gap map of principles": "gaps/map/principle-sectors/",
    "role": "for/worker/",
    "role without texts": "for/funder/",
    "explorer": "explore/",
    "explorer, a search": "explore/?q=retail&kind=use-case",
    "assess": "assess/",
    "vendors": "assess/vendors/",
    "compare": "compare/?r=use-cases/state-drops-the-degree-line-and-counts-ads/&r=pilots/skillsfwd/",
    "evidence": "evidence/",
    "glance": "glance/",
    "fields": "fields/use-case/",
    "checks": "checks/",
    "check": "checks/REF001/",
    "about": "about/",
    "contribute": "contribute/",
    "forms": "contribute/form/",
    "form": "contribute/form/use-case/",
    "form of a pilot": "contribute/form/pilot/",
    "form with a record": "contribute/form/use-case/?id=training-pin-leaves-with-the-worker",
    "accessibility": "accessibility/",
    "license": "license/",
}
DESK, PHONE = 1280, 360
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory):
    """The built library."""
    site = tmp_path_factory.mktemp("browser") / "site"
    assert main(["--root", str(ROOT), "build", "--site-dir", str(site)]) == 0
    return site


@pytest.fixture(scope="module")
def address(site_folder):
    """The address of the built library."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site_folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    path = os.environ.get("LERKB_BROWSER")
    if not path:
        pytest.fail(
            os.environ.get("LERKB_BROWSER_MISSING") or "set LERKB_BROWSER to the path of Chromium, Chrome or Edge"
        )
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def open_page(browser, address):
    """Opens a page and fails at the end if the console complained or another host was asked."""
    contexts = []
    complaints: list[str] = []
    outside: list[str] = []

    def open_it(url: str, width: int = DESK, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((address, "data:", "blob:")) else outside.append(request.url)
            ),
        )
        page.goto(address + url)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
    assert outside == []


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_page_scrolls_sideways(open_page, url, width):
    page = open_page(url, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_no_page_has_an_accessibility_violation(open_page, url, width, scheme):
    page = open_page(url, width, color_scheme=scheme)
    results = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert results.violations_count == 0, results.generate_report()


def test_search_finds_a_record_by_its_words(open_page):
    page = open_page("")
    page.keyboard.press("s")
    page.keyboard.type("training pin")
    first = page.locator(".kb-found li").first
    expect(first.locator("a")).to_have_attribute(
        "href", re.compile(r"/use-cases/training-pin-leaves-with-the-worker/$")
    )
    expect(first.locator("a")).to_have_text("The training pin that leaves the store with the worker")
    expect(first).to_contain_text("Use case · Retail")
    expect(first.locator(".kb-strength")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(first.locator("a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".kb-found")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/?q=training+pin")
    expect(page.locator("#kb-results li").first.locator("a")).to_have_text(
        "The training pin that leaves the store with the worker"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quality assurance", "glossary/#accreditation"),  # a synonym
        ("registrars", "use-cases/registrar-issues-digital-records/"),  # a plural
        ("aprentices", "browse/populations/apprentices/"),  # a slip
        ("two thirds passed off a twin’s charges", "use-cases/a-bought-file-was-wrong/"),  # words of a claim
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


def test_search_and_filters_work_from_a_disk(browser, site_folder):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site_folder / "explore" / "index.html").as_uri() + "?q=training%20pin")
    expect(page.locator("#kb-results li").first).to_contain_text("training pin")
    context.close()


def test_the_reader_switch_works_by_keyboard(open_page):
    page = open_page(PAGES["use case"])
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
    page = open_page(PAGES["use case"])
    claim = closed_claim(page)
    finding = claim.locator("li").first
    assert not finding.is_visible()
    claim.locator("summary").first.click()
    assert finding.is_visible()
    finding.locator('a[href*="/sources/"]').first.click()
    page.wait_for_url("**/sources/**")
    assert page.locator("a.kb-out").first.get_attribute("href").startswith("http")


def test_pages_are_readable_without_javascript(open_page):
    page = open_page(PAGES["use case"], java_script_enabled=False)
    assert page.locator(".kb-voice-1").is_visible()
    claim = closed_claim(page)
    claim.locator("summary").first.click()
    assert claim.locator("li").first.is_visible()
    assert not page.locator(".kb-search").is_visible()
    assert page.locator(".kb-find").is_visible()


def test_everything_is_shown_when_printed(open_page):
    page = open_page(PAGES["use case"])
    page.emulate_media(media="print")
    for number in range(1, 7):
        assert page.locator(f".kb-voice-{number}").is_visible()
    assert not page.locator(".md-header").is_visible()


def test_the_skip_link_leads_to_the_content(open_page):
    page = open_page(PAGES["use case"])
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
