"""The offline copy: one ZIP whose pages need neither a server nor a network."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import html

from lerkb.cli import main
from lerkb.site.offline import INDEX, README, offline_address, offline_page
from test_site import problems_of_links


def held(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The offline copy of the sample, unpacked."""
    folder = tmp_path_factory.mktemp("offline")
    sample = Path(__file__).parent / "sample"
    assert main(["--root", str(sample), "build", "--offline", "-o", str(folder / "copy.zip")]) == 0
    with zipfile.ZipFile(folder / "copy.zip") as file:
        file.extractall(folder / "unpacked")
    (top,) = (folder / "unpacked").iterdir()
    return top


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("../pilots/", "../pilots/index.html"),
        ("./", "./index.html"),
        (".", "./index.html"),
        ("../..", "../../index.html"),
        ("gaps/#gap-a?b/", "gaps/index.html#gap-a?b/"),
        ("../explore/?q=a/b&amp;kind=c#d", "../explore/index.html?q=a/b&amp;kind=c#d"),
        ("a-record.yaml", "a-record.yaml"),
        ("../data/records.json#x/", "../data/records.json#x/"),
        ("a.b/", "a.b/index.html"),
        ("#part", "#part"),
        ("?q=a/", "?q=a/"),
        ("", ""),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://example.org/a/?b=c&amp;d=/", "https://example.org/a/?b=c&amp;d=/"),
        ("//example.org/a/", "//example.org/a/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_an_address_names_the_page_of_a_folder(written, made):
    assert offline_address(written) == made
    assert offline_address(made) == made


def changed(page: str) -> str:
    return offline_page(page, "../")[0]


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ('<a class="b" href="../c/">d</a>', '<a class="b" href="../c/index.html">d</a>'),
        ('<a\n href="../c/"\n>d</a>', '<a\n href="../c/index.html"\n>d</a>'),
        ('<A href="c/">d</A>', '<A href="c/index.html">d</A>'),
        ('<a title="x > y" href="c/">d</a>', '<a title="x > y" href="c/index.html">d</a>'),
        ('<form action="explore/">', '<form action="explore/index.html">'),
        (
            '<meta http-equiv="refresh" content="0;url=../../a/b/">',
            '<meta http-equiv="refresh" content="0;url=../../a/b/index.html">',
        ),
        ('<meta name="description" content="a;url=../b/">', None),
        ('<pre>&lt;a href="c/"&gt;</pre>', None),
        ('<p>a < b, href="c/" d</p>', None),
        ('<i data-href="c/" aria-label=\'href="c/"\'>d</i>', None),
        ('<!-- <a href="c/"> -->', None),
        ('<script type="application/json">{"a": "<a href=\\"c/\\">"}</script>', None),
        ('<script src="../assets/kb.js"></script>', None),
        ('<link rel="preload" href="a.woff2" as="font" crossorigin><b>c</b>', "<b>c</b>"),
        ('a<!--online--><a href="only-there.zip">b</a><!--/online-->\nc', "ac"),
    ],
)
def test_a_page_is_changed_where_a_link_is_and_nowhere_else(page, made):
    assert changed(page) == (page if made is None else made)


def test_a_script_that_stands_in_pages_is_kept_once_as_a_file():
    script = "var a=1;if(a<2&&a>0)b('</i>')"
    page, scripts = offline_page(f"<p><script>{script}</script></p><script>{script}</script>", "../../")
    ((name, text),) = scripts.items()
    assert text == script
    assert page == f'<p><script src="../../{name}"></script></p><script src="../../{name}"></script>'


