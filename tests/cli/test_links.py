"""``lerkb links``, on a server of our own."""

import io
import json
import socket
import sys

import pytest

from lerkb import files
from lerkb.cli import links
from lerkb.project import Project
from unruly import NO_HOST, Server, web_on

#: 2026-03-01 and 2026-03-10, as SOURCE_DATE_EPOCH has them.
FIRST, LATER = "1772323200", "1773100800"

GOOD = """\
# yaml-language-server: $schema=../../schemas/source.schema.json
id: {name}
title: A study called {name}
status: published
type: report
publisher: Sample Institute
url: {url}
interest: self
read: whole
last_checked: '2026-01-01'
waivers:
  - check: EVI008
    reason: It is here for its address.
"""


@pytest.fixture
def server():
    with Server() as made:
        yield made


@pytest.fixture
def run(monkeypatch, server, run_lerkb):
    """Runs the command on a day, with the server as the web."""
    monkeypatch.setattr(links, "visitor", lambda found: web_on(server))

    def on(day, *args, root):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        return run_lerkb("links", *args, root=root)

    return on


def text_of(name, url=""):
    return GOOD.format(name=name, url=url or f"http://docs.test/{name}")


def path_of(name):
    return f"content/sources/{name}.yaml"


@pytest.fixture
def root(make_project):
    """The sample with its two documents at the server: one there, one gone; and one document of each other outcome."""
    root = make_project({path_of(name): text_of(name) for name in ("moved", "forbidden", "broken", "to-inside")})
    for name, address, place in (
        ("bakery-report", "https://example.org/report?a=1&b=2", "missing"),
        ("institute-study", "https://example.org/study", "document"),
    ):
        file = root / path_of(name)
        text = file.read_text(encoding="utf-8")
        assert address in text
        file.write_text(text.replace(address, f"http://docs.test/{place}"), encoding="utf-8")
    return root


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_what_is_told_at_first(run, root, golden, form):
    done = run(FIRST, "--format", form, root=root)
    assert (done.code, done.err) == (0, "")
    golden(f"links/first.{form}", done.out)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_what_is_told_when_a_document_is_gone(run, root, golden, form):
    run(FIRST, "--write", root=root)
    done = run(LATER, "--format", form, root=root)
    assert done.code == 0
    golden(f"links/later.{form}", done.out)


def test_the_json_form_is_all_there_is_on_standard_output(run, root):
    done = run(FIRST, "--format", "json", "--write", root=root)
    value = json.loads(done.out)
    assert value["written"] is True
    assert value["checked"] == sum(value["outcomes"].values()) == len(value["sources"]) == 6
    assert done.err == "6 source records written\n"


# Writing


def test_nothing_is_written_unless_asked(run, root):
    before = {file: file.read_bytes() for file in root.rglob("*.yaml")}
    run(FIRST, root=root)
    assert {file: file.read_bytes() for file in root.rglob("*.yaml")} == before


def test_the_outcome_is_written_and_all_else_stays_as_it_stood(run, root):
    odd = (
        text_of("moved")
        .replace("url:", "# about the address\nurl:  ")
        .replace("title: A", "title:   'A")
        .replace("called moved", "called moved'")
    )
    (root / path_of("moved")).write_text(odd, encoding="utf-8")
    assert run(FIRST, "--write", path_of("moved"), root=root).code == 0
    text = (root / path_of("moved")).read_text(encoding="utf-8")
    added = """\
address_status: moved
address_check:
  day: '2026-03-01'
  address: http://docs.test/moved
  outcome: moved
  reason: its host says that it has moved for good
  last_reached: '2026-03-01'
  moved_to: http://docs.test/document
"""
    assert text.replace(added, "") == odd
    assert text.index("url:") < text.index(added) < text.index("interest:")
    run(LATER, "--write", path_of("moved"), root=root)
    later = (root / path_of("moved")).read_text(encoding="utf-8")
    assert later == text.replace("day: '2026-03-01'", "day: '2026-03-10'").replace(
        "last_reached: '2026-03-01'", "last_reached: '2026-03-10'"
    )


