"""Many sources in one run: which, in what order, what it does to claims, and what it says when there is no network."""

import socket
import threading
from dataclasses import replace

import pytest

from lerkb.knowledge_base import KnowledgeBase
from lerkb.links import survey as survey_module
from lerkb.links.answers import Outcome, Verdict
from lerkb.links.standing import after
from lerkb.links.survey import Checked, NoNetworkError, chosen, has_network, losses, sources_behind, survey
from lerkb.records import Record
from lerkb.strength import DONE, MEASURED_BY_ITSELF, PASSED_ON
from unruly import NO_HOST, Names, Server, web_on

DAY = "2026-03-01"


@pytest.fixture
def server():
    with Server() as made:
        yield made


def source(name, url="", *, checked="", status="published"):
    url = url or f"http://docs.test/{name}"
    data = {"id": name, "title": f"A study called {name}", "status": status, "url": url, "last_checked": "2026-01-01"}
    if checked:
        data["address_check"] = {"day": checked, "address": url, "outcome": "ok"}
    return Record("source", name, f"content/sources/{name}.yaml", data)


# Which


def names(records):
    return [record.id for record in records]


SOURCES = [
    source("c", checked="2026-02-28"),
    source("b", checked="2026-01-15"),
    source("d"),
    source("a", "http://deep.other.test/"),
    source("e", "http://another.test/", checked="2026-02-01"),
    source("f", status="retired"),
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "adbec"),
        ({"limit": 3}, "adb"),
        ({"hosts": {"docs.test"}}, "dbc"),
        ({"hosts": {"other.test"}}, "a"),
        ({"hosts": {"other.test", "docs.test"}, "limit": 2}, "ad"),
        ({"older_than": 0}, "adbec"),
        ({"older_than": 1}, "adbe"),
        ({"older_than": 28}, "adb"),
        ({"older_than": 27}, "adbe"),
    ],
)
def test_the_longest_unchecked_come_first(asked, expected):
    assert names(chosen(SOURCES, DAY, **asked)) == list(expected)


def test_a_check_of_another_address_is_none():
    moved = source("b", checked="2026-02-28")
    moved.data["url"] = "http://docs.test/elsewhere"
    assert names(chosen([source("a", checked="2026-02-01"), moved], DAY)) == ["b", "a"]


def test_the_sources_behind_a_record(sample):
    base = sample.base

    def behind(kind, name):
        return {record.id for record in sources_behind(base, base.get(kind, name))}

    assert behind("source", "bakery-report") == {"bakery-report"}
    assert behind("pilot", "near-count") == {"institute-study"}
    assert behind("use-case", "card-leaves-the-bakery") == {"bakery-report", "institute-study"}
    assert behind("vocabulary", "places") == set()


# The run


def test_every_source_is_checked_and_told_of_once(server):
    records = [
        source(name, f"http://{host}.test/{name}") for host in "xyz" for name in ("document", "missing", "forbidden")
    ]
    records = [replace(record, path=f"{number}.yaml") for number, record in enumerate(reversed(records))]
    told = []
    done = survey(web_on(server), records, DAY, lambda record, verdict: told.append(record.path))
    assert [item.record for item in done] == sorted(records, key=lambda record: record.path)
    assert sorted(told) == [record.path for record in records]
    assert {(item.record.id, item.verdict.outcome.value, item.status) for item in done} == {
        ("document", "ok", "found"),
        ("missing", "gone", "at-risk"),
        ("forbidden", "refused", "not-checked"),
    }


def test_hosts_are_asked_at_the_same_time_and_each_one_thing_at_a_time(server):
    meeting = threading.Barrier(3, timeout=30)
    inside = []

    class Handler(server.RequestHandlerClass):
        def at_meet(self):
            meeting.wait()  # goes on only when three hosts are being asked at once
            self.at_document()

        def at_alone(self):
            host = self.headers["Host"]
            inside.append(host)
            assert inside.count(host) == 1
            self.at_document()
            inside.remove(host)

    server.RequestHandlerClass = Handler
    hosts = ("a.test", "b.test", "c.test")
    records = [source("meet", f"http://{host}/meet") for host in hosts]
    records += [source(f"alone{n}", f"http://{host}/alone?{n}") for host in hosts for n in range(3)]
    records = [replace(record, path=str(number)) for number, record in enumerate(records)]
    assert {item.verdict.outcome for item in survey(web_on(server, timeout=30), records, DAY)} == {Outcome.OK}


