"""Files to take away: sheets, cards and pictures are whole, accessible, the same each time, and hold text of records as text."""

import io
import re
import shutil
import struct
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from conftest import unmeasured
from lerkb.cli import main
from lerkb.errors import RunError
from lerkb.knowledge_base import KnowledgeBase
from lerkb.project import Project
from lerkb.site.assembly import assemble
from lerkb.site.briefs import press as press_module
from lerkb.site.briefs.press import MOST_PAGES, Press, write_takeaways
from lerkb.site.briefs.takeaways import (
    Entry,
    Section,
    Sheet,
    Takeaway,
    cards,
    case_briefs,
    case_sheet,
    picture,
    principle_cards,
    role_sheet,
    takeaways,
)
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests" / "sample"
SETTINGS = SiteSettings("Sample records", "https://example.org/kb/")
CASE = "card-leaves-the-bakery"
#: Typst as a contributor might write it: each piece would become something else, or fail, if it were read.
MARKUP = (
    '#eval("1/0") #panic() $x^2$ *bold* _italic_ <label> @reference `raw` // off /* off */ = head [a] {b} \\ --- ~ "q"'
)
MADE = {
    "briefs/card-leaves-the-bakery.pdf",
    "briefs/for-employer.pdf",
    "briefs/for-funder.pdf",
    "briefs/for-worker.pdf",
    "briefs/principle-cards.pdf",
    "cards/overviews/what-was-counted.png",
    "cards/principles/keep-it-small.png",
    "cards/principles/say-no.png",
    "cards/use-cases/card-leaves-the-bakery.png",
}


def taken(site: Path) -> set[str]:
    """The files to take away of a built site."""
    return {
        file.relative_to(site).as_posix()
        for name in ("briefs", "cards")
        for file in (site / name).rglob("*")
        if file.is_file()
    }


def squeezed(text: str) -> str:
    """Text without any space: lines are broken where the type wants it."""
    return re.sub(r"\s+", "", text)


def said(content: bytes) -> str:
    """What a PDF says, without spaces."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def pages(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def structure(node) -> list[str]:
    """The structure elements of a PDF in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [name for child in node for name in structure(child)]
    if not isinstance(node, dict):
        return []
    own = [node["/S"]] if "/S" in node else []
    return own + (structure(node["/K"]) if "/K" in node else [])


@pytest.fixture(scope="module")
def site(sample):
    """The sample as a site with files to take away."""
    return assemble(sample, SETTINGS, briefs=True)


