"""The form in a real browser: from nothing to a file that passes, and from a record to the same record; nothing leaves by itself."""

import json
import re
import shutil
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import ROOT, SAMPLE
from lerkb.cli import main
from lerkb.project import KIND_FOLDERS, Project
from lerkb.site.site import FORM_KINDS, SECTIONS
from lerkb.validation import load_sources, validate
from lerkb.yaml_source import parse_source
from serving import serve
from states import DESK, PHONE

REPOSITORY = "https://example.org/repo"
CONTACT = "kb@example.org"
CASE = "contribute/form/use-case/"


@pytest.fixture(scope="module")
def base_folder(tmp_path_factory):
    """The sample, with a repository and an address to write to."""
    base = tmp_path_factory.mktemp("form") / "base"
    shutil.copytree(SAMPLE, base)
    config = base / "mkdocs.yml"
    text = config.read_text(encoding="utf-8").replace("repository: ''", f"repository: {REPOSITORY}")
    config.write_text(text.replace("contact: ''", f"contact: {CONTACT}"), encoding="utf-8")
    return base


@pytest.fixture(scope="module")
def form_site(base_folder, tmp_path_factory):
    """The built sample."""
    site = tmp_path_factory.mktemp("form-site") / "site"
    assert main(["--root", str(base_folder), "build", "--site-dir", str(site)]) == 0
    return site


@pytest.fixture(scope="module")
def host(form_site):
    """The built sample as a host serves it: what `open_page` opens here."""
    with serve(form_site) as running:
        yield running


@pytest.fixture
def open_form(open_page):
    """Opens a form and waits until it works."""

    def open_it(url=CASE, width=DESK, **options):
        page = open_page(url, width, **options)
        ready(page)
        return page

    return open_it


def ready(page):
    expect(page.locator("#kb-form[data-ready]")).to_be_attached()


def yaml_of(page):
    """The file as the page shows it, once it has taken in what was typed."""
    return page.locator("#kb-form-yaml").text_content()


def data_of(page, kind="use-case"):
    source = parse_source(kind, "", "", yaml_of(page).encode())
    assert source.faults == ()
    return source.data


def saved(page):
    """Chooses to save the file; its name and text."""
    with page.expect_download() as download:
        page.click("#kb-form-download")
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def problems(page, box="#kb-form-problems"):
    """Code, message and hint of everything that a list says, without the signs around what is typed."""
    found = []
    for item in page.locator(f"{box} li").all():
        hint = item.locator(".kb-hint")
        words = hint.text_content() if hint.count() else ""
        whole = item.text_content()
        code = re.search(r"\(([A-Z]{3}[0-9]{3})\)", whole)
        if code:
            # A question may have a colon of its own; where the item begins with a link, the message follows that.
            asked = item.locator("a").first.text_content()
            told = whole[len(asked) if whole.startswith(asked) else 0 : code.start()]
            found.append((code[1], told.partition(": ")[2].strip(), words))
    return found


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, selector):
    """Presses Tab until the field is focused: it can be reached by keyboard."""
    for _ in range(400):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def type_into(page, selector, text):
    tab_to(page, selector)
    page.keyboard.type(text)


def write_a_case(page, pilot="bakery-cards"):
    """Fills in the fields that a use case needs, in the order in which Tab reaches them; gives the id of its claim.

    The claim stands on the first finding that is found by the pilot’s name.
    """
    type_into(page, "#f-title", "A card that opens the back door")
    expect(page.locator("#f-id")).to_have_value("a-card-that-opens-the-back-door")
    tab_to(page, "input[name='f-reads_as']")
    press(page, "ArrowDown")
    type_into(page, "#f-summary", "A baker gets a card for each course. Who else reads it is not known.")
    type_into(page, "#f-situation-who", "A baker paid by the hour. (A role, not a person.)")
    type_into(page, "#f-situation-today", "The courses stay in the shop’s own book.")
    type_into(page, "#f-situation-with_record", "The baker shows a card at the next shop.")
    type_into(page, "#f-readers-worker-text", "You can show the card when you like. Ask first who keeps a copy of it.")
    # The claim that the record begins with: its id is made of its words, and the finding is looked up by a word.
    type_into(page, "textarea[id^='f-claims-'][id$='-text']", "Bakers got cards.")
    tab_to(page, "button[id^='f-claims-'][id$='-findings']")
    press(page, "Enter")
    page.keyboard.type(pilot)
    expect(page.locator("[role=option]").first).to_be_visible()
    press(page, "ArrowDown", "Enter")
    assert page.locator("input[id*='-findings-']").input_value().startswith(f"{pilot}#")
    tab_to(page, "#f-tags-audiences summary")
    press(page, "Enter", "Tab", "Space")
    for name in ("lived_experience", "subject"):
        tab_to(page, f"input[name='f-review-{name}']")
        press(page, "Space")
    return page.locator("input[id^='f-claims-'][id$='-id']").input_value()


