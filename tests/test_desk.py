"""What waits for a reviewer, as of a day: due, open, unconfirmed, at risk, thin, unheard, waived, unfinished."""

import itertools
import json

import pytest

from lerkb.desk import LISTS, desk, newest_day
from lerkb.project import Project
from lerkb.site.messages import Messages
from lerkb.validation import validate

CASE = "use_cases/card-leaves-the-bakery.yaml"
PILOT = "content/pilots/bakery-cards.yaml"
SOURCE = "content/sources/bakery-report.yaml"


@pytest.fixture
def desk_of(make_project):
    """The lists of a sample in which sentences are replaced: path → pairs of old and new."""

    numbers = itertools.count()

    def of(edits=(), day="2026-11-29"):
        root = make_project(name=f"base-{next(numbers)}")
        for path, old, new in edits:
            text = (root / path).read_text(encoding="utf-8")
            assert old in text
            (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        validation = validate(Project.at(root))
        assert not validation.has_errors, validation.diagnostics
        return desk(validation.base, day)

    return of


def ids(items):
    return [(item.record.id, item.part) for item in items]


def test_the_sample_has_its_open_harm_its_unconfirmed_findings_and_its_draft(desk_of):
    lists = desk_of()
    assert tuple(lists) == LISTS
    assert ids(lists["open-harms"]) == [("card-leaves-the-bakery", "harm-boss-sees")]
    assert ("bakery-cards", "more-bakers") in ids(lists["unconfirmed"])
    assert ("a-draft-case", "") in ids(lists["drafts"])
    assert ids(lists["overdue"]) == []


def test_findings_that_claims_need_come_first(desk_of):
    unconfirmed = desk_of([(PILOT, "outcome: confirmed", "outcome: not-found")])["unconfirmed"]
    assert ids(unconfirmed)[0] == ("bakery-cards", "bakers")
    assert [item.values["n"] for item in unconfirmed] == sorted(
        (item.values["n"] for item in unconfirmed), reverse=True
    )
    assert {item.why for item in unconfirmed} == {"not_found", "not_checked"}


def test_a_review_is_overdue_once_its_day_or_month_is_past(desk_of):
    edits = [(CASE, "next_review: 2027-05", "next_review: 2026-11")]
    assert desk_of(edits, day="2026-11-30")["overdue"] == ()


def test_overdue_ones_are_told_the_oldest_first(make_project):
    root = make_project()
    for path, due in ((CASE, "2026-10-01"), (PILOT, "2026-09")):
        text = (root / path).read_text(encoding="utf-8")
        (root / path).write_text(text.replace("next_review: 2027-05", f"next_review: '{due}'"), encoding="utf-8")
    overdue = desk(validate(Project.at(root)).base, "2026-11-29")["overdue"]
    assert [(item.record.id, item.values["day"]) for item in overdue] == [
        ("bakery-cards", "2026-09"),
        ("card-leaves-the-bakery", "2026-10-01"),
    ]


def test_a_claim_on_an_account_that_was_taken_back_is_told(make_project):
    withdrawn = "id: bakery-cards\nstatus: retired\nwithdrawn:\n  date: '2026-11-04'\n  reason: Consent ended.\n"
    base = validate(Project.at(make_project({PILOT: withdrawn}))).base
    found = desk(base, "2026-11-29")["taken-back"]
    assert ("card-leaves-the-bakery", "claim-few-bakers") in ids(found)
    assert {item.values["day"] for item in found} == {"2026-11-04"}


@pytest.mark.parametrize("status", ["at-risk", "dead", "moved"])
def test_a_document_that_is_gone_is_told_with_the_claims_on_it(desk_of, status):
    (item,) = desk_of([(SOURCE, "address_status: found", f"address_status: {status}")])["at-risk"]
    assert (item.record.id, item.why) == ("bakery-report", f"address_{status}")
    assert item.values["n"] > 0


def test_a_record_on_one_document_is_told_with_the_claims_it_carries(desk_of):
    found = {item.record.id: item for item in desk_of()["single-source"]}
    assert found["bakery-cards"].values["source"] == "bakery-report"
    assert found["bakery-cards"].values["n"] > 1


def test_a_figure_a_pilot_counted_itself_is_told_where_a_main_claim_needs_it(desk_of):
    assert ids(desk_of()["self-reported"]) == [("bakery-cards", "bakers")]


def test_a_passed_on_figure_without_an_origin_is_told(desk_of):
    assert ("bakery-cards", "more-bakers") in ids(desk_of()["no-origin"])
    known = desk_of([(PILOT, "first_counted: not known", "first_counted: the guild of bakers")])
    assert ("bakery-cards", "more-bakers") not in ids(known["no-origin"])


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([], "voices_unread"),
        (
            [(CASE, "  found: some\n  findings:\n    - bakery-cards#voices-heard\n", "  found: nothing\n")],
            "voices_both",
        ),
        (
            [
                (CASE, "  found: some\n  findings:\n    - bakery-cards#voices-heard\n", "  found: nothing\n"),
                (CASE, "  lived_experience: none", "  lived_experience: some"),
            ],
            "voices_silent",
        ),
    ],
)
def test_a_voice_that_is_missing_is_told(desk_of, edits, why):
    found = {item.record.id: item.why for item in desk_of(edits)["voices"]}
    assert found["card-leaves-the-bakery"] == why


def test_a_waiver_is_told_with_its_reason(desk_of):
    waiver = "waivers:\n  - check: EQU005\n    reason: The two were weighed elsewhere.\nwritten:"
    found = desk_of([(CASE, "written:", waiver)])["waivers"]
    assert [item.values for item in found] == [{"check": "EQU005", "reason": "The two were weighed elsewhere."}]


def test_the_day_is_the_newest_in_the_records(sample):
    assert newest_day(sample.base) == "2026-11-02"


def test_every_list_has_its_words():
    texts = Messages.load().texts
    assert {key.removeprefix("desk.list.") for key in texts if key.startswith("desk.list.")} == set(LISTS)
    assert {key.removeprefix("desk.about.") for key in texts if key.startswith("desk.about.")} == set(LISTS)


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_lists_are_told(run_lerkb, make_project, golden, monkeypatch, form):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    run = run_lerkb("review", "--format", form, root=make_project())
    assert (run.code, run.err) == (0, "")
    golden(f"cli/review.{form}", run.out)


def test_one_list_can_be_asked_for_and_a_mistyped_one_is_named(run_lerkb, make_project):
    root = make_project()
    assert list(json.loads(run_lerkb("review", "drafts", "--format", "json", root=root).out)["lists"]) == ["drafts"]
    run = run_lerkb("review", "open-harm", root=root)
    assert run.code == 2
    assert "Did you mean 'open-harms'?" in run.err


def test_the_day_can_be_given_from_outside(run_lerkb, make_project, monkeypatch):
    root = make_project()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1893456000")
    run = run_lerkb("review", "overdue", root=root)
    assert "As of 2030-01-01" in run.out
    assert "card-leaves-the-bakery" in run.out
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert "As of 2026-11-02" not in run_lerkb("review", "overdue", "--today", root=root).out