@pytest.fixture
def press(site, tmp_path):
    return Press(site.messages, tmp_path / "cache")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sample, built with them, under an address."""
    folder = tmp_path_factory.mktemp("built")
    root = folder / "base"
    shutil.copytree(SAMPLE, root)
    config = root / "mkdocs.yml"
    text = config.read_text(encoding="utf-8").replace("site_url: ''", "site_url: https://example.org/kb/")
    config.write_text(text.replace("Sample records", "Sample & records"), encoding="utf-8")
    assert main(["--root", str(root), "build", "--with-briefs"]) == 0
    return root


@pytest.fixture(scope="module")
def printed(built):
    """Every file to take away of the sample, by its place."""
    return {name: (built / "site" / name).read_bytes() for name in taken(built / "site")}


# What is made, and how pages lead to it


def test_a_build_makes_a_file_for_each_use_case_reader_and_record(printed):
    assert set(printed) == MADE


def test_each_file_is_linked_and_each_link_holds(built):
    linked = set()
    for file in (built / "site").rglob("*.html"):
        for link in html.fromstring(file.read_text(encoding="utf-8")).xpath("//a/@href"):
            target = (file.parent / link.partition("#")[0]).resolve()
            if target.suffix in (".pdf", ".png"):
                assert target.is_file(), (file, link)
                linked.add(target.relative_to((built / "site").resolve()).as_posix())
    assert linked == MADE


def test_a_build_without_them_has_no_file_and_no_link(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("build", "--with-briefs", root=root).code == 0
    assert taken(root / "site") == MADE
    run = run_lerkb("build", root=root)
    assert run.code == 0
    assert "take away" not in run.err
    assert taken(root / "site") == set()
    for file in (root / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "briefs/" not in text, file
        assert ".png" not in text, file
        assert "og:" not in text, file


def test_a_draft_has_no_sheet(sample):
    shown = assemble(sample, SETTINGS, drafts=True, briefs=True)
    names = {item.url for item in takeaways(shown)}
    assert names == MADE
    assert shown.base.get("use-case", "a-draft-case")


def test_others_show_the_picture_with_a_link_where_the_site_has_an_address(built, run_lerkb, make_project):
    def properties(root, url):
        tree = html.fromstring((root / "site" / url / "index.html").read_text(encoding="utf-8"))
        return {node.get("property"): node.get("content") for node in tree.xpath("//meta[@property]")}

    found = properties(built, f"use-cases/{CASE}")
    assert found["og:image"] == f"https://example.org/kb/cards/use-cases/{CASE}.png"
    assert found["og:title"] == "The card that leaves the bakery"
    assert found["og:description"].startswith("Bakers get training cards.")
    assert found["og:site_name"] == "Sample & records"
    assert found["og:url"] == f"https://example.org/kb/use-cases/{CASE}/"
    assert "og:image" in properties(built, "principles/say-no")
    assert "og:image" in properties(built, "overviews/what-was-counted")
    assert properties(built, "pilots/bakery-cards") == {}
    assert properties(built, "") == {}
    root = make_project()
    assert run_lerkb("build", "--with-briefs", root=root).code == 0
    assert properties(root, f"use-cases/{CASE}") == {}


# What is on it


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (CASE, "The card that leaves the bakery"),
        ("for-worker", "For you: Worker or learner"),
        ("for-funder", "For you: Funder"),
        ("principle-cards", "The principles as cards: Sample & records"),
    ],
)
def test_each_sheet_is_a_tagged_document_with_title_and_language(printed, name, title):
    reader = PdfReader(io.BytesIO(printed[f"briefs/{name}.pdf"]))
    root = reader.trailer["/Root"]
    assert reader.metadata.title == title
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf has a boolean of its own
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    names = structure(root["/StructTreeRoot"])
    headings = [part for part in names if re.fullmatch(r"/H\d?", part)]
    assert headings[0] == "/H1"
    assert set(headings) <= {"/H1", "/H2"}
    assert "/L" in names
    assert all((page.mediabox.width, page.mediabox.height) in {(612, 792), (792, 612)} for page in reader.pages)


def test_a_sheet_of_a_use_case_says_what_its_page_says(site, printed):
    record = site.base.get("use-case", CASE)
    data = record.data
    text = said(printed[f"briefs/{CASE}.pdf"])
    expected = [
        record.title,
        data["summary"],
        "Reads as mixed",
        *(data["situation"][name] for name in ("who", "today", "with_record")),
        *(claim["text"] for claim in data["claims"]),
        *(gain["what"] for gain in data["gains"]),
        *(harm[name] for harm in data["harms"] for name in ("what", "bears", "safeguard", "open") if name in harm),
        *(gap["text"] for gap in data["gaps"]),
        *data["ask_before_copying"],
        "Strength of evidence: Measured by the pilot itself",
        "Who gains: not known. Nobody has shown it.",
        "Sources: Sample Bakery.",
        "Our reasoning. No source stands behind it.",
        "Gap widens",
        "Open, no safeguard found: No safeguard was found.",
        "Not known if in place here.",
        "How this came about: Desk research. Not yet reviewed by people who have lived it.",
        f"Record: {CASE}. Version: {record.version}.",
        f"Its page: example.org/kb/use-cases/{CASE}.",
        "(CC BY 4.0)",
    ]
    assert [part for part in expected if squeezed(part) not in text] == []


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        (CASE, {f"https://example.org/kb/use-cases/{CASE}/"}),
        ("for-worker", {"https://example.org/kb/for/worker/"}),
        ("principle-cards", {f"https://example.org/kb/principles/{name}/" for name in ("keep-it-small", "say-no")}),
    ],
)
def test_the_address_on_a_sheet_leads_there_and_is_read_out(printed, name, addresses):
    reader = PdfReader(io.BytesIO(printed[f"briefs/{name}.pdf"]))
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", ())]
    assert {link["/A"]["/URI"] for link in links} == addresses
    assert all(link["/Contents"] and "/StructParent" in link for link in links)
    assert "/Link" in structure(reader.trailer["/Root"]["/StructTreeRoot"])


def test_a_sheet_without_the_site_s_address_has_no_link(sample, tmp_path):
    site = replace(assemble(sample, SiteSettings("Sample")), with_briefs=True)
    write_takeaways(site, tmp_path, tmp_path / "cache")
    for name in (CASE, "for-worker", "principle-cards"):
        reader = PdfReader(tmp_path / "briefs" / f"{name}.pdf")
        assert not [page for page in reader.pages if "/Annots" in page]


def test_an_open_question_on_a_sheet_says_which_pilot_left_it_open(site):
    gaps = next(section for section in role_sheet(site, "funder").sections if section.name == "gaps")
    pilots = {f"{record.title}." for record in site.base.of("pilot")}
    assert gaps.entries
    assert all(entry.facts[0][1] in pilots for entry in gaps.entries)


def test_a_sheet_for_a_reader_says_what_is_asked_of_them(printed):
    text = said(printed["briefs/for-worker.pdf"])
    for part in (
        "What do I get, and can I say no?",
        "Read each line of your card before anyone else does.",
        "You can keep your card. Ask first if it will count toward a raise.",
        "What you can do first",
        "Its page: example.org/kb/for/worker.",
    ):
        assert squeezed(part) in text
    assert re.search(r"Version:[0-9a-f]{12}\.", text)
    assert squeezed("What nobody knows, and who waits for it") in said(printed["briefs/for-funder.pdf"])


def test_the_cards_hold_every_principle_and_as_many_questions_as_there_is_room_for(site, printed):
    content = printed["briefs/principle-cards.pdf"]
    text = said(content)
    for record in site.base.of("principle"):
        for part in (record.title, record.data["statement"], record.data["makes_possible"]["text"], record.version):
            assert squeezed(part) in text
        shown = [check["question"] for check in record.data["checks"] if squeezed(check["question"]) in text]
        assert len(shown) == min(3, len(record.data["checks"]))
    assert pages(content) == 1  # two cards


def test_a_card_counts_the_questions_that_it_leaves_out(site):
    made = {card.number: card for card in cards(site).cards}
    for record in site.base.of("principle"):
        total, card = len(record.data["checks"]), made[record.data["number"]]
        for count, words in enumerate(card.more):
            left = total - count
            assert words.startswith(f"{left} more question") if left else words == ""


def test_a_card_that_is_too_full_gives_up_questions_and_is_not_cut(site, press):
    one = cards(site)
    card = replace(one.cards[0], checks=("Is this so? " * 120,) * 3, more=("3 more.", "2 more.", "1 more.", ""))
    content = press.file(item("briefs/x.pdf", "cards.typ", replace(one, cards=(card, *one.cards[1:]))))
    text = said(content)
    assert pages(content) == 1
    assert squeezed(card.foot) in text
    assert re.search(r"[123]more\.", text)


def test_a_picture_has_the_size_that_others_expect(printed):
    for name, content in printed.items():
        if name.endswith(".png"):
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            assert struct.unpack(">II", content[16:24]) == (1200, 630)


def test_a_picture_without_a_mark_or_with_a_long_title_is_made(site, press):
    made = picture(site, site.base.get("use-case", CASE))
    assert (made.title, made.strength) == ("The card that leaves the bakery", "Measured by the pilot itself")
    bare = replace(made, strength="", level=-1, effect="", address="", title="A title of many words " * 6)
    content = press.file(item("cards/x.png", "picture.typ", bare))
    assert struct.unpack(">II", content[16:24]) == (1200, 630)


def test_a_picture_says_what_limits_its_mark(site, press):
    made = picture(site, site.base.get("use-case", CASE))
    assert made.beside == "sample: 12 people"
    # The longest that the schemas allow: a title, a sample, and that it is of another field.
    longest = replace(
        made, title="Words that " * 11, beside=f"sample: {'many people, ' * 9} · From a related field, not LERs"
    )
    content = press.file(item("cards/x.png", "picture.typ", longest))
    assert struct.unpack(">II", content[16:24]) == (1200, 630)
    assert content != press.file(item("cards/x.png", "picture.typ", replace(longest, beside="")))


def item(url, template, view):
    """A file to take away with something made up on it."""
    return Takeaway(url, "made up", template, lambda: view)


# Text is data


def replaced(value, texts):
    if isinstance(value, dict):
        return {key: replaced(child, texts) for key, child in value.items()}
    if isinstance(value, list):
        return [replaced(child, texts) for child in value]
    return texts.get(value, value) if isinstance(value, str) else value


def test_markup_in_a_record_is_printed_as_it_was_written(sample, site, press):
    record = site.base.get("use-case", CASE)
    data = record.data
    written = [
        record.title,
        data["summary"],
        data["situation"]["today"],
        *(claim["text"] for claim in data["claims"]),
        *(harm["what"] for harm in data["harms"]),
        *(gap["text"] for gap in data["gaps"]),
        *data["ask_before_copying"],
    ]
    texts = {text: f"{number} {MARKUP}" for number, text in enumerate(written)}
    hostile = replace(record, data=replaced(data, texts))
    base = KnowledgeBase((hostile if one is record else one for one in site.base), site.base.schemas)
    attacked = replace(site, base=base)
    content = press.file(item("briefs/x.pdf", "sheet.typ", case_sheet(attacked, hostile)))
    text = said(content)
    assert [number for number, _ in enumerate(written) if squeezed(f"{number} {MARKUP}") not in text] == []
    assert PdfReader(io.BytesIO(content)).metadata.title == f"0 {MARKUP}"
    for name in ("cards.typ", "picture.typ"):
        view = cards(site) if name == "cards.typ" else picture(attacked, hostile)
        if name == "cards.typ":
            view = replace(view, cards=(replace(view.cards[0], title=MARKUP, statement=MARKUP),))
        assert press.file(item("briefs/y.pdf" if name == "cards.typ" else "cards/y.png", name, view))


def test_a_sign_that_no_typeface_has_is_shown_as_a_box_and_the_sheet_says_so(site, press):
    sheet = case_sheet(site, site.base.get("use-case", CASE))
    content = press.file(item("briefs/x.pdf", "sheet.typ", replace(sheet, title="Łódź, 東京, naïve")))
    text = said(content)
    assert "Łódź,□□,naïve" in text
    assert squeezed(site.messages("take.sign")) in text
    assert squeezed(site.messages("take.sign")) not in said(press.file(item("briefs/y.pdf", "sheet.typ", sheet)))


# What fits


def made_sheet(entries: int, lead: str = "In short.") -> Sheet:
    """A sheet with so many points in each of two sections."""
    section = Section(
        "claims", "What it rests on", tuple(Entry(f"Point {number} of many." * 4) for number in range(entries)), 4
    )
    gaps = replace(section, name="gaps", title="What nobody knows", least=2)
    return Sheet(
        "en", "Made", "Kind", "Made", (lead,), (), (section, gaps), ("Foot.",), "See the page.", "{page}/{pages}"
    )


@pytest.mark.parametrize("entries", [2, 30, 200])
def test_a_sheet_has_two_pages_at_most_and_counts_what_it_leaves_out(press, entries):
    content = press.file(item("briefs/x.pdf", "sheet.typ", made_sheet(entries)))
    text = said(content)
    assert pages(content) == (1 if entries == 2 else MOST_PAGES)
    shown = len(re.findall(r"(?<!many\.)Point\d+ofmany", text))
    left = sum(
        int(number)
        for number in re.findall(r"(\d+)(?:claim|thingthatnobody)", text) + re.findall(r"(\d+)thingsthat", text)
    )
    assert shown + left == 2 * entries
    assert ("Notonthissheet" in text) == (entries == 200)
    assert "Foot." in text


def test_the_fewest_entries_are_left_out(site, press):
    sheet = made_sheet(60)
    text = said(press.file(item("briefs/x.pdf", "sheet.typ", sheet)))
    counts = [int(number) for number in re.findall(r"(\d+)(?:claims?,|claims?\.|things?that)", text)]
    left = sum(counts)
    assert left > 0
    one = item("briefs/x.pdf", "sheet.typ", sheet)
    assert press._laid_out(one, sheet, left, press_module.SIZES[-1])[0] == MOST_PAGES
    assert press._laid_out(one, sheet, left - 1, press_module.SIZES[-1])[0] > MOST_PAGES


def test_sections_give_entries_by_turns_and_keep_their_least_the_longest(site):
    sheet = made_sheet(6)
    kept = [
        [len(section.entries) for section in sheet.without(count, site.messages).sections]
        for count in range(sheet.can_lose + 1)
    ]
    assert kept[:4] == [[6, 6], [6, 5], [6, 4], [6, 3]]
    assert kept[6] == [4, 2]
    assert kept[-1] == []
    assert all(sum(one) == sheet.can_lose - count for count, one in enumerate(kept))


def test_a_sheet_that_cannot_fit_is_our_bug(press):
    with pytest.raises(RuntimeError, match=r"briefs/x\.pdf could not be set: .*too long for a page"):
        press.file(item("briefs/x.pdf", "sheet.typ", made_sheet(3, lead="Far too long. " * 3000)))


def test_a_sheet_that_cannot_be_set_is_our_bug(site, press):
    sheet = replace(made_sheet(2), title="")
    with pytest.raises(RuntimeError, match=r"briefs/x\.pdf could not be set: .*heading"):
        press.file(item("briefs/x.pdf", "sheet.typ", sheet))


def test_a_bug_leaves_the_old_site_and_the_cache_as_they_were(run_lerkb, make_project, monkeypatch):
    root = make_project()
    assert run_lerkb("build", root=root).code == 0
    monkeypatch.setattr(Press, "file", lambda self, one: 1 / 0)
    run = run_lerkb("build", "--with-briefs", root=root)
    assert run.code == 3
    assert "this is a bug of lerkb" in run.err
    assert taken(root / "site") == set()
    assert not (root / ".site.new").exists()


def test_a_reader_with_many_cases_is_told_how_many_more_there_are(site):
    view = role_sheet(site, "worker")
    section = next(one for one in view.sections if one.name == "told")
    more = replace(view, sections=(*view.sections, replace(section, name="others", beyond=7)))
    assert "7 more cases" in more.without(0, site.messages).left_out
    assert view.without(0, site.messages).left_out == ""


# The cache


def test_a_second_build_sets_nothing(run_lerkb, make_project):
    root = make_project()
    first = run_lerkb("build", "--with-briefs", root=root)
    assert "mkdocs.yml gives no site_url: sheets" in first.err
    assert f"and 9 files to take away (9 made anew) in {root / 'site'}" in first.err
    before = {name: (root / "site" / name).read_bytes() for name in MADE}
    second = run_lerkb("build", "--with-briefs", root=root)
    assert "and 9 files to take away (0 made anew)" in second.err
    assert {name: (root / "site" / name).read_bytes() for name in MADE} == before


def test_only_what_changed_is_set_again_and_what_is_no_longer_needed_is_dropped(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("build", "--with-briefs", root=root).code == 0
    cache = root / ".cache" / "briefs"
    kept = {file.name for file in cache.iterdir()}
    assert len(kept) == 9
    file = root / "principles" / "keep-it-small.yaml"
    text = file.read_text(encoding="utf-8")
    title = re.search(r"^title: (.*)$", text, re.MULTILINE)[1]
    file.write_text(text.replace(f"title: {title}", "title: Keep it very small"), encoding="utf-8")
    run = run_lerkb("build", "--with-briefs", root=root)
    assert run.code == 0, run.err
    now = {file.name for file in cache.iterdir()}
    assert len(now) == 9
    made = len(now - kept)
    assert 0 < made < 9
    assert f"({made} made anew)" in run.err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 cut off"])
def test_a_cached_file_that_is_not_whole_is_made_again(site, press, content):
    one = next(case_briefs(site))
    right = press.file(one)
    (file,) = press.cache.iterdir()
    file.write_bytes(content)
    again = Press(site.messages, press.cache)
    assert again.file(one) == right
    assert again.made == 1
    assert file.read_bytes() == right


def test_the_same_records_give_the_same_bytes_from_another_folder_and_another_day(site, tmp_path, monkeypatch):
    folders = []
    for name, day in (("one", "1700000000"), ("a folder two", "1800000000")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        write_takeaways(site, tmp_path / name, tmp_path / name / "cache")
        folders.append(tmp_path / name)
    for name in sorted(MADE):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    text = b"".join((folders[0] / name).read_bytes() for name in MADE)
    assert b"CreationDate" not in text
    assert str(tmp_path).encode() not in text


# Names and refusals


def test_a_use_case_with_the_name_of_another_file_is_refused(sample):
    record = sample.base.get("use-case", CASE)
    base = KnowledgeBase(
        (*sample.base, replace(record, id="for-worker", path="use_cases/for-worker.yaml")), sample.base.schemas
    )
    with pytest.raises(RunError, match=r"two files to take away would have the address briefs/for-worker\.pdf"):
        takeaways(replace(assemble(sample, SETTINGS, briefs=True), base=base))


def test_a_file_of_the_owner_in_the_same_place_is_refused(run_lerkb, make_project):
    root = make_project({"content/pages/briefs/principle-cards.pdf": b"mine"})
    run = run_lerkb("build", "--with-briefs", root=root)
    assert run.code == 2
    assert "briefs/principle-cards.pdf in content/pages" in run.err
    assert not (root / "site").exists()


def test_a_cache_that_cannot_be_written_is_told(run_lerkb, make_project):
    root = make_project({".cache": "a file"})
    run = run_lerkb("build", "--with-briefs", root=root)
    assert run.code == 2
    assert "cannot be written" in run.err
    assert "Traceback" not in run.err


def test_a_base_without_principles_has_no_cards(sample):
    base = KnowledgeBase((one for one in sample.base if one.kind != "principle"), sample.base.schemas)
    assert list(principle_cards(replace(assemble(sample, SETTINGS, briefs=True), base=base))) == []


def test_a_bar_is_shown_on_a_terminal_only(make_project, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    root = make_project()
    assert main(["--root", str(root), "build", "--with-briefs"]) == 0
    assert "files to take away  [" not in capsys.readouterr().err
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["--root", str(root), "build", "--with-briefs"]) == 0
    assert "files to take away  [" in terminal.getvalue()


# The real library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The real library and its files to take away."""
    folder = tmp_path_factory.mktemp("library")
    with unmeasured():
        whole = assemble(validate(Project.at(ROOT)), SiteSettings("The library"), briefs=True)
        done = write_takeaways(whole, folder, folder / "cache")
    assert done.files == done.made == len(taken(folder))
    return whole, folder