def test_a_use_case_is_written_by_keyboard_from_nothing_to_a_file_that_passes(
    open_form, base_folder, tmp_path, run_lerkb
):
    page = open_form(accept_downloads=True)
    claim = write_a_case(page)
    assert claim == "bakers-got-cards"
    type_into(page, "#f-main_claim", "bakers")
    expect(page.locator("#f-main_claim-found [role=option]")).to_have_count(1)
    press(page, "ArrowDown", "Enter")
    expect(page.locator("#f-main_claim")).to_have_value(claim)
    expect(page.locator("#f-main_claim-means")).to_have_text("Bakers got cards.")
    tab_to(page, "input[name='f-came_about']")
    press(page, "Space")
    type_into(page, "#f-next_review", "2027-05")
    tab_to(page, "#kb-form-check")
    press(page, "Enter")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    expect(page.locator("#kb-form-status")).to_have_text("A new record. Nothing is left to mend.")
    # It is a draft; what a published case needs beside is told as well.
    assert {code for code, *_ in problems(page)} <= {"EQU001", "EVI006"}
    name, text = saved(page)
    assert name == "a-card-that-opens-the-back-door.yaml"
    base = tmp_path / "base"
    shutil.copytree(base_folder, base)
    (base / "use_cases" / name).write_text(text, encoding="utf-8")
    run = run_lerkb("validate", f"use_cases/{name}", root=base)
    assert run.code == 0, run.out
    assert run_lerkb("format", "--check", f"use_cases/{name}", root=base).code == 0


def equal_to(page, kind, data):
    """Waits until the file says what is expected: the form takes typed text in with a short delay."""
    page.wait_for_function("() => /^id: /m.test(document.querySelector('#kb-form-yaml').textContent)")
    assert data_of(page, kind) == data


def records(root, kind):
    return [source for source in load_sources(Project.at(root)) if source.kind == kind]


@pytest.mark.parametrize("kind", [kind for kind in FORM_KINDS if kind != "term"])
def test_a_record_that_is_changed_stands_in_the_form_as_it_is(open_form, form_site, base_folder, kind):
    seen = 0
    for source in records(base_folder, kind):
        page_of_it = form_site / SECTIONS[kind] / source.stem / "index.html"
        if source.data["status"] != "published":
            continue
        assert f"contribute/form/{kind}/?id={source.stem}" in page_of_it.read_text(encoding="utf-8")
        page = open_form(f"contribute/form/{kind}/?id={source.stem}")
        equal_to(page, kind, source.data)
        assert page.locator("#f-id").get_attribute("readonly") is not None
        expect(page.locator("#kb-form-status")).to_contain_text(source.data["title"])
        page.click("#kb-form-check")
        expect(page.locator("#kb-form-verdict")).not_to_be_empty()
        assert "IDN002" not in {code for code, *_ in problems(page)}
        seen += 1
    assert seen


def test_every_record_of_the_library_comes_through_the_form_unchanged(browser, library):
    with serve(library) as here:
        page = browser.new_page()
        for kind, step in (("use-case", 1), ("principle", 1), ("pilot", 4), ("source", 30), ("term", 8)):
            page.goto(f"{here.address}contribute/form/{kind}/")
            ready(page)
            for source in records(ROOT, kind)[::step]:
                page.set_input_files("#kb-form-file", ROOT / source.path)
                expect(page.locator("#f-id")).to_have_value(source.stem)
                expect(page.locator("#kb-form-opened")).not_to_contain_text("no place")
                page.wait_for_function(
                    "id => document.querySelector('#kb-form-yaml').textContent.includes(`\\nid: ${id}\\n`)",
                    arg=source.stem,
                )
                assert data_of(page, kind) == source.data, source.path
        page.close()


