"""The rule from check to check, day by day."""

import pytest

from lerkb.links.answers import Outcome, Verdict
from lerkb.links.standing import STATUS, after, archive_proposal, kept_check
from lerkb.schemas import enumeration

URL = "https://docs.test/a"


def history(*checks, **record):
    """The fields after checks, each a day and an outcome."""
    data = {"url": URL, "last_checked": "2026-01-01", **record}
    for day, outcome in checks:
        data |= after(data, Verdict(Outcome(outcome), "" if outcome == "ok" else "because"), day)
    return data


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ([("2026-03-01", "ok")], "found"),
        ([("2026-03-01", "moved")], "moved"),
        ([("2026-03-01", "refused")], "not-checked"),
        ([("2026-03-01", "not-known")], "not-checked"),
        ([("2026-03-01", "gone")], "at-risk"),
        ([("2026-03-01", "unreachable")], "at-risk"),
        # Again, and how much later
        ([("2026-03-01", "gone"), ("2026-03-01", "gone")], "at-risk"),
        ([("2026-03-01", "gone"), ("2026-03-07", "gone")], "at-risk"),
        ([("2026-03-01", "gone"), ("2026-03-08", "gone")], "dead"),
        ([("2026-03-01", "gone"), ("2026-03-02", "gone"), ("2026-03-08", "gone")], "dead"),
        ([("2026-03-01", "unreachable"), ("2026-03-08", "gone")], "dead"),
        # Reached in between, or nothing learned in between
        ([("2026-03-01", "gone"), ("2026-03-05", "ok"), ("2026-03-08", "gone")], "at-risk"),
        ([("2026-03-01", "gone"), ("2026-03-05", "refused"), ("2026-03-08", "gone")], "dead"),
        ([("2026-03-01", "gone"), ("2026-03-08", "refused")], "at-risk"),
        # No answer
        ([("2026-02-01", "ok"), ("2026-03-01", "unreachable"), ("2026-03-08", "unreachable")], "at-risk"),
        ([("2026-02-01", "ok"), ("2026-03-01", "unreachable"), ("2026-03-29", "unreachable")], "dead"),
        ([("2026-03-01", "unreachable"), ("2026-03-29", "unreachable")], "at-risk"),
        ([("2026-03-01", "unreachable"), ("2027-03-29", "unreachable")], "at-risk"),
        # Dead, and then
        ([("2026-03-01", "gone"), ("2026-03-08", "gone"), ("2026-03-09", "unreachable")], "dead"),
        ([("2026-03-01", "gone"), ("2026-03-08", "gone"), ("2026-03-09", "refused")], "dead"),
        ([("2026-03-01", "gone"), ("2026-03-08", "gone"), ("2026-03-09", "ok")], "found"),
        ([("2026-03-01", "gone"), ("2026-03-08", "gone"), ("2026-03-09", "ok"), ("2026-03-10", "gone")], "at-risk"),
    ],
)
def test_how_an_address_stands(checks, status):
    assert history(*checks)[STATUS] == status


def test_what_a_person_wrote_stays_until_something_is_learned():
    assert history(("2026-03-01", "refused"), address_status="dead")[STATUS] == "dead"
    assert history(("2026-03-01", "gone"), address_status="dead")[STATUS] == "dead"
    assert history(("2026-03-01", "ok"), address_status="dead")[STATUS] == "found"


def test_what_is_kept():
    assert history(("2026-03-01", "ok"))["address_check"] == {
        "day": "2026-03-01",
        "address": URL,
        "outcome": "ok",
        "last_reached": "2026-03-01",
    }
    assert history(("2026-03-01", "ok"), ("2026-03-02", "gone"), ("2026-03-03", "refused"))["address_check"] == {
        "day": "2026-03-03",
        "address": URL,
        "outcome": "refused",
        "reason": "because",
        "last_reached": "2026-03-01",
        "failing_since": "2026-03-02",
    }
    moved = after({"url": URL}, Verdict(Outcome.MOVED, "because", "https://docs.test/b"), "2026-03-01")
    assert moved["address_check"]["moved_to"] == "https://docs.test/b"
    assert "failing_since" not in moved["address_check"]


@pytest.mark.parametrize("before", ["gone", "moved", "refused", "ok"])
def test_a_check_of_another_address_says_nothing(before):
    data = history(("2026-03-01", before), ("2026-03-09", before))
    changed = {**data, "url": "https://docs.test/new"}
    assert kept_check(changed) == {}
    again = after(changed, Verdict(Outcome.GONE, "because"), "2026-03-20")
    assert again[STATUS] == "at-risk"
    assert again["address_check"]["failing_since"] == "2026-03-20"
    assert after(changed, Verdict(Outcome.REFUSED, "because"), "2026-03-20")[STATUS] == "not-checked"


def test_every_status_is_one_of_the_schema(schemas):
    known = set(enumeration(schemas.described("source", (STATUS,))))
    assert known == {"not-checked", "found", "moved", "at-risk", "dead"}


@pytest.mark.parametrize(
    ("record", "day"),
    [
        (history(), "20260101"),
        (history(("2026-03-01", "ok"), ("2026-03-09", "gone")), "20260301"),
        (history(("2026-03-01", "gone")), "20260101"),
    ],
)
def test_a_kept_copy_is_looked_for_at_the_day_on_which_the_document_was_last_seen(record, day):
    assert archive_proposal(record) == f"https://web.archive.org/web/{day}/{URL}"


@pytest.mark.parametrize("url", ["https://web.archive.org/web/2020/https://a.test/", "http://web.archive.org/web/x"])
def test_no_copy_of_a_copy_is_proposed(url):
    assert archive_proposal({"url": url, "last_checked": "2026-01-01"}) == ""