def test_every_use_case_of_the_library_fits_on_two_pages_and_says_what_matters(library):
    whole, folder = library
    records = whole.base.of("use-case")
    assert len(records) >= 16
    for record in records:
        content = (folder / "briefs" / f"{record.id}.pdf").read_bytes()
        text = said(content)
        assert pages(content) <= MOST_PAGES, record.id
        main_claim = record.parts("claims")[record.data["main_claim"]]["text"]
        marks = whole.base.marks(record)
        expected = [
            record.title,
            record.data["summary"],
            main_claim,
            whole.messages(f"evidence.rung.{marks.strength.name}"),
            whole.messages(f"effect.{marks.effect}"),
            *(harm["what"] for harm in record.data["harms"] if "open" in harm),
            f"Version: {record.version}.",
        ]
        assert [part for part in expected if squeezed(part) not in text] == [], record.id
        claims = text.partition(squeezed(whole.messages("take.main_claims")))[2]
        claims = claims.partition(squeezed(whole.messages("page.gaps_title")))[0]
        shown = sum(squeezed(claim["text"]) in claims for claim in record.data["claims"])
        left = re.search(r"(\d+)claims?[,.]", text.partition("Notonthissheet:")[2])
        assert shown + int(left[1] if left else 0) == len(record.data["claims"]), record.id
        assert "□" not in text, record.id