def test_the_policy_allows_files_and_no_script_that_stands_in_a_page():
    policy = "default-src 'none'; style-src 'self'; script-src 'self' 'sha256-abc=' 'sha256-d+/='"
    page = changed(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    assert "content=\"default-src 'none'; style-src 'self' file:; script-src 'self' file:\"" in page


def test_every_link_and_anchor_of_the_copy_leads_to_a_file_in_it(copy):
    assert problems_of_links(copy) == []
    for file in copy.rglob("*.html"):
        for link in html.fromstring(file.read_text("utf-8")).xpath("//@href | //@action"):
            path = re.split(r"[?#]", link)[0]
            assert re.match(r"\w+:", link) or not path or Path(path).suffix, f"{file}: {link}"


def test_no_script_stands_in_a_page_and_each_has_its_file(copy):
    for file in copy.rglob("*.html"):
        for script in html.fromstring(file.read_text("utf-8")).xpath("//script"):
            assert script.get("src") or script.get("type") == "application/json", file
            assert not script.get("src") or (file.parent / script.get("src")).is_file()


def test_what_only_a_server_needs_is_left_out(copy):
    names = {file.relative_to(copy).as_posix() for file in copy.rglob("*") if file.is_file()}
    assert not [name for name in names if name.endswith((".map", ".gz", ".zip"))]
    assert not {"sitemap.xml", "404.html", "assets/javascripts/lunr"} & names
    assert {INDEX, README, "use-cases/index.html", "data/records.jsonld", "assets/records.js"} <= names
    assert "archive" not in (copy / "data" / INDEX).read_text("utf-8").casefold().replace("archived", "")


def test_the_note_says_how_to_open_it_and_what_it_was_made_from(copy):
    note = (copy / README).read_text("utf-8")
    assert "Open the file index.html in any browser." in note
    assert re.search(r"release records-\d{4}-\d\d-\d\d-[0-9a-f]{12} of the records", note)
    assert "The site, with later corrections" not in note, "the sample has no address"


def test_the_note_names_the_site_it_comes_from(run_lerkb, make_project, tmp_path):
    root = make_project()
    config = root / "mkdocs.yml"
    text = re.sub(r"site_url: .*", "site_url: https://example.org/kb/", config.read_text("utf-8"))
    config.write_text(text, encoding="utf-8")
    assert run_lerkb("build", "--offline", "-o", tmp_path / "copy.zip", root=root).code == 0
    files = held((tmp_path / "copy.zip").read_bytes())
    (note,) = (content for name, content in files.items() if name.endswith(f"/{README}"))
    assert note.decode().endswith("The site, with later corrections: https://example.org/kb/\n")


def test_the_same_records_give_the_same_bytes_from_another_folder(tmp_path, run_lerkb):
    copies = []
    for name in ("one", "a folder two"):
        root = tmp_path / name / "base"
        shutil.copytree(Path(__file__).parent / "sample", root)
        assert run_lerkb("build", "--offline", "-o", tmp_path / name / "copy.zip", root=root).code == 0
        copies.append((tmp_path / name / "copy.zip").read_bytes())
    assert copies[0] == copies[1]


def test_a_site_that_carries_its_copy_links_to_it_and_the_copy_does_not(run_lerkb, make_project):
    root = make_project()
    run = run_lerkb("build", "--offline", root=root)
    assert (run.code, run.out) == (0, "")
    (copy,) = (root / "site" / "data").glob("*-offline.zip")
    assert f"the offline copy is {copy} (" in run.err
    page = (root / "site" / "data" / INDEX).read_text("utf-8")
    assert f'<a href="{copy.name}">' in page
    assert "build --offline" not in page
    assert problems_of_links(root / "site") == []
    inside = held(copy.read_bytes())
    assert not [name for name in inside if name.endswith(".zip")]
    assert b"-offline.zip" not in b"".join(inside.values())
    assert {name.split("/")[0] for name in inside} == {copy.name.removesuffix("-offline.zip")}


def test_a_site_without_its_copy_says_how_to_make_it(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("build", root=root).code == 0
    page = (root / "site" / "data" / INDEX).read_text("utf-8")
    assert "<code>python3 scripts/kb.py build --offline</code>" in page
    assert not list((root / "site").rglob("*offline.zip"))


def test_a_copy_alone_leaves_the_site_as_it_is(run_lerkb, make_project, tmp_path):
    root = make_project({"site/index.html": "the old one"})
    run = run_lerkb("build", "--offline", "-o", tmp_path / "copy.zip", root=root)
    assert (run.code, run.out) == (0, "")
    assert re.search(rf"put [\d,]+ pages into {re.escape(str(tmp_path / 'copy.zip'))} \(\d+\.\d MB\)", run.err)
    assert [file.name for file in (root / "site").iterdir()] == ["index.html"]
    again = run_lerkb("build", "--offline", "-o", tmp_path / "copy.zip", root=root)
    assert again.code == 0, "a copy made before is replaced"


def test_something_else_of_that_name_is_not_written_over(run_lerkb, make_project):
    root = make_project()
    before = (root / "mkdocs.yml").read_bytes()
    run = run_lerkb("build", "--offline", "-o", root / "mkdocs.yml", root=root)
    assert run.code == 2
    assert run.err == f"lerkb: {root / 'mkdocs.yml'} is there already and is no ZIP; choose another name\n"
    assert (root / "mkdocs.yml").read_bytes() == before


@pytest.mark.parametrize("options", [["-o", "copy.zip"], ["--offline", "-o", "copy.zip", "--site-dir", "there"]])
def test_a_place_for_the_copy_goes_with_the_copy_alone(run_lerkb, make_project, options, monkeypatch):
    root = make_project()
    monkeypatch.chdir(root)
    run = run_lerkb("build", *options, root=root)
    assert run.code == 2
    assert "--output goes with --offline and without --site-dir" in run.err
    assert not (root / "copy.zip").exists()


def test_an_error_in_a_record_makes_no_copy(run_lerkb, make_project, tmp_path):
    root = make_project({"content/glossary/wrong.yaml": "id: wrong\n"})
    run = run_lerkb("build", "--offline", "-o", tmp_path / "copy.zip", root=root)
    assert run.code == 1
    assert run.err.endswith("nothing was built\n")
    assert not (tmp_path / "copy.zip").exists()