def test_a_week_makes_the_difference_and_the_records_stay_right(run, root, run_lerkb):
    run(FIRST, "--write", root=root)
    bakery = root / path_of("bakery-report")
    assert "address_status: at-risk\n" in bakery.read_text(encoding="utf-8")
    assert run_lerkb("validate", "--strict", root=root).code == 0
    run(LATER, "--write", root=root)
    text = bakery.read_text(encoding="utf-8")
    assert "address_status: dead\n" in text
    assert "  failing_since: '2026-03-01'\n" in text
    validated = run_lerkb("validate", root=root)
    assert validated.code == 0
    assert "EVI011" in validated.out
    assert run_lerkb("format", "--check", "content/sources", root=root).code == 0


def test_the_same_answers_on_the_same_day_write_the_same_bytes(run, root):
    run(FIRST, "--write", root=root)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in root.rglob("*.yaml")}
    assert run(FIRST, "--write", root=root).err == "0 source records written\n"
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in root.rglob("*.yaml")} == before


def test_a_file_that_cannot_be_written_does_not_stop_the_others(run, root, monkeypatch):
    write = files.write_bytes

    def full(path, *rest):
        if path == root / path_of("moved"):
            raise files.RunError("the disk is full")
        write(path, *rest)

    monkeypatch.setattr(files, "write_bytes", full)
    done = run(FIRST, "--write", root=root)
    assert done.code == 1
    assert (
        f"{path_of('moved')}: left as it is: the disk is full\n5 source records written, 1 left as they are\n"
        in done.err
    )
    assert "address_status: at-risk" in (root / path_of("bakery-report")).read_text(encoding="utf-8")


def test_a_file_that_would_lose_a_remark_is_left(run, root):
    odd = text_of("moved").replace(
        "interest:",
        "address_check:\n  # mine\n  day: '2026-01-01'\n  address: http://a.test/\n  outcome: ok\ninterest:",
    )
    (root / path_of("moved")).write_text(odd, encoding="utf-8")
    done = run(FIRST, "--write", path_of("moved"), root=root)
    assert (done.code, "a remark would be lost" in done.err) == (1, True)
    assert (root / path_of("moved")).read_text(encoding="utf-8") == odd


# Which


def checked(done):
    return [item["id"] for item in json.loads(done.out)["sources"]]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--limit", "2"), ["bakery-report", "broken"]),
        (("--host", "docs.test", "--limit", "1"), ["bakery-report"]),
        (("--host", "http://docs.test/x", "--limit", "1"), ["bakery-report"]),
        ((path_of("moved"),), ["moved"]),
        ((path_of("moved"), path_of("broken")), ["broken", "moved"]),
        (("content/pilots/near-count.yaml",), ["institute-study"]),
        (("use_cases/card-leaves-the-bakery.yaml",), ["bakery-report", "institute-study"]),
    ],
)
def test_only_some_sources(run, root, args, expected):
    done = run(FIRST, "--format", "json", *args, root=root)
    assert (done.code, checked(done)) == (0, expected)


def test_runs_with_a_limit_come_round_to_all(run, root):
    seen = [checked(run(FIRST, "--format", "json", "--write", "--limit", "2", root=root)) for _ in range(3)]
    assert len({name for names in seen for name in names}) == 6


def test_what_was_checked_lately_is_left_out(run, root):
    run(FIRST, "--write", path_of("moved"), root=root)
    assert "moved" not in checked(run(LATER, "--format", "json", "--older-than", "9", root=root))
    assert "moved" in checked(run(LATER, "--format", "json", "--older-than", "8", root=root))
    run(LATER, "--write", root=root)
    done = run(LATER, "--older-than", "0", root=root)
    assert (done.code, done.out.startswith("No source was due to be checked.\n\nClaims at risk")) == (0, True)


def test_a_source_of_the_wrong_shape_is_left_out_and_told(run, root):
    (root / path_of("broken")).write_text("id: broken\n", encoding="utf-8")
    done = run(FIRST, "--format", "json", root=root)
    assert "broken" not in checked(done)
    assert done.err == "1 source record could not be read and is left out; see `lerkb validate`\n"
    (root / path_of("moved")).write_text("id: moved\n", encoding="utf-8")
    assert run(FIRST, root=root).err == "2 source records could not be read and are left out; see `lerkb validate`\n"