def test_a_bug_of_ours_ends_the_run(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(survey_module, "check", broken)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        survey(None, [source("a")], DAY)


def test_nothing_to_check():
    assert survey(None, [], DAY) == []


# No network


def checked(record, outcome):
    verdict = Verdict(Outcome(outcome), "" if outcome == "ok" else "because")
    return Checked(record, verdict, after(record.data, verdict, DAY))


class Silent:
    """Looks names up in vain, save those that lead to the server."""

    def __init__(self, server, but=()):
        self.names, self.but, self.asked = Names(server), but, []

    def __call__(self, host, *rest, **options):
        self.asked.append(host)
        if host in self.but:
            return self.names(host, *rest, **options)
        raise socket.gaierror(socket.EAI_AGAIN, "not now")


def test_once_so_many_hosts_are_silent_no_more_are_asked(server):
    web = web_on(server)
    web._look_up = silent = Silent(server)
    records = [source(f"s{number}", f"http://s{number}.test/") for number in range(200)]
    with pytest.raises(NoNetworkError):
        survey(web, records, DAY)
    assert server.asked == []
    assert len(set(silent.asked)) >= survey_module._SILENT_HOSTS


def test_silent_hosts_end_nothing_if_one_answers(server):
    web = web_on(server)
    web._look_up = Silent(server, but={"docs.test"})
    web.visit("http://docs.test/document")
    records = [source(f"s{number}", f"http://s{number}.test/") for number in range(20)]
    done = survey(web, [*records, source("document")], DAY)
    assert {item.verdict.outcome.value for item in done} == {"unreachable", "ok"}


def test_a_silent_host_with_many_sources_counts_once(server):
    web = web_on(server)
    web._look_up = Silent(server)
    records = [source(f"s{number}", f"http://later.test/{number}") for number in range(20)]
    assert {item.verdict.outcome.value for item in survey(web, records, DAY)} == {"unreachable"}


def test_a_host_that_is_gone_is_told_from_a_network_that_is_down(server):
    lost = source("a", f"http://{NO_HOST}/")
    others = [lost, source("b"), source("c"), source("d", "http://other.test/")]
    web = web_on(server)
    done = survey(web, [lost], DAY)
    assert has_network(web, done, others)
    assert server.paths() == ["/b"], "the host that most other sources are at is asked, once"


def test_when_no_other_host_answers_there_is_no_network(server):
    records = [source(str(number), f"http://{NO_HOST}:{8000 + number}/") for number in range(3)]
    web = web_on(server)
    done = survey(web, records[:1], DAY)
    assert not has_network(web, done, records)
    others = [*records, *(source(f"x{number}", f"ftp://host{number}.test/") for number in range(9))]
    assert not has_network(web, done, others)
    assert server.asked == []


@pytest.mark.parametrize("outcome", ["refused", "not-known"])
def test_where_nothing_failed_nothing_needs_to_be_known(server, outcome):
    assert has_network(web_on(server), [checked(source("a"), outcome)], [])
    assert has_network(web_on(server), [], [])


# Claims


def with_status(base, **statuses):
    """The base with the status of addresses changed; underscores for hyphens."""
    status = {name.replace("_", "-"): value for name, value in statuses.items()}
    return KnowledgeBase(
        (
            replace(record, data={**record.data, "address_status": status[record.id]})
            if record.id in status
            else record
            for record in base
        ),
        base.schemas,
    )


def twice_gone(record):
    data = {**record.data, **after(record.data, Verdict(Outcome.GONE, "because"), "2026-02-01")}
    return checked(replace(record, data=data), "gone")


def test_a_claim_whose_only_document_is_gone_loses_strength_and_is_listed(sample):
    base = sample.base
    done = twice_gone(base.get("source", "bakery-report"))
    assert done.status == "dead"
    found = {(loss.record.id, loss.claim["id"]): loss for loss in losses(base, [done])}
    assert set(found) == {
        ("card-leaves-the-bakery", "few-bakers"),
        ("card-leaves-the-bakery", "cards-exist"),
        ("card-leaves-the-bakery", "paper-helped"),
        ("a-draft-case", "few-bakers"),
        ("a-draft-case", "cards-exist"),
        ("a-draft-case", "paper-helped"),
        ("say-no", "few-bakers"),
        ("what-was-counted", "few-bakers"),
    }
    assert all(loss.gone for loss in found.values())
    first = found["card-leaves-the-bakery", "few-bakers"]
    assert (first.before, first.after, first.findings) == (MEASURED_BY_ITSELF, PASSED_ON, ("bakery-cards#bakers",))
    assert first.all_of_them
    assert found["card-leaves-the-bakery", "cards-exist"].before is DONE
    mixed = found["card-leaves-the-bakery", "paper-helped"]
    assert mixed.findings == ("bakery-cards#bakers",)
    assert not mixed.all_of_them
    assert mixed.before == mixed.after, "an analogy was the weakest before, and still is"


def test_a_claim_at_risk_is_listed_and_keeps_its_strength(sample):
    done = checked(sample.base.get("source", "bakery-report"), "gone")
    found = list(losses(sample.base, [done]))
    assert {loss.gone for loss in found} == {False}
    assert all(loss.before == loss.after for loss in found)
    assert len(found) == 8


def test_nothing_is_lost_while_a_document_or_a_copy_is_there(sample):
    assert list(losses(sample.base, [checked(sample.base.get("source", "bakery-report"), "ok")])) == []
    kept = twice_gone(sample.base.get("source", "bakery-report"))
    kept = replace(kept, record=replace(kept.record, data={**kept.record.data, "kept_copy": "https://a.test/"}))
    assert list(losses(sample.base, [kept])) == []


def test_a_claim_that_lost_its_document_before_is_listed_again(sample):
    base = with_status(sample.base, institute_study="dead")
    found = {loss.claim["id"]: loss for loss in losses(base, [])}
    assert set(found) == {"paper-helped", "gap-larger"}
    assert found["gap-larger"].before == found["gap-larger"].after == PASSED_ON
    assert base.claim_marks(found["gap-larger"].claim).effect == "not-known"
    assert sample.base.claim_marks(found["gap-larger"].claim).effect == "widens"


def test_one_dead_and_one_at_risk_makes_a_claim_at_risk_of_the_second(sample):
    base = with_status(sample.base, institute_study="dead", bakery_report="at-risk")
    mixed = next(loss for loss in losses(base, []) if loss.claim["id"] == "paper-helped")
    assert (mixed.gone, mixed.findings) == (True, ("paper-study#call-backs",))