#: What is written into a file, and so opened in the form: a slip that people make, and the check that tells it.
SLIPS = {
    "an unknown field": ("SCH001", lambda text: text.replace("\nreads_as:", "\nread_as:")),
    "a missing field": ("SCH002", lambda text: re.sub(r"\nnext_review:.*", "", text)),
    "a value that is not in its list": ("SCH004", lambda text: re.sub(r"\nreads_as: \w+", "\nreads_as: sad", text)),
    "a date in another form": ("SCH005", lambda text: re.sub(r"\nwritten: .*", "\nwritten: 23 November 2026", text)),
    "a title that is too long": ("SCH006", lambda text: re.sub(r"\ntitle: .*", "\ntitle: " + "Long " * 60, text)),
    "a source that is not there": ("REF001", lambda text: text.replace("bakery-cards#", "bakery-card#", 1)),
    "a finding that is not there": (
        "REF003",
        lambda text: re.sub(r"bakery-cards#\S+", "bakery-cards#no-such", text, count=1),
    ),
    "a claim that is not there": (
        "REF006",
        lambda text: re.sub(r"\nmain_claim: .*", "\nmain_claim: no-such-claim", text),
    ),
    "an email address": ("PRV001", lambda text: re.sub(r"\ntitle: .*", "\ntitle: Ask rosa@example.org", text)),
    "HTML": ("SAF001", lambda text: re.sub(r"\ntitle: .*", "\ntitle: A <b>bold</b> card", text)),
    "an unbroken word": ("SAF007", lambda text: re.sub(r"\ntitle: .*", "\ntitle: " + "a" * 110, text)),
    "a review that nobody did": (
        "EQU004",
        lambda text: re.sub(r"\nreview:\n(?:  .*\n)+", "\nreview:\n  lived_experience: some\n  subject: none\n", text),
    ),
}


