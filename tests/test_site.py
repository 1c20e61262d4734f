"""The built site: what is in it, that its links hold, that it is the same each time, and that both adapters make the same pages."""

import filecmp
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from lerkb.cli import main
from lerkb.cli.build import load_config
from lerkb.project import Project
from lerkb.site.assembly import assemble
from lerkb.site.finder import RECORDS_FILE
from lerkb.site.offline import offline_zip
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests" / "sample"


@pytest.fixture(scope="module")
def sample(sample_site):
    """The built sample: here nobody asks for its records."""
    return sample_site


def page_set(site: Path) -> set[str]:
    return {file.relative_to(site).as_posix() for file in site.rglob("*.html")}


def files(site: Path) -> list[str]:
    return sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())


def read(site: Path, url: str) -> html.HtmlElement:
    return html.fromstring((site / url / "index.html").read_text(encoding="utf-8"))


def test_drafts_are_left_out_of_a_build(sample):
    assert not (sample / "use-cases" / "a-draft-case").exists()
    assert "A draft that is not published" not in (sample / "use-cases" / "index.html").read_text(encoding="utf-8")
    assert "a-draft-case" not in (sample / RECORDS_FILE).read_text(encoding="utf-8")


def test_a_retired_record_leads_to_its_successor(sample):
    page = (sample / "use-cases" / "an-old-case" / "index.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../../use-cases/card-leaves-the-bakery/">' in page
    assert "Joined with a fuller case." in page


def test_a_withdrawn_account_keeps_its_address_and_nothing_of_its_text(sample):
    page = (sample / "use-cases" / "a-withdrawn-account" / "index.html").read_text(encoding="utf-8")
    assert "took it back on 2026-11-04" in page
    assert not (sample / "use-cases" / "a-withdrawn-account" / "a-withdrawn-account.yaml").exists()


def test_each_record_page_offers_its_yaml(sample):
    for kind, name in (
        ("use-cases", "card-leaves-the-bakery"),
        ("pilots", "bakery-cards"),
        ("sources", "bakery-report"),
    ):
        written = (sample / kind / name / f"{name}.yaml").read_text(encoding="utf-8")
        assert f"id: {name}" in written
        assert f"{name}.yaml" in (sample / kind / name / "index.html").read_text(encoding="utf-8")


def test_contributed_text_is_escaped_and_markdown_is_cleaned(sample):
    source = (sample / "sources" / "bakery-report" / "index.html").read_text(encoding="utf-8")
    assert "A report on cards &amp; crumbs &lt; 3" in source
    overview = (sample / "overviews" / "what-was-counted" / "index.html").read_text(encoding="utf-8")
    assert "3 &lt; 4 &amp; more" in overview
    assert "<strong>counted</strong>" in overview


def test_without_repository_and_contact_no_link_needs_them(sample):
    everything = "".join(file.read_text(encoding="utf-8") for file in sample.rglob("*.html"))
    assert "mailto:" not in everything
    assert "/edit/main/" not in everything


def test_with_repository_and_contact_pages_link_to_them(tmp_path):
    base = tmp_path / "base"
    shutil.copytree(SAMPLE, base)
    config = base / "mkdocs.yml"
    text = config.read_text(encoding="utf-8").replace("repository: ''", "repository: https://example.org/repo/")
    config.write_text(text.replace("contact: ''", "contact: kb@example.org"), encoding="utf-8")
    assert main(["--root", str(base), "build", "--site-dir", str(tmp_path / "site")]) == 0
    page = (tmp_path / "site" / "use-cases" / "card-leaves-the-bakery" / "index.html").read_text(encoding="utf-8")
    assert "https://example.org/repo/edit/main/use_cases/card-leaves-the-bakery.yaml" in page
    assert "mailto:kb@example.org" in page


@pytest.mark.unmeasured
def test_the_same_input_gives_the_same_bytes_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sites = []
    for name in ("one", "a folder two"):
        base = tmp_path / name / "base"
        shutil.copytree(SAMPLE, base)
        assert main(["--root", str(base), "build"]) == 0
        sites.append(base / "site")
    assert files(sites[0]) == files(sites[1])
    # The archive of the sitemap carries the time in its header, by MkDocs' own doing; its content is the sitemap's.
    compared = [name for name in files(sites[0]) if not name.endswith(".gz")]
    match, mismatch, errors = filecmp.cmpfiles(*sites, compared, shallow=False)
    assert (mismatch, errors) == ([], [])
    assert match == compared


def problems_of_links(site: Path) -> list[str]:
    """Links and anchors inside the site that lead nowhere."""
    parsed = {name: html.fromstring((site / name).read_text(encoding="utf-8")) for name in page_set(site)}
    ids = {name: set(tree.xpath("//@id")) for name, tree in parsed.items()}
    problems = []
    for name, tree in parsed.items():
        if name == "404.html":
            continue  # served at any depth, so its links are absolute
        for link in tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src"):
            if urlsplit(link).scheme in ("http", "https", "mailto", "data", "javascript"):
                continue
            target = urlsplit(urljoin("/" + name, link))
            path = unquote(target.path).lstrip("/")
            path = f"{path}index.html" if path.endswith("/") or not path else path
            fragment = unquote(target.fragment)
            if not (site / path).is_file() or (fragment and path in ids and fragment not in ids[path]):
                problems.append(f"{name}: {link}")
    return problems


def test_every_link_and_anchor_of_the_sample_holds(sample):
    assert problems_of_links(sample) == []


def test_every_link_and_anchor_of_the_library_holds(library):
    assert problems_of_links(library) == []


def test_ids_are_unique_on_every_page(library):
    for name in page_set(library):
        ids = html.fromstring((library / name).read_text(encoding="utf-8")).xpath("//@id")
        assert len(ids) == len(set(ids)), name


def test_no_page_asks_anything_of_another_host(library):
    for file in library.rglob("*.html"):
        tree = html.fromstring(file.read_text(encoding="utf-8"))
        asked = tree.xpath(
            "//script/@src | //img/@src | //iframe/@src | //link[not(@rel='canonical')]/@href | //source/@src"
        )
        assert [link for link in asked if urlsplit(link).netloc] == [], file
    for file in (library / "assets").rglob("*.css"):
        for address in re.findall(r"url\(([^)]*)\)", file.read_text(encoding="utf-8")):
            assert not urlsplit(address.strip("'\"")).netloc, file


def test_a_reader_of_feeds_finds_the_feed_from_the_home_page(sample_site):
    for place in ("index.html", "data/index.html"):
        page = html.fromstring((sample_site / place).read_bytes())
        feeds = page.xpath("//link[@type='application/atom+xml']")
        (link,) = [feed.get("href") for feed in feeds if "alternate" in feed.get("rel").split()]
        assert ((sample_site / place).parent / link).resolve() == (sample_site / "data" / "feed.xml").resolve()
    assert (sample_site / "data" / "feed.xml").is_file()


def test_record_pages_stay_out_of_the_menu(library):
    tree = read(library, "")
    menu = tree.xpath("//nav[contains(@class, 'md-nav--primary')]//a/@href")
    assert len(set(menu)) <= 10


def test_use_case_pages_are_light(library):
    sizes = [file.stat().st_size for file in library.glob("use-cases/*/index.html")]
    assert max(sizes) <= 80 * 1024
    records = [
        file
        for kind in ("use-cases", "principles", "pilots", "sources", "overviews")
        for file in library.glob(f"{kind}/*/index.html")
    ]
    assert sum(file.stat().st_size for file in records) / len(records) <= 30 * 1024


def run_module(module: str, *args: str, cwd: Path) -> None:
    done = subprocess.run([sys.executable, "-m", module, *args], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_properdocs_builds_the_real_library_with_the_plugin(library, tmp_path):
    run_module(
        "properdocs",
        "build",
        "--quiet",
        "--config-file",
        str(ROOT / "mkdocs.yml"),
        "--site-dir",
        str(tmp_path / "site"),
        cwd=tmp_path,
    )
    assert page_set(tmp_path / "site") == page_set(library)


@pytest.mark.unmeasured
def test_zensical_builds_the_real_library_from_the_docs_tree(library, tmp_path):
    tree = tmp_path / "tree"
    assert main(["--root", str(ROOT), "export", "docs-tree", "-o", str(tree)]) == 0
    run_module("zensical", "build", cwd=tree)
    assert page_set(tree / "site") == page_set(library)


def test_every_page_says_what_it_may_load_and_run(library):
    for file in library.rglob("*.html"):
        policy = html.fromstring(file.read_text(encoding="utf-8")).xpath(
            "//meta[@http-equiv='Content-Security-Policy']/@content"
        )
        assert len(policy) == 1, file
        assert policy[0].startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy[0]


def test_what_the_search_loads_first_is_light(library):
    text = (library / RECORDS_FILE).read_text(encoding="utf-8")
    pages = json.loads(text.partition("=")[2])["pages"]
    records = [page for page in pages if re.match(r"(use-cases|principles|pilots)/.", page[0])]
    assert records
    assert all(title and kind and summary for _, title, kind, summary, *_ in records)
    assert len(gzip.compress(text.encode())) < 100_000


@pytest.mark.unmeasured
def test_the_offline_copy_is_whole_and_small(library, tmp_path):
    config = load_config(ROOT / "mkdocs.yml", library)
    site = assemble(
        validate(Project.at(ROOT)), SiteSettings.from_config(config.site_name, config.site_url, config.extra)
    )
    content = offline_zip(site, {name: (library / name).read_bytes() for name in files(library)})
    assert len(content) < 15_000_000
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(tmp_path)
    (copy,) = tmp_path.iterdir()
    assert page_set(copy) == page_set(library) - {"404.html"}
    assert problems_of_links(copy) == []
