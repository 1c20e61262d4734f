"""Every row of the rule that computes the two marks."""

import itertools

import pytest

from lerkb import strength
from lerkb.project import Project
from lerkb.schemas import enumeration
from lerkb.strength import (
    ARGUED,
    DONE,
    LADDER,
    MEASURED_BY_ITSELF,
    MEASURED_INDEPENDENTLY,
    NOT_KNOWN,
    OBSERVED,
    PASSED_ON,
    REASONED,
    grade,
    marks_of,
    rung_of,
)
from lerkb.validation import validate


def test_the_ladder_goes_from_counted_to_thought():
    assert [rung.level for rung in LADDER] == [6, 5, 4, 3, 2, 1, 0]
    assert sorted(LADDER, reverse=True) == list(LADDER)
    assert LADDER[0] == MEASURED_INDEPENDENTLY
    assert LADDER[-1] == REASONED


@pytest.mark.parametrize(
    ("finding", "rung"),
    [
        ({"state": "measured", "counted_by": "independent"}, MEASURED_INDEPENDENTLY),
        ({"state": "measured", "counted_by": "self"}, MEASURED_BY_ITSELF),
        ({"state": "measured", "counted_by": "unknown"}, PASSED_ON),
        ({"state": "measured"}, PASSED_ON),
        ({"state": "measured", "counted_by": "independent", "told_by": "a newspaper"}, PASSED_ON),
        ({"state": "measured", "counted_by": "self", "told_by": "a newspaper"}, PASSED_ON),
        ({"state": "observed"}, OBSERVED),
        ({"state": "observed", "told_by": "a newspaper"}, PASSED_ON),
        ({"state": "done"}, DONE),
        ({"state": "done", "told_by": "a newspaper"}, DONE),
        ({"state": "alleged"}, PASSED_ON),
        ({"state": "planned"}, PASSED_ON),
        ({"state": "opinion"}, ARGUED),
    ],
)
def test_the_rung_of_a_finding(finding, rung):
    assert rung_of(finding) is rung


def test_every_state_that_the_schema_allows_has_a_rung(schemas):
    states = enumeration(schemas.described("pilot", ("findings", 0, "state")))
    counters = [*enumeration(schemas.described("pilot", ("findings", 0, "counted_by"))), None]
    for state, counter in itertools.product(states, counters):
        assert rung_of({"state": state} | ({"counted_by": counter} if counter else {})) in LADDER


COUNT = {"state": "measured", "counted_by": "independent", "disparity": "narrows"}


@pytest.mark.parametrize(
    ("nearness", "bearing", "analogy"),
    [
        ("direct", None, False),
        ("near", None, False),
        ("analogy", None, True),
        ("direct", "near", False),
        ("direct", "analogy", True),
        ("near", "analogy", True),
        ("analogy", "near", True),  # a claim cannot bring an analogy nearer
    ],
)
def test_an_analogy_counts_as_an_argument_and_says_nothing_of_disparities(nearness, bearing, analogy):
    graded = grade("a#b", COUNT, nearness, bearing)
    assert graded.own == MEASURED_INDEPENDENTLY
    assert graded.analogy is analogy
    assert graded.counts_as == (ARGUED if analogy else MEASURED_INDEPENDENTLY)
    assert graded.effect == (None if analogy else "narrows")


@pytest.mark.parametrize(
    ("finding", "nearness", "rung"),
    [
        ({"state": "measured", "counted_by": "independent"}, "direct", PASSED_ON),
        ({"state": "measured", "counted_by": "self"}, "near", PASSED_ON),
        ({"state": "observed"}, "direct", PASSED_ON),
        ({"state": "done"}, "direct", PASSED_ON),
        ({"state": "planned"}, "direct", PASSED_ON),
        ({"state": "opinion"}, "direct", ARGUED),
        ({"state": "measured", "counted_by": "independent"}, "analogy", ARGUED),
    ],
)
def test_a_finding_whose_documents_are_gone_is_passed_on_by_us(finding, nearness, rung):
    graded = grade("a#b", {**finding, "disparity": "narrows"}, nearness, gone=True)
    assert graded.counts_as == rung
    assert graded.own == rung_of(finding)
    assert graded.gone
    assert graded.effect is None


