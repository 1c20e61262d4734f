"""Records together: references, backlinks, facets, marks."""

import pytest

from lerkb import strength
from lerkb.knowledge_base import KnowledgeBase
from lerkb.project import Project
from lerkb.records import Record
from lerkb.validation import validate


@pytest.fixture
def base(sample):
    return sample.base


def test_records_are_had_by_kind_and_id(base):
    assert base.get("term", "wallet").title == "Wallet"
    assert base.get("pilot", "wallet") is None
    assert len(base) == len(list(base))


def test_retired_records_are_in_no_list_but_are_still_had(base):
    assert base.get("use-case", "an-old-case").status == "retired"
    assert "an-old-case" not in {record.id for record in base.of("use-case")}


def test_principles_are_listed_by_number_and_others_by_title(base):
    assert [record.data["number"] for record in base.of("principle")] == [1, 2]
    titles = [record.title.casefold() for record in base.of("term")]
    assert titles == sorted(titles)
    assert base.of("poem") == ()


def test_drafts_are_left_out_of_what_is_published(base):
    assert base.get("use-case", "a-draft-case").is_draft
    published = base.without_drafts()
    assert published.get("use-case", "a-draft-case") is None
    assert len(published) == len(base) - 1


def test_a_reference_is_written_as_in_the_file(base):
    record = base.get("use-case", "card-leaves-the-bakery")
    written = [reference.written for reference in base.references_of(record)]
    assert "say-no" in written
    assert "bakery-cards#bakers" in written


def test_who_names_a_record_is_known_without_those_that_are_retired(base):
    pilot = base.get("pilot", "bakery-cards")
    origins = {reference.origin.id for reference in base.backlinks(pilot)}
    assert {"card-leaves-the-bakery", "say-no", "what-was-counted"} <= origins
    assert "an-old-case" not in origins
    assert base.backlinks(base.get("use-case", "card-leaves-the-bakery")) == ()


def test_who_cites_one_part_is_known(base):
    pilot = base.get("pilot", "bakery-cards")
    assert {reference.origin.id for reference in base.cited_by(pilot, "voices-heard")} == {
        "card-leaves-the-bakery",
        "a-draft-case",
    }
    assert base.cited_by(pilot, "view") == ()


def test_a_vocabulary_s_values_keep_their_own_order(base):
    assert list(base.vocabulary("places")) == ["us", "us-az"]


def test_a_vocabulary_without_a_file_is_read_from_the_schema(make_project):
    base = validate(Project.at(make_project({"content/vocabularies/stages.yaml": None}))).base
    assert base.get("vocabulary", "stages") is None
    assert "earn" in base.vocabulary("stages")
    assert base.vocabulary("nothing") == {}


def test_a_tag_counts_once_however_often_it_stands_in_a_record(base):
    record = base.get("use-case", "card-leaves-the-bakery")
    facets = list(base.facets(record))
    assert ("stages", "earn") in facets  # in a step and among the tags
    assert len(facets) == len(set(facets))


def test_records_are_found_by_tag_and_kind(base):
    everything = {record.id for record in base.tagged("sectors", "baking")}
    assert {"card-leaves-the-bakery", "bakery-cards"} <= everything
    assert {record.kind for record in base.tagged("sectors", "baking", "pilot")} == {"pilot"}
    assert base.tagged("sectors", "mining") == ()


def test_findings_and_gaps_are_had_by_citation(base):
    pilot, finding = base.finding("bakery-cards#bakers")
    assert (pilot.id, finding["text"]) == ("bakery-cards", "Twelve bakers took a card.")
    assert base.gap("bakery-cards#no-outcome")[1]["type"] == "outcome"
    for nowhere in ("bakery-cards#nothing", "nobody#bakers", "bakery-cards"):
        assert base.finding(nowhere) is None


@pytest.mark.parametrize(
    ("claim", "rung", "effect"),
    [
        ("few-bakers", strength.MEASURED_BY_ITSELF, "not-known"),
        ("cards-exist", strength.DONE, "not-known"),
        ("paper-helped", strength.ARGUED, "not-known"),
        ("gap-larger", strength.MEASURED_INDEPENDENTLY, "widens"),
        ("someone-must-read", strength.REASONED, "not-known"),
    ],
)
def test_the_marks_of_a_claim(claim, rung, effect, base):
    record = base.get("use-case", "card-leaves-the-bakery")
    marks = base.claim_marks(record.parts("claims")[claim])
    assert (marks.strength, marks.effect) == (rung, effect)


def test_findings_that_merely_agree_do_not_set_the_marks(base):
    claim = base.get("use-case", "card-leaves-the-bakery").parts("claims")["few-bakers"]
    assert "bakery-cards#more-bakers" in claim["also"]
    assert base.claim_marks(claim).decided_by == ("bakery-cards#bakers",)


def test_the_marks_of_a_record_are_its_main_claim_s(base):
    record = base.get("use-case", "card-leaves-the-bakery")
    assert base.marks(record).strength == strength.MEASURED_BY_ITSELF
    assert base.marks(base.get("term", "wallet")) is None


def test_the_marks_of_a_pilot_are_those_of_its_strongest_result(base):
    best = base.strongest_result(base.get("pilot", "bakery-cards"))
    assert best.citation == "bakery-cards#bakers"
    assert base.marks(base.get("pilot", "bakery-cards")).strength == strength.MEASURED_BY_ITSELF
    assert base.marks(base.get("pilot", "paper-study")).strength == strength.ARGUED


def test_a_pilot_without_results_has_no_marks(base):
    pilot = base.get("pilot", "bakery-cards")
    silent = [finding for finding in pilot.data["findings"] if finding["about"] not in base.result_topics]
    assert silent
    record = Record("pilot", "silent", "content/pilots/silent.yaml", {**pilot.data, "findings": silent})
    assert KnowledgeBase([record], base.schemas).marks(record) is None


def test_claims_are_counted_by_rung(base):
    rungs = base.rungs(base.get("use-case", "card-leaves-the-bakery"))
    assert sum(rungs.values()) == 5
    assert rungs[strength.REASONED] == 1


def test_the_second_of_two_records_with_one_id_is_kept_aside(base):
    record = base.get("term", "wallet")
    other = Record("term", "wallet", "content/glossary/wallet.yml", record.data)
    made = KnowledgeBase([record, other], base.schemas)
    assert made.get("term", "wallet") is record
    assert made.duplicates == {("term", "wallet"): [other]}


def test_a_withdrawn_account_has_its_id_for_a_title(base):
    record = base.get("use-case", "a-withdrawn-account")
    assert record.withdrawn
    assert record.title == "a-withdrawn-account"
    assert record.successor is None
    assert record.parts("claims") == {}


def test_a_retired_record_names_its_successor(base):
    assert base.get("use-case", "an-old-case").successor == "card-leaves-the-bakery"


def test_the_version_is_that_of_the_data_and_not_of_the_layout(base):
    record = base.get("term", "badge")
    same = Record("term", "badge", "elsewhere.yaml", dict(reversed(list(record.data.items()))))
    other = Record("term", "badge", record.path, {**record.data, "summary": "Another."})
    assert same.version == record.version
    assert other.version != record.version