def test_every_reader_of_the_library_has_a_sheet_of_two_pages_at_most(library):
    whole, folder = library
    for audience, value in whole.base.vocabulary("audiences").items():
        content = (folder / "briefs" / f"for-{audience}.pdf").read_bytes()
        assert pages(content) <= MOST_PAGES
        text = said(content)
        assert squeezed(value["question"]) in text
        assert all(squeezed(step["do"]) in text for step in value["first_steps"])
        asked = [
            question
            for record in whole.base.of("principle")
            if (
                question := next((one["question"] for one in record.data["checks"] if audience in one["audiences"]), "")
            )
        ]
        assert asked
        shown = sum(squeezed(question) in text for question in asked)
        left = re.search(r"(\d+)principles?[,.]", text.partition("Notonthissheet:")[2])
        assert shown + int(left[1] if left else 0) == len(asked)


def test_the_cards_of_the_library_hold_all_seventeen_with_three_questions_each(library):
    whole, folder = library
    content = (folder / "briefs" / "principle-cards.pdf").read_bytes()
    text = said(content)
    principles = whole.base.of("principle")
    assert len(principles) == 17
    assert pages(content) == 9
    for record in principles:
        assert squeezed(record.data["harm"]["text"]) in text
        assert sum(squeezed(check["question"]) in text for check in record.data["checks"]) == 3