def test_an_analogy_lifts_nothing():
    assert grade("a#b", {"state": "opinion"}, "analogy").counts_as == ARGUED


@pytest.mark.parametrize(
    ("finding", "heard"),
    [
        ({"state": "measured", "counted_by": "independent"}, True),
        ({"state": "measured", "counted_by": "self"}, True),
        ({"state": "observed"}, True),
        ({"state": "measured"}, False),
        ({"state": "observed", "told_by": "a newspaper"}, False),
        ({"state": "done"}, False),
        ({"state": "alleged"}, False),
        ({"state": "planned"}, False),
        ({"state": "opinion"}, False),
    ],
)
def test_only_what_was_counted_or_observed_says_something_of_disparities(finding, heard):
    assert grade("a#b", {**finding, "disparity": "widens"}, "direct").effect == ("widens" if heard else None)


def graded(name, rung=MEASURED_INDEPENDENTLY, effect=None):
    return strength.Graded(name, rung, rung, analogy=False, effect=effect)


def test_a_claim_without_findings_is_our_reasoning():
    assert marks_of([]) == strength.Marks(REASONED, NOT_KNOWN, ())


@pytest.mark.parametrize(("one", "other"), list(itertools.product(LADDER[:-1], repeat=2)))
def test_a_claim_is_as_strong_as_the_weakest_finding_it_needs(one, other):
    marks = marks_of([graded("a#one", one), graded("a#other", other)])
    assert marks.strength == min(one, other)
    weakest = {"a#one"} if one < other else {"a#other"} if other < one else {"a#one", "a#other"}
    assert set(marks.decided_by) == weakest


@pytest.mark.parametrize(
    ("effects", "mark"),
    [
        ([None], NOT_KNOWN),
        (["narrows"], "narrows"),
        (["widens"], "widens"),
        (["no-difference"], "no-difference"),
        (["narrows", None], "narrows"),
        (["narrows", "narrows"], "narrows"),
        (["narrows", "widens"], NOT_KNOWN),
        (["narrows", "no-difference"], NOT_KNOWN),
    ],
)
def test_the_effect_is_what_the_findings_agree_on(effects, mark):
    assert marks_of([graded(f"a#{number}", effect=effect) for number, effect in enumerate(effects)]).effect == mark
    assert mark in strength.EFFECTS


def test_the_effects_are_those_of_the_schema_and_not_known(schemas):
    listed = enumeration(schemas.described("pilot", ("findings", 0, "disparity")))
    assert {*listed, NOT_KNOWN} == set(strength.EFFECTS)


def test_a_claim_that_needs_an_account_that_was_taken_back_stands_on_nothing(make_project):
    """Whatever else it needs: a finding that fell must not leave the claim stronger than it was."""
    withdrawn = "id: bakery-cards\nstatus: retired\nwithdrawn:\n  date: '2026-11-04'\n  reason: Consent ended.\n"
    before = validate(Project.at(make_project(name="before"))).base
    after = validate(Project.at(make_project({"content/pilots/bakery-cards.yaml": withdrawn}, name="after"))).base
    claim = {"findings": ["bakery-cards#bakers", "near-count#wider"]}
    assert before.claim_marks(claim).strength > strength.REASONED
    assert after.claim_marks({"findings": ["near-count#wider"]}).strength > strength.REASONED
    assert after.claim_marks(claim) == strength.Marks(strength.REASONED, NOT_KNOWN)
    assert [pilot.id for pilot in after.taken_back(claim)] == ["bakery-cards"]
    assert before.taken_back(claim) == ()
