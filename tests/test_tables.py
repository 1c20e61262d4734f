"""Rows of a table: which records and parts, and what stands in their columns."""

import pytest
from lxml import html

from lerkb import tables
from lerkb.project import Project
from lerkb.site.environment import environment
from lerkb.site.messages import Messages
from lerkb.site.tables import Cell, TableView
from lerkb.site.views import IN_SIGHT, Link
from lerkb.validation import validate


@pytest.fixture
def base(make_project):
    return validate(Project.at(make_project())).base


def ids(base, **table):
    return [row.part["id"] if row.part else row.record.id for row in tables.rows(base, {"caption": "…", **table})]


def test_records_are_chosen_by_a_field_or_a_tag_and_by_one_of_several_values(base):
    assert ids(base, kind="pilot", where={"pilot_status": "running"}) == ["near-count"]
    assert ids(base, kind="pilot", where={"places": "us-az"}) == ["bakery-cards"]
    assert set(ids(base, kind="pilot", where={"pilot_status": ["running", "completed"]})) == {
        "near-count",
        "paper-study",
        "bakery-cards",
    }


def test_parts_are_chosen_by_their_own_fields(base):
    found = ids(base, kind="pilot", part="findings", where={"places": "us-az"}, part_where={"state": "opinion"})
    assert found == ["view"]


def test_a_column_is_found_in_the_part_before_the_record(base):
    assert tables.find_column(base.schemas, "pilot", "findings", "state").of_part
    assert tables.find_column(base.schemas, "pilot", "findings", "period").names == ("period",)
    assert tables.find_column(base.schemas, "pilot", "", "places").names == ("tags", "places")
    assert tables.find_column(base.schemas, "pilot", "", "state") is None


def test_a_finding_is_marked_in_its_own_right_and_a_gap_by_its_record(base):
    marks = {
        row.part["id"]: tables.marks(base, row).strength.name
        for part in ("findings", "gaps")
        for row in tables.rows(base, {"kind": "pilot", "part": part, "where": {"places": "us-az"}})
    }
    assert marks["bakers"] == "measured-self"
    assert marks["view"] == "argued"
    assert marks["no-outcome"] == "measured-self"


@pytest.mark.parametrize(("kind", "part", "field"), [("use-case", "harms", "what"), ("principle", "practices", "do")])
def test_the_sentence_of_a_part_is_its_first_text(base, kind, part, field):
    assert part in tables.parts_of(base.schemas, kind)
    assert tables.sentence_field(base.schemas, kind, part) == field


def shown(table):
    """A table as a page shows it."""
    template = environment().from_string('{% import "parts/macros.html" as m %}{{ m.table(view, t) }}')
    return html.fromstring(f"<div>{template.render(view=table, t=Messages.load('en'))}</div>")


ROWS = tuple((Link(f"Record {n}", f"r{n}/"), (Cell(f"cell {n}"),)) for n in range(50))
PARTS = tuple((f"Part {n}.", Link(f"Record {n}", f"r{n}/")) for n in range(50))


def test_a_table_that_is_a_little_longer_stays_in_one_piece():
    table = TableView("Rows", heads=("Record", "Cell"), rows=ROWS[: IN_SIGHT * 3 // 2])
    assert table.pieces == (table,)
    assert shown(table).xpath("//details") == []


def test_the_rest_of_a_long_table_is_folded_with_its_caption_and_heads():
    page = shown(TableView("Rows", heads=("Record", "Cell"), rows=ROWS))
    first, rest = page.xpath("//table")
    assert [len(part.xpath("tbody/tr")) for part in (first, rest)] == [IN_SIGHT, 50 - IN_SIGHT]
    assert page.xpath("//table//a/@href") == [f"r{n}/" for n in range(50)]
    assert [part.findtext("caption") for part in (first, rest)] == ["Rows", "Rows (continued)"]
    assert first.xpath("thead//th/text()") == rest.xpath("thead//th/text()") == ["Record", "Cell"]
    (folded,) = page.xpath("//details")
    assert folded.findtext("summary") == "Show the other 30"
    assert "open" not in folded.attrib
    assert folded.xpath(".//table") == [rest]
    assert len(set(page.xpath("//*[@role='region']/@aria-label"))) == 2


def test_the_rest_of_a_long_list_of_parts_is_folded_under_one_heading():
    page = shown(TableView("Parts", parts=PARTS))
    assert page.xpath("//h3/text()") == ["Parts"]
    assert [len(part.xpath("li")) for part in page.xpath("//ul")] == [IN_SIGHT, 50 - IN_SIGHT]
    assert page.xpath("//details/ul//a/@href") == [f"r{n}/" for n in range(IN_SIGHT, 50)]


def test_a_table_without_rows_says_so():
    page = shown(TableView("Nothing", heads=("Record",)))
    assert page.xpath("//h3/text()") == ["Nothing"]
    assert page.xpath("//p/text()") == ["None found"]