# Used wrongly, or no network


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--host", "doc.test"), "no source is at 'doc.test'. Did you mean 'docs.test'?"),
        (("--host", "elsewhere.example"), "no source is at 'elsewhere.example'."),
        (("--host", ""), "no source is at"),
        (("--limit", "0"), "Invalid value for '--limit'"),
        (("--older-than", "-1"), "Invalid value for '--older-than'"),
        (("--format", "sarif"), "Invalid value for '--format'"),
        (("content/sources/none.yaml",), "does not exist"),
        (("content/vocabularies/places.yaml",), "these records name no source that could be checked"),
    ],
)
def test_used_wrongly(run, root, server, args, words):
    done = run(FIRST, *args, root=root)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert server.asked == []


@pytest.mark.parametrize("proxy", ["", "HTTPS_PROXY"])
def test_no_network_is_said_plainly_and_nothing_is_written(run, make_project, monkeypatch, proxy):
    for name in links._PROXIES:
        monkeypatch.delenv(name, raising=False)
    if proxy:
        monkeypatch.setenv(proxy, "http://proxy.test:3128")
    lost = f"http://{NO_HOST}"
    root = make_project()
    for name in ("bakery-report", "institute-study"):
        (root / path_of(name)).write_text(text_of(name, f"{lost}/{name}"), encoding="utf-8")
    before = {file: file.read_bytes() for file in root.rglob("*.yaml")}
    done = run(FIRST, "--write", root=root)
    assert (done.code, done.out) == (2, "")
    assert "no host answered at all, so this machine seems to have no network" in done.err
    assert ("HTTPS_PROXY is set" in done.err) is bool(proxy)
    assert {file: file.read_bytes() for file in root.rglob("*.yaml")} == before


def test_what_is_not_written_is_said_to_be_forgotten(run, root):
    assert "Nothing was recorded. With --write" in run(FIRST, root=root).out
    assert "Nothing was recorded" not in run(FIRST, "--write", root=root).out


def test_many_silent_hosts_end_the_run(run, make_project, monkeypatch):
    def nothing(host, *_, **__):
        raise socket.gaierror(socket.EAI_AGAIN, "not now")

    names = [f"s{number}" for number in range(40)]
    root = make_project({path_of(name): text_of(name, f"http://{name}.test/") for name in names})
    before = {file: file.read_bytes() for file in root.rglob("*.yaml")}
    with Server() as server:
        web = web_on(server)
        web._look_up = nothing
        monkeypatch.setattr(links, "visitor", lambda found: web)
        done = run(FIRST, "--write", root=root)
    assert (done.code, done.out) == (2, "")
    assert "no host answered at all" in done.err
    assert {file: file.read_bytes() for file in root.rglob("*.yaml")} == before


def test_progress_shows_on_a_terminal(run, root, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown = Terminal()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", FIRST)
    monkeypatch.setattr(sys, "stderr", shown)
    from lerkb.cli import main

    assert main(["--root", str(root), "links", "--format", "json"]) == 0
    assert "6/6" in shown.getvalue()


@pytest.mark.parametrize(
    ("site", "said"), [("", "lerkb-links/"), ("https://sample.example/", "+https://sample.example/;")]
)
def test_the_visitor_says_whose_it_is(make_project, site, said):
    root = make_project()
    config = root / "mkdocs.yml"
    config.write_text((f"site_url: {site}\n" if site else "") + "site_name: Sample\n", encoding="utf-8")
    agent = links.visitor(Project.at(root)).manners.agent
    assert said in agent
    assert ("+" in agent) is bool(site)
    assert agent.startswith("lerkb-links/")


def test_a_kept_copy_is_named_in_place_of_a_proposal(run, root, run_lerkb):
    file = root / path_of("bakery-report")
    kept = "https://web.archive.org/web/2026/http://docs.test/missing"
    text = file.read_text(encoding="utf-8").replace("interest:", f"kept_copy: {kept}\ninterest:")
    file.write_text(text, encoding="utf-8")
    run(FIRST, "--write", root=root)
    done = run(LATER, "--write", path_of("bakery-report"), root=root)
    assert f"    kept copy: {kept}\n" in done.out
    assert "a proposal" not in done.out
    assert "Claims whose documents are gone" not in done.out
    assert "EVI011" not in run_lerkb("validate", root=root).out
