"""What others take away: complete, readable by what it is made for, and the same each time."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lerkb.exports import Origin, exports
from lerkb.exports.citations import apa, bibtex, csl_item
from lerkb.project import Project
from lerkb.site.assembly import origin_of
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

ATOM = "{http://www.w3.org/2005/Atom}"
SETTINGS = SiteSettings("Sample records", "https://example.org/kb")


@pytest.fixture
def base(make_project):
    return validate(Project.at(make_project())).base.without_drafts()


def files(base, name, settings=SETTINGS):
    made = next(item for item in exports() if item.name == name)
    return made.run(base, origin_of(base, settings))


@pytest.mark.parametrize("item", exports(), ids=lambda item: item.name)
def test_each_export_says_what_it_is_and_is_the_same_each_time(item, base):
    assert item.title
    assert item.description
    origin = origin_of(base, SETTINGS)
    assert item.run(base, origin) == item.run(base, origin)


@pytest.mark.parametrize("item", [item for item in exports() if item.name != "archive"], ids=lambda item: item.name)
def test_files_of_the_sample(item, base, golden):
    for name, content in item.run(base, origin_of(base, SETTINGS)).items():
        golden(f"exports/{name}", content.replace("\r\n", "\n"))


def test_json_holds_every_record_whole_and_no_draft(base):
    whole = {name: json.loads(text) for name, text in files(base, "json").items()}
    held = {(file["kind"], item["data"]["id"]): item for file in whole.values() for item in file["records"]}
    assert set(held) == {(record.kind, record.id) for record in base}
    assert all(held[record.kind, record.id]["data"] == record.data for record in base)
    assert held["use-case", "card-leaves-the-bakery"]["marks"]["strength"] == "measured-self"
    assert (
        held["use-case", "card-leaves-the-bakery"]["url"] == "https://example.org/kb/use-cases/card-leaves-the-bakery/"
    )
    assert ("use-case", "a-draft-case") not in held


def rows(text):
    """The rows of a table, read as a program does that is told of the byte order mark."""
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"))))


def header(text):
    return next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def csv_tables(base):
    return {name: text for name, text in files(base, "csv").items() if name.endswith(".csv")}


def test_csv_has_a_row_for_each_record_and_for_each_part(base):
    tables = files(base, "csv")
    assert {row["id"] for row in rows(tables["pilots.csv"])} == {r.id for r in base if r.kind == "pilot"}
    findings = {(row["record_id"], row["id"]): row for row in rows(tables["pilots-findings.csv"])}
    assert findings["bakery-cards", "bakers"]["state"] == "measured"
    assert findings["bakery-cards", "bakers"]["sources"] == "bakery-report"
    assert findings["bakery-cards", "bakers"]["strength"] == "measured-self"
    assert next(row for row in rows(tables["use-cases.csv"]) if row["id"] == "card-leaves-the-bakery")["situation_who"]


def test_a_spreadsheet_is_told_that_a_table_is_in_utf_8(base):
    for name, text in csv_tables(base).items():
        assert text.startswith("\ufeff"), name
        assert text.count("\ufeff") == 1, name


@pytest.mark.unmeasured
def test_no_table_has_two_columns_of_a_name():
    """Of the library, whose records fill more tables than the sample’s."""
    base = validate(Project.at(Path(__file__).parent.parent)).base
    tables = csv_tables(base)
    assert len(tables) > 20
    for name, text in tables.items():
        assert not [column for column, times in Counter(header(text)).items() if times > 1], name


def test_metadata_of_the_tables_name_each_column_its_key_and_the_license(base):
    told = json.loads(files(base, "csv")["csv-metadata.json"])
    assert told["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    schemas = {table["url"]: table["tableSchema"] for table in told["tables"]}
    tables = csv_tables(base)
    assert set(schemas) == set(tables)
    for name, text in tables.items():
        assert [column["titles"] for column in schemas[name]["columns"]] == header(text), name
        keys = [tuple(row[column] for column in schemas[name].get("primaryKey", ())) for row in rows(text)]
        assert len(set(keys)) == len(keys) or not keys[0], name
        for leads in schemas[name].get("foreignKeys", ()):
            whole = {row["id"] for row in rows(tables[leads["reference"]["resource"]])}
            assert {row[leads["columnReference"]] for row in rows(text)} <= whole, name
    columns = {column["name"]: column for column in schemas["pilots-findings.csv"]["columns"]}
    assert columns["sources"]["separator"] == "; "
    assert columns["state"]["dc:description"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_a_table_is_run_as_a_formula(make_project, start):
    title = json.dumps(f"{start}HYPERLINK(1)")
    source = f"id: case\ntitle: {title}\nstatus: published\nurl: https://example.org/\n"
    source += "type: report\npublisher: Sample Institute\ninterest: self\nread: whole\nlast_checked: '2026-11-01'\n"
    base = validate(Project.at(make_project({"content/sources/case.yaml": source}))).base
    text = files(base, "csv")["sources.csv"]
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert f"'{start}HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_linked_data_names_only_what_is_in_it_or_on_the_site(base):
    graph = json.loads(files(base, "jsonld")["records.jsonld"])
    ids = {node["id"] for node in graph["@graph"]}
    assert len(ids) == len(graph["@graph"])
    for node in graph["@graph"]:
        assert set(node) <= set(graph["@context"])
        cited = node.get("citation", []) + node.get("hasPart", []) + ([node["isPartOf"]] if "isPartOf" in node else [])
        assert set(cited) <= ids


def test_linked_data_says_what_is_part_of_it_and_under_which_license(base):
    graph = json.loads(files(base, "jsonld")["records.jsonld"])["@graph"]
    whole = next(node for node in graph if node["type"] == "schema:Dataset")
    assert whole["id"] == "https://example.org/kb/data/"
    assert whole["license"] == "https://creativecommons.org/licenses/by/4.0/"
    parts = {node["identifier"] for node in graph if node.get("isPartOf") == whole["id"]}
    assert parts == {record.id for record in base if record.kind != "source"}, "a document is not ours"


def test_linked_data_without_an_address_has_urns(base):
    graph = json.loads(files(base, "jsonld", SiteSettings("Sample records"))["records.jsonld"])["@graph"]
    assert all(node["id"].startswith("urn:lerkb:") for node in graph)


def test_the_feed_has_what_a_reader_of_feeds_needs(base):
    feed = ET.fromstring(files(base, "atom")["feed.xml"])  # noqa: S314 - made here
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(element.find(ATOM + name).text for name in ("id", "title", "updated"))
    assert feed.find(ATOM + "rights").text == "https://creativecommons.org/licenses/by/4.0/"
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["alternate", "self", "license"]
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]
    assert links
    assert all(link.startswith("https://example.org/kb/") for link in links)
    updated = [entry.find(f"{ATOM}updated").text for entry in feed.iter(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)


def test_citations_of_a_document_and_of_a_record(base):
    origin = origin_of(base, SETTINGS)
    document = csl_item(base.get("source", "bakery-report"), origin)
    assert document["publisher"] == "Sample Bakery"
    case = csl_item(base.get("use-case", "card-leaves-the-bakery"), origin)
    assert case["URL"] == "https://example.org/kb/use-cases/card-leaves-the-bakery/"
    assert apa(case).startswith("Sample records. (2026, November")
    assert bibtex(case).startswith("@misc{use-case-card-leaves-the-bakery,\n")
    assert "  author = {{Sample records}},\n" in bibtex(case)
    assert "  howpublished = {Sample Bakery},\n" in bibtex(document)


def test_records_of_two_kinds_that_share_an_id_are_cited_under_two(make_project):
    source = "id: bakery-cards\ntitle: A page\nstatus: published\nurl: https://example.org/\n"
    source += "type: report\npublisher: Sample Institute\ninterest: self\nread: whole\nlast_checked: '2026-11-01'\n"
    base = validate(Project.at(make_project({"content/sources/bakery-cards.yaml": source}))).base
    ids = [item["id"] for item in json.loads(files(base, "citations")["citations.csl.json"])]
    assert {"pilot-bakery-cards", "source-bakery-cards"} <= set(ids)
    assert len(set(ids)) == len(ids)


def test_signs_of_bibtex_are_written_out_in_names_too():
    item = {"id": "x", "title": "T", "author": [{"literal": "Brick & Mortar {Inc}"}]}
    assert r"  author = {{Brick \& Mortar \{Inc\}}}," in bibtex(item)


@pytest.mark.parametrize(
    ("who", "title", "told"),
    [
        ("A. Body", "Is it so?", "A. Body. (n.d.). Is it so?"),
        ("Sample Inc.", "It is so", "Sample Inc. (n.d.). It is so."),
        ("Sample Inc.", "“Is it so?”", "Sample Inc. (n.d.). “Is it so?”"),
    ],
)
def test_a_sentence_of_a_citation_ends_once(who, title, told):
    assert apa({"title": title, "publisher": who}) == told


def test_signs_of_bibtex_are_written_out():
    assert r"title = {50\% of A\&B \{x\}}" in bibtex({"id": "x", "title": "50% of A&B {x}"})


def test_the_archive_holds_everything_and_its_name_tells_the_content(base):
    ((name, content),) = files(base, "archive").items()
    held = zipfile.ZipFile(io.BytesIO(content))
    assert {"use-cases.json", "pilots-findings.csv", "feed.xml", "schemas/use-case.schema.json"} <= set(held.namelist())
    assert held.testzip() is None
    ((other, _),) = files(base, "archive", SiteSettings("Another name")).items()
    assert name != other
    assert name.startswith("records-2026-")


def test_without_settings_an_export_knows_no_address():
    assert Origin("Records").url("use-case", "x") == ""
