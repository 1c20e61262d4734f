"""Rows of a table: which records and parts, and what stands in their columns."""

import pytest

from lerkb import tables
from lerkb.project import Project
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