@pytest.mark.parametrize(("code", "slip"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_in_the_words_of_the_command_line(open_form, base_folder, tmp_path, code, slip):
    base = tmp_path / "base"
    shutil.copytree(base_folder, base)
    file = base / "use_cases" / "card-leaves-the-bakery.yaml"
    text = file.read_text(encoding="utf-8")
    wrong = slip(text)
    assert wrong != text
    file.write_text(wrong, encoding="utf-8")
    expected = {
        (item.code, item.message, item.hint)
        for item in validate(Project.at(base)).diagnostics
        if item.path == "use_cases/card-leaves-the-bakery.yaml" and item.code == code
    }
    assert expected
    page = open_form(f"{CASE}?id=card-leaves-the-bakery")
    page.set_input_files("#kb-form-file", file)
    expect(page.locator("#kb-form-opened")).to_be_visible()
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-problems")).to_be_focused()
    told = {*problems(page), *problems(page, "#kb-form-opened")}
    assert {tuple(part.replace("`", "") for part in item) for item in expected} <= told


def test_what_is_wrong_stands_beside_its_field_once_it_was_left(open_form):
    page = open_form()
    expect(page.locator("#kb-form-status")).to_contain_text("To mend")
    assert page.locator(".kb-error:visible").count() == 0
    page.fill("#f-id", "Not An Id")
    page.locator("#f-id").blur()
    error = page.locator("#f-id-error")
    expect(error).to_contain_text("SCH005")
    expect(page.locator("#f-id")).to_have_attribute("aria-invalid", "true")
    assert "f-id-error" in page.locator("#f-id").get_attribute("aria-describedby")
    assert page.locator(".kb-error:visible").count() == 1
    page.fill("#f-id", "an-id")
    expect(error).to_be_hidden()
    expect(page.locator("#f-id")).not_to_have_attribute("aria-invalid", "true")


def test_the_summary_leads_to_a_field_that_is_folded_away(open_form):
    page = open_form()
    page.locator("#s-part-race > details > summary").click()
    page.fill("#f-race-text", "Ask rosa@example.org")
    page.locator("#s-part-race > details > summary").click()
    page.click("#kb-form-check")
    page.locator("#kb-form-problems li", has_text="PRV001").locator("a").first.click()
    expect(page.locator("#f-race-text")).to_be_focused()
    expect(page.locator("#f-race-text")).to_be_visible()


def test_a_draft_survives_a_reload_and_can_be_forgotten(open_form):
    page = open_form()
    expect(page.locator("#kb-form-draft")).to_be_hidden()
    page.fill("#f-title", "A title that is kept")
    page.locator("#f-title").blur()
    page.locator("#f-gains").click()
    page.locator("textarea[id^='f-gains-'][id$='-what']").fill("A gain that is kept.")
    page.locator("textarea[id^='f-gains-'][id$='-what']").blur()
    expect(page.locator("#kb-form-yaml")).to_contain_text("A gain that is kept.")
    page.reload()
    ready(page)
    expect(page.locator("#f-title")).to_have_value("A title that is kept")
    expect(page.locator("textarea[id^='f-gains-'][id$='-what']")).to_have_value("A gain that is kept.")
    expect(page.locator("#kb-form-draft")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#kb-form-forget")
    expect(page.locator("#f-title")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('lerkb-form'))") == []
    page.reload()
    ready(page)
    expect(page.locator("#f-title")).to_have_value("")


def test_a_draft_of_one_record_is_not_shown_for_another(open_form):
    page = open_form(f"{CASE}?id=card-leaves-the-bakery")
    page.fill("#f-title", "Another title")
    page.locator("#f-title").blur()
    expect(page.locator("#kb-form-yaml")).to_contain_text("Another title")
    page.goto(page.url.split("?")[0])
    ready(page)
    expect(page.locator("#f-title")).to_have_value("")
    page.goto(f"{page.url}?id=card-leaves-the-bakery")
    ready(page)
    expect(page.locator("#f-title")).to_have_value("Another title")


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("id: a\ntitle: Who pays: the worker\n", "Line 2", "SYN001"),
        ("id: a\ntitle: A\ntitle: B\n", "Line 3", "SYN002"),
        ("id: a\ntitle: &x A\n", "Line 2", "SYN003"),
        ("- a\n- b\n", "Line 1", "SYN011"),
    ],
)
def test_a_broken_file_is_told_by_its_line_and_changes_nothing(open_form, tmp_path, text, where, code):
    page = open_form()
    page.fill("#f-title", "Still there")
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    page.set_input_files("#kb-form-file", file)
    opened = page.locator("#kb-form-opened")
    expect(opened).to_be_focused()
    expect(opened).to_contain_text(where)
    expect(opened).to_contain_text(code)
    expect(page.locator("#f-title")).to_have_value("Still there")


def test_what_a_file_holds_beyond_the_form_is_named(open_form, tmp_path):
    page = open_form()
    file = tmp_path / "odd.yaml"
    file.write_text("# A remark\nid: an-odd-one\ntitle:\n  - a list\ncolor: red\nreads_as: sad\n", encoding="utf-8")
    page.set_input_files("#kb-form-file", file)
    opened = page.locator("#kb-form-opened")
    expect(opened).to_contain_text("/title")
    expect(opened).to_contain_text("/color")
    expect(opened).to_contain_text("1 line")
    expect(page.locator("input[name='f-reads_as'][value='sad']")).to_be_checked()


@pytest.mark.parametrize(("kind", "width"), [("use-case", DESK), *((kind, PHONE) for kind in FORM_KINDS)])
def test_a_form_full_of_errors_is_accessible_and_fits_the_screen(open_form, kind, width):
    page = open_form(f"contribute/form/{kind}/", width)
    for fold in page.locator("details.kb-fold").all():
        fold.evaluate("fold => (fold.open = true)")
    for button in page.locator("button[data-add]").all():
        button.click()
    page.locator("input[role=combobox]").first.focus()
    page.keyboard.press("ArrowDown")
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-problems")).to_be_focused()
    assert page.locator(".kb-error:visible").count() >= 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert results.violations_count == 0, results.generate_report()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_entries_are_added_numbered_and_removed_by_keyboard(open_form):
    page = open_form()
    page.locator("#f-steps").focus()
    press(page, "Enter")
    expect(page.locator("select[id^='f-steps-']")).to_be_focused()
    page.locator("#f-steps").focus()
    press(page, "Enter")
    entries = page.locator("#f-steps-set > ol > li")
    expect(entries).to_have_count(2)
    assert [entry.locator("legend").first.inner_text() for entry in entries.all()] == ["Step 1", "Step 2"]
    remove = entries.first.locator("button[data-remove]").last
    assert remove.get_attribute("aria-label") == "Remove: Step 1"
    remove.focus()
    press(page, "Enter")
    expect(entries).to_have_count(1)
    expect(page.locator("#f-steps")).to_be_focused()
    expect(page.locator("#kb-form-status")).to_have_text("Step 1 was removed.")
    assert entries.first.locator("legend").first.inner_text() == "Step 1"


def test_a_name_is_told_by_what_it_means(open_form):
    page = open_form(f"{CASE}?id=card-leaves-the-bakery")
    main = page.locator("#f-main_claim").input_value()
    claim = next(claim for claim in data_of(page)["claims"] if claim["id"] == main)
    expect(page.locator("#f-main_claim-means")).to_have_text(claim["text"])
    page.locator("textarea[id^='f-claims-'][id$='-text']").first.fill("Said in other words.")
    expect(page.locator(".kb-means", has_text="Said in other words.").first).to_be_attached()


def test_values_of_a_list_are_found_by_their_words(open_form):
    page = open_form("contribute/form/pilot/")
    field = page.locator("input[id^='f-findings-'][id$='-source']")
    field.fill("bakery report")
    expect(page.locator("[role=option]")).not_to_have_count(0)
    page.locator("[role=option]").first.click()
    expect(page.locator("[role=listbox]:visible")).to_have_count(0)
    assert field.input_value() == "bakery-report"
    expect(page.locator("[id^='f-findings-'][id$='-source-means']")).to_contain_text("A report on cards")
    field.fill("zzzz")
    expect(page.locator("#kb-form-status")).to_have_text("Nothing found by these words")


def test_a_link_can_say_what_the_record_is_about(open_form, base_folder):
    tags = validate(Project.at(base_folder)).base.vocabulary("populations")
    value = next(iter(tags))
    page = open_form(f"{CASE}?" + urlencode({"populations": value, "principle": "say-no", "sectors": "no-such"}))
    expect(page.locator(f"#f-tags-populations input[value='{value}']")).to_be_checked()
    data = data_of(page)
    assert data["tags"] == {"populations": [value]}
    assert data["principles"] == [{"principle": "say-no"}]


def test_empty_cells_of_the_gap_map_lead_to_a_form_about_them(open_page):
    page = open_page("gaps/map/populations-stages/")
    cell = page.locator(".kb-map td.kb-none a").first
    query = parse_qs(urlsplit(cell.get_attribute("href")).query)
    cell.click()
    ready(page)
    for name, (value,) in query.items():
        expect(page.locator(f"#f-tags-{name} input[value='{value}']")).to_be_checked()


def test_a_record_that_reads_like_another_is_told_before_it_is_sent(open_form, base_folder):
    other = records(base_folder, "use-case")
    like = next(source for source in other if source.stem == "card-leaves-the-bakery")
    page = open_form()
    page.fill("#f-title", like.data["title"])
    page.locator("#f-title").blur()
    page.fill("#f-summary", like.data["summary"])
    page.click("#kb-form-check")
    item = page.locator("#kb-form-problems li", has_text="LIF004").first
    expect(item).to_contain_text("card-leaves-the-bakery")
    assert item.locator("a").last.get_attribute("href").endswith("/use-cases/card-leaves-the-bakery/")
    page.goto(f"{page.url}?id=card-leaves-the-bakery")
    ready(page)
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    assert page.locator("#kb-form-problems li", has_text="LIF004").count() == 0


def test_near_duplicates_are_those_of_the_command_line(open_form, make_project):
    """A pair that the command line warns of, in the same words."""
    root = make_project()
    text = (root / "use_cases" / "card-leaves-the-bakery.yaml").read_text(encoding="utf-8")
    (root / "use_cases" / "z-second.yaml").write_text(
        text.replace("id: card-leaves-the-bakery", "id: z-second"), encoding="utf-8"
    )
    expected = {
        (item.message.replace("`", ""), item.hint)
        for item in validate(Project.at(root)).diagnostics
        if item.code == "LIF004" and item.path == "use_cases/z-second.yaml"
    }
    assert len(expected) == 2
    page = open_form()
    page.set_input_files("#kb-form-file", root / "use_cases" / "z-second.yaml")
    expect(page.locator("#f-id")).to_have_value("z-second")
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    assert {(message, hint) for code, message, hint in problems(page) if code == "LIF004"} == expected


def test_a_document_that_is_there_under_another_spelling_of_its_address_is_told(open_form, make_project):
    root = make_project()
    other = (root / "content/sources/bakery-report.yaml").read_text(encoding="utf-8")
    address = re.search(r"\nurl: '?([^'\n]+)", other)[1]
    spelled = re.sub(r"^https?://", "http://www.", address) + "&utm_source=a-letter"
    file = root / "content/sources/z-again.yaml"
    text = re.sub(r"\nurl: .*", f"\nurl: '{spelled}'", other.replace("id: bakery-report", "id: z-again"))
    file.write_text(text, encoding="utf-8")
    expected = [
        (item.code, item.message.replace("`", ""), item.hint)
        for item in validate(Project.at(root)).diagnostics
        if item.code == "LIF003"
    ]
    assert len(expected) == 1
    page = open_form("contribute/form/source/")
    page.set_input_files("#kb-form-file", file)
    expect(page.locator("#f-id")).to_have_value("z-again")
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    assert [item for item in problems(page) if item[0] == "LIF003"] == expected


def test_a_record_leaves_as_a_file_a_copy_a_pull_request_or_an_email(open_form):
    page = open_form("contribute/form/term/", accept_downloads=True, permissions=["clipboard-read", "clipboard-write"])
    page.fill("#f-title", "Card & case")
    page.locator("#f-title").blur()
    page.fill("#f-summary", "A thing that holds a record.")
    page.locator("#f-summary").blur()
    expect(page.locator("#kb-form-yaml")).to_contain_text("holds a record")
    text = yaml_of(page)
    assert saved(page) == ("card-case.yaml", text)
    page.click("#kb-form-copy")
    expect(page.locator("#kb-form-copied")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == text
    link = page.locator("#kb-form-pull").get_attribute("href")
    assert link.startswith(f"{REPOSITORY}/new/main?")
    assert parse_qs(urlsplit(link).query) == {"filename": ["content/glossary/card-case.yaml"], "value": [text]}
    mail = page.locator("#kb-form-mail").get_attribute("href")
    assert mail.startswith(f"mailto:{CONTACT}?subject=")
    assert unquote(mail.partition("&body=")[2]).replace("\r\n", "\n") == text


def test_a_long_record_is_copied_and_the_link_carries_only_its_name(open_form):
    page = open_form()
    page.fill("#f-id", "a-long-one")
    page.fill("#f-situation-who", "Word " * 2000)
    page.locator("#f-situation-who").blur()
    expect(page.locator("#kb-form-pull-note")).to_contain_text("Copy the text")
    assert (
        page.locator("#kb-form-pull").get_attribute("href")
        == f"{REPOSITORY}/new/main?filename=use_cases/a-long-one.yaml"
    )
    expect(page.locator("#kb-form-mail-note")).to_contain_text("Copy the text")
    assert len(page.locator("#kb-form-mail").get_attribute("href")) < 500


def test_a_changed_record_is_sent_as_an_edit_of_its_file(open_form):
    page = open_form(f"{CASE}?id=card-leaves-the-bakery")
    assert (
        page.locator("#kb-form-pull").get_attribute("href")
        == f"{REPOSITORY}/edit/main/use_cases/card-leaves-the-bakery.yaml"
    )
    expect(page.locator("#kb-form-pull-note")).to_contain_text("paste")


def test_a_new_record_begins_with_what_the_schema_says(open_form):
    data = data_of(open_form())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", data.pop("written"))
    assert re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", data.pop("next_review"))
    assert data == {"status": "draft", "review": {"lived_experience": "none", "subject": "none"}}


def test_the_first_claim_is_the_main_one_until_another_is_chosen(open_form):
    page = open_form()
    for words in ("Bakers got cards.", "Nobody asked for one."):
        if page.locator("textarea[id^='f-claims-'][id$='-text']").last.input_value():
            page.locator("#f-claims").click()
        page.locator("textarea[id^='f-claims-'][id$='-text']").last.fill(words)
        page.locator("textarea[id^='f-claims-'][id$='-text']").last.blur()
        expect(page.locator("#f-main_claim")).to_have_value("bakers-got-cards")
    page.fill("#f-main_claim", "nobody-asked-for-one")
    page.locator("#f-main_claim").blur()
    page.fill("#f-title", "Another")
    page.locator("#f-title").blur()
    expect(page.locator("#f-main_claim")).to_have_value("nobody-asked-for-one")


def test_the_writer_sees_which_part_still_asks_for_something(open_form):
    page = open_form()
    page.locator("#kb-form-parts summary").click()
    row = page.locator("#kb-form-parts li", has_text="Whose situation is it?")
    expect(row).to_contain_text("still to answer")
    for name in ("who", "today", "with_record"):
        page.fill(f"#f-situation-{name}", "A role.")
    page.locator("#f-situation-who").blur()
    expect(row).not_to_contain_text("still to answer")
    page.locator("#kb-form-parts a", has_text="Check it").click()
    assert page.url.endswith("#s-send")
    expect(page.locator("#s-send")).to_be_in_viewport()


def test_what_only_those_who_keep_the_site_say_is_folded_away_and_reached_from_a_message(open_form):
    page = open_form()
    assert page.locator("#s-kept details.kb-fold").first.get_attribute("open") is None
    assert not page.locator("input[name='f-status']").first.is_visible()
    page.evaluate("document.querySelector('#s-kept details').open = true")
    page.locator("input[name='f-status'][value='retired']").check()
    page.evaluate("document.querySelector('#s-kept details').open = false")
    page.click("#kb-form-check")
    assert not page.locator("input[name='f-status']").first.is_visible()
    page.evaluate("document.querySelector('#s-kept details').open = true")
    page.click("#f-waivers")
    page.locator("[id^='f-waivers-'][id$='-reason']").fill("It was weighed elsewhere.")
    page.evaluate("document.querySelector('#s-kept details').open = false")
    page.click("#kb-form-check")
    page.locator("#kb-form-problems li", has_text="Waiver 1").locator("a").first.click()
    expect(page.locator("input[name='f-status']").first).to_be_visible()


def test_a_pilot_is_written_with_documents_that_are_described_along_with_it(open_form):
    """Two new documents, each in a draft of its own; the pilot names both, and says that they have to be sent along."""
    page = open_form("contribute/form/pilot/")
    page.fill("#f-title", "Cards at the mill")
    page.locator("#f-title").blur()
    expect(page.locator("#kb-form-yaml")).to_contain_text("cards-at-the-mill")
    for number, title in ((1, "What the mill counted"), (2, "What the millers said")):
        link = page.locator("a[data-begins='source']").first
        link.focus()
        with page.context.expect_page() as opened:
            page.keyboard.press("Enter")
        other = opened.value
        ready(other)
        assert parse_qs(urlsplit(other.url).query).get("draft", ["1"]) == [str(number)]
        expect(other.locator("#f-title")).to_have_value("")
        other.fill("#f-title", title)
        other.locator("#f-title").blur()
        expect(other.locator("#kb-form-draft")).to_be_visible()
        expect(other.locator("#kb-form-yaml")).to_contain_text(title)
        others = other.locator("#kb-form-drafts ul a").all_inner_texts()
        assert others == (["What the mill counted"] if number == 2 else [])
        other.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function(
        "() => document.querySelector('#kb-form[data-ready]') && self.kbFormRecords.source.some(row => row.id === 'what-the-millers-said')"
    )
    expect(page.locator("#f-title")).to_have_value("Cards at the mill")
    page.locator("input[id^='f-findings-'][id$='-source']").fill("millers")
    option = page.locator("[role=option]")
    expect(option).to_contain_text(["What the millers said (a draft in this browser)"])
    option.first.click()
    expect(page.locator("#kb-form-with a")).to_have_text(["What the millers said"])
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    assert "REF001" not in {code for code, *_ in problems(page)}
    address = page.locator("#kb-form-with a").get_attribute("href")
    page.goto(address)
    ready(page)
    expect(page.locator("#f-title")).to_have_value("What the millers said")


def test_an_entry_asks_at_once_for_what_it_needs(open_form):
    page = open_form("contribute/form/pilot/")
    assert page.locator("textarea[id^='f-findings-'][id$='-text']").is_visible()
    sample = page.locator("input[id^='f-findings-'][id$='-sample']")
    assert not sample.is_visible()
    page.goto(page.url + "?id=bakery-cards")
    ready(page)
    assert page.locator("input[id^='f-findings-'][id$='-sample']").first.is_visible(), "what is answered is shown"


def test_nothing_is_sent_while_a_record_is_written(open_form):
    page = open_form()
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.fill("#f-title", "A title")
    page.fill("#f-summary", "A summary.")
    page.locator("#f-summary").blur()
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-yaml")).to_contain_text("A summary.")
    assert sent == []


def test_what_is_missing_from_a_record_that_is_there_no_more_is_said(open_form):
    page = open_form(f"{CASE}?id=no-such-record")
    expect(page.locator("#kb-form-opened")).to_contain_text("no-such-record")
    expect(page.locator("#kb-form-file")).to_be_visible()
    page.goto(page.url.replace("no-such-record", "../../x"))
    ready(page)
    expect(page.locator("#kb-form-opened")).to_contain_text("../../x")


def test_the_preview_shows_text_and_never_runs_it(open_form):
    page = open_form()
    page.fill("#f-title", "<img src=x onerror=alert(1)>")
    page.locator("#f-title").blur()
    expect(page.locator("#kb-form-preview h3")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("#kb-form-preview img").count() == 0


def test_what_is_checked_later_is_named(open_form):
    page = open_form()
    scope = page.locator("#kb-form-scope")
    scope.locator("summary").click()
    here = scope.locator("p").inner_text()
    later = scope.locator("li a").all_inner_texts()
    assert "SCH001" in here
    assert "FIL001" in later
    assert not set(later) & set(re.findall("[A-Z]{3}[0-9]{3}", here))


def test_the_form_is_readable_without_javascript(open_page):
    page = open_page(CASE, java_script_enabled=False)
    assert page.locator("noscript a, .kb-gap a").first.is_visible()
    assert page.locator("label[for=f-title]").is_visible()
    assert not page.locator("#kb-form-check").is_visible()


def test_the_form_works_from_a_disk_and_says_what_does_not(browser, form_site, base_folder):
    context = browser.new_context()
    page = context.new_page()
    file = form_site / "contribute" / "form" / "use-case" / "index.html"
    page.goto(file.as_uri() + "?id=card-leaves-the-bakery")
    ready(page)
    expect(page.locator("#kb-form-opened")).to_contain_text("opened from a disk")
    page.set_input_files("#kb-form-file", base_folder / "use_cases" / "card-leaves-the-bakery.yaml")
    expect(page.locator("#f-id")).to_have_value("card-leaves-the-bakery")
    context.close()


def test_without_a_place_to_send_to_the_form_says_so(browser, make_project, tmp_path):
    site = tmp_path / "site"
    assert main(["--root", str(make_project()), "build", "--site-dir", str(site)]) == 0
    text = (site / "contribute" / "form" / "term" / "index.html").read_text(encoding="utf-8")
    assert "kb-form-pull" not in text
    assert "mailto:" not in text
    assert "names no place" in text


def test_settings_reach_the_page_as_data(form_site):
    text = (form_site / "contribute" / "form" / "pilot" / "index.html").read_text(encoding="utf-8")
    settings = json.loads(re.search(r'data-settings="([^"]*)"', text)[1].replace("&#34;", '"'))
    assert settings["folder"] == KIND_FOLDERS["pilot"]
    assert settings["new"] == f"{REPOSITORY}/new/main"
