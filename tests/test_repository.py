"""The real records: valid, in step, and as full as the library promises to be."""

import re
from pathlib import Path

import pytest

from lerkb.diagnostics import Severity
from lerkb.formatting import format_record
from lerkb.project import KIND_FOLDERS, Project
from lerkb.schemas import Schemas
from lerkb.validation import load_sources, validate

ROOT = Path(__file__).parent.parent
HIGHEST_GRADE = 8.0


@pytest.fixture(scope="module")
def validation():
    return validate(Project.at(ROOT))


@pytest.fixture(scope="module")
def base(validation):
    return validation.base


def test_the_records_are_in_order(validation):
    assert [
        f"{item.path}:{item.line}: {item.code} {item.message}"
        for item in validation.diagnostics
        if item.severity is not Severity.NOTE
    ] == []


@pytest.mark.unmeasured
def test_the_records_are_laid_out_in_one_way():
    schemas = Schemas.load(ROOT / "schemas")
    others = [
        source.path
        for source in load_sources(Project.at(ROOT))
        if format_record(source.text, source.kind, schemas) != source.text
    ]
    assert others == [], "run `lerkb format`"


def test_the_first_shelf_is_full(base):
    assert [record.data["number"] for record in base.of("principle")] == list(range(1, 18))
    assert len(base.of("use-case")) >= 16
    assert len(base.of("pilot")) >= 45
    assert len(base.of("term")) >= 75
    assert base.of("overview")


def test_each_record_names_its_schema_for_editors(validation):
    for source in validation.sources.values():
        depth = "../" * KIND_FOLDERS[source.kind].count("/") + "../"
        expected = f"# yaml-language-server: $schema={depth}schemas/{source.kind}.schema.json"
        assert source.text.split("\n", 1)[0] == expected, source.path


def test_each_finding_that_a_claim_cites_was_checked_again(base):
    unchecked = {
        citation
        for kind in ("use-case", "principle", "overview")
        for record in base.of(kind)
        for claim in record.data.get("claims", ())
        for citation in claim.get("findings", ())
        if "checked" not in base.finding(citation)[1]
    }
    assert unchecked == set()


def test_each_measured_finding_says_who_counted(base):
    silent = [
        f"{pilot.id}#{finding['id']}"
        for pilot in base.of("pilot")
        for finding in pilot.data["findings"]
        if finding["state"] == "measured" and "counted_by" not in finding
    ]
    assert silent == []


def test_each_alleged_finding_says_how_it_ended(base):
    silent = [
        f"{pilot.id}#{finding['id']}"
        for pilot in base.of("pilot")
        for finding in pilot.data["findings"]
        if finding["state"] == "alleged" and "how_it_ended" not in finding
    ]
    assert silent == []


def test_each_use_case_speaks_to_six_readers_and_keeps_both_ledgers(base):
    for record in base.of("use-case"):
        assert len(record.data["readers"]) == 6, record.id
        for field in ("gains", "harms", "principles", "gaps", "race", "workers_said", "steps", "ask_before_copying"):
            assert record.data.get(field), f"{record.id} has no {field}"


def test_each_claim_is_used(base):
    for kind in ("use-case", "principle", "overview"):
        for record in base.of(kind):
            used = {
                value
                for _, value, spec in base.schemas.values(kind, record.data, "local-reference")
                if spec.schema["x-part"] == "claims"
            }
            assert set(record.parts("claims")) == used, record.id


def test_some_use_cases_warn(base):
    tones = [record.data["reads_as"] for record in base.of("use-case")]
    assert tones.count("warning") >= len(tones) / 4


def test_nothing_claims_a_review_that_did_not_happen(base):
    for record in base:
        review = record.data.get("review", {})
        assert review.get("lived_experience", "none") == "none", record.id
        assert record.data.get("came_about", "desk-research") == "desk-research", record.id


def syllables(word: str) -> int:
    """An estimate of the syllables of an English word: groups of vowels, less a silent e."""
    word = re.sub(r"[^a-z]", "", word.casefold())
    count = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    if (
        word.endswith(("es", "ed"))
        and not word.endswith(("ted", "ded", "ses", "zes", "ces", "ges", "shes", "ches", "xes", "les"))
        and count > 1
    ):
        count -= 1
    return max(count, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    words = re.findall(r"[A-Za-z][A-Za-z’'-]*", text)
    sentences = max(1, len(re.findall(r"[.?!:]+(?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_tells_plain_words_from_others():
    assert grade("You can say no. It is your card. Keep it safe.") < 3
    assert (
        grade(
            "Interoperable credential ecosystems necessitate verification infrastructure accommodating heterogeneous stakeholders."
        )
        > 16
    )


def test_what_workers_read_is_at_or_below_the_eighth_grade(base):
    texts = {record.id: record.data["readers"]["worker"]["text"] for record in base.of("use-case")}
    texts |= {record.id: record.data["summary"] for record in base.of("principle")}
    assert {name: round(grade(text), 1) for name, text in texts.items() if grade(text) > HIGHEST_GRADE} == {}


BRITISH = re.compile(
    r"\b(organis\w*|recognis\w*|programmes?|licences?|centres?|behaviour\w*|labour|colour\w*|favour\w*|defence|cheque|enrol|fulfil|judgement|whilst)\b",
    re.IGNORECASE,
)


def test_records_are_in_american_spelling(base):
    found = []
    for record in base:
        for place, text, _ in base.schemas.values(record.kind, record.data, "prose"):
            if isinstance(text, str) and record.kind not in ("source", "vocabulary"):
                found += [f"{record.path} {place}: {match[0]}" for match in BRITISH.finditer(text)]
    assert found == []
