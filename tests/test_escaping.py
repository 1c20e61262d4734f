"""Whatever text a record holds, every page and file shows it as text: nothing of a contributor's making becomes an element, an attribute or a script.

The sample is built twice, once with harmless words in every free text of every record and once with an attack in their place, past the
checks that would refuse it. The two sites must have the same elements with the same attributes, page by page.
"""

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree, html
from markdown import markdown

from conftest import unmeasured
from lerkb.cli import main
from lerkb.project import Project
from lerkb.schemas import enumeration
from lerkb.validation import Validation, load_sources

SAMPLE = Path(__file__).parent / "sample"
WORDS = "plain words of no harm"
ATTACKS = {
    "elements": "<script>alert(1)</script><img src=x onerror=alert(1)><b>b</b>",
    "ends": "</title></textarea></script></style>--><!-- ]]><svg onload=alert(1)>",
    "attributes": "\"'><i onmouseover=alert(1) x=\"' onfocus=alert(1) autofocus y='",
    "templates": "{{ 7*7 }}{% raw %}{# x #}${7*7}<%= 7*7 %>&lt;script&gt;&#60;i&#62;",
    "markdown": "[a](javascript:alert(1)) ![b](x) **c** `d` <http://e.example>\u2028# f",
}
#: Texts that are looked up, so that another would be another record's business.
LOOKED_UP = ("reference", "citation", "identifier", "local-id", "local-reference", "address", "table", "markdown")


def free_texts(schemas, kind):
    """The patterns of fields whose text may be anything. Text in Markdown is cleaned, not escaped, and has tests of its own."""
    for spec in schemas.specs(kind):
        bound = {"pattern", "format", "const", "enum", "x-vocabulary"} & set(spec.schema) or enumeration(spec.schema)
        if spec.schema.get("type") == "string" and not bound and not any(role in LOOKED_UP for role in spec.roles):
            yield spec.pattern


def with_text(value, patterns, text, place=(), number=None):
    """A copy of data with a text, numbered to differ from all others, in the place of each that may be anything."""
    number = number if number is not None else iter(range(10_000))
    if isinstance(value, dict):
        return {name: with_text(child, patterns, text, (*place, name), number) for name, child in value.items()}
    if isinstance(value, list):
        return [with_text(child, patterns, text, (*place, "*"), number) for child in value]
    return f"{next(number)} {text}" if isinstance(value, str) and place in patterns else value


def site_with(text, folder, schemas):
    """The sample, its documents tree beside it, with a text everywhere."""
    root = folder / "base"
    shutil.copytree(SAMPLE, root)
    for source in load_sources(Project.at(SAMPLE)):
        data = with_text(source.data, set(free_texts(schemas, source.kind)), text)
        (root / source.path).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert main(["--root", str(root), "build", "--site-dir", str(folder / "site")]) == 0
    assert main(["--root", str(root), "export", "docs-tree", "-o", str(folder / "tree")]) == 0
    return folder


@pytest.fixture(scope="module")
def unguarded():
    """Builds go on whatever the checks say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Validation, "has_errors", property(lambda self: False))
        yield


@pytest.fixture(scope="module")
def harmless(unguarded, tmp_path_factory, schemas):
    with unmeasured():
        return site_with(WORDS, tmp_path_factory.mktemp("harmless"), schemas)


@pytest.fixture(scope="module", params=ATTACKS, ids=list(ATTACKS))
def attacked(request, unguarded, tmp_path_factory, schemas):
    with unmeasured():
        return site_with(ATTACKS[request.param], tmp_path_factory.mktemp("attacked"), schemas)


def structure(text):
    """How often each element with each set of attributes stands in a page, and what its scripts and links are."""
    tree = html.fromstring(text)
    found = Counter((node.tag, tuple(sorted(node.attrib))) for node in tree.iter() if isinstance(node.tag, str))
    schemes = Counter(
        link.partition(":")[0].lower() for link in tree.xpath("//@href | //@src | //@action") if re.match(r"\w+:", link)
    )
    return found, schemes, len(tree.xpath("//comment()"))


def test_most_texts_of_records_are_replaced(schemas):
    counted = Counter(kind for kind in schemas.kinds for _ in free_texts(schemas, kind))
    assert all(counted[kind] > 2 for kind in ("use-case", "principle", "pilot", "source", "term", "overview"))


def test_a_page_has_no_element_or_attribute_more(harmless, attacked):
    pages = sorted((harmless / "site").rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        other = attacked / page.relative_to(harmless)
        assert structure(other.read_text("utf-8")) == structure(page.read_text("utf-8")), page.relative_to(harmless)


def test_a_page_of_the_documents_tree_has_no_element_or_attribute_more(harmless, attacked):
    pages = sorted((harmless / "tree" / "docs").rglob("*.md"))
    assert len(pages) > 30
    for page in pages:
        other = attacked / page.relative_to(harmless)
        one, two = (markdown(file.read_text("utf-8").split("\n---\n", 1)[-1]) for file in (page, other))
        assert structure(f"<div>{two}</div>") == structure(f"<div>{one}</div>"), page.relative_to(harmless)


def test_data_files_can_be_read(harmless, attacked):
    met = Counter()
    for file in sorted((attacked / "site").rglob("*")):
        text = file.read_text("utf-8") if file.suffix in (".json", ".jsonld", ".xml", ".js") else ""
        if file.suffix in (".json", ".jsonld"):
            json.loads(text)
        elif file.suffix == ".xml":
            etree.fromstring(text.encode())
        elif "records" in file.name and file.suffix == ".js":
            json.loads(text[text.index("=") + 1 :].strip().removesuffix(";"))  # it holds data and no code
        met[file.suffix] += bool(text)
    assert met[".json"] > 5
    assert met[".js"] > 2
    assert met[".xml"] > 0
    for page in (attacked / "site").rglob("*.html"):
        for script in html.fromstring(page.read_text("utf-8")).xpath("//script[contains(@type, 'json')]"):
            json.loads(script.text)


def test_no_cell_of_a_table_is_a_formula(attacked):
    for file in (attacked / "site").rglob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                assert not [cell for cell in row if re.match(r"[=@\t\r]|[+-][^\d.]", cell)], file.name
