"""Each way in, from nothing to a sound record on a branch, with the real files of the repository."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from conftest import ROOT
from test_form import press, problems, ready, saved, tab_to, type_into, write_a_case

SENT = Path(__file__).parent / "ways_in"
#: What a knowledge base is made of.
PARTS = ("content", "principles", "schemas", "use_cases", ".github", "mkdocs.yml")
#: What the checks say of a record that is sound and not yet all it could be.
FOR_LATER = {"EQU001", "EVI006"}


def git(root, *args):
    """Runs Git with no settings of the machine’s own."""
    names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        ["git", "-C", root, *names, *args], env=env, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The real files, committed."""
    root = tmp_path_factory.mktemp("ways-in") / "kb"
    root.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, root / part)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "the library")
    return root


@pytest.fixture
def branch(repository):
    """A branch to send something on; what a test left behind is gone for the next one."""
    git(repository, "switch", "-q", "-C", "sent", "main")
    yield repository
    git(repository, "reset", "-q", "--hard")
    git(repository, "clean", "-q", "-f", "-d")


@pytest.fixture
def arrives(branch, run_lerkb):
    """Holds that a file is sound and laid out, and commits it."""

    def arrive(path):
        run = run_lerkb("validate", path, root=branch)
        assert run.code == 0, run.out
        assert set(re.findall(r": ([A-Z]{3}\d{3}) ", run.out)) <= FOR_LATER
        run = run_lerkb("format", "--check", path, root=branch)
        assert run.code == 0, run.out + run.err
        git(branch, "add", "-A")
        git(branch, "commit", "-q", "-m", "what was sent")

    return arrive


@pytest.fixture
def told(branch, run_lerkb):
    """What the branch does to the one record it touches, as a reviewer is told."""

    def tell(path):
        run = run_lerkb("diff", "main", "HEAD", "--format", "json", root=branch)
        assert run.code == 0, run.err
        (record,) = json.loads(run.out)["records"]
        assert record["path"] == path
        return record

    return tell


def put(root, path, old, new):
    """Writes into a file, as a person with an editor does."""
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text)
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_a_use_case_by_form(branch, arrives, told, open_page):
    page = open_page("contribute/form/use-case/", accept_downloads=True)
    ready(page)
    claim = write_a_case(page, "my-skills-pocket-ace-hardware")
    type_into(page, "#f-main_claim", claim)
    press(page, "ArrowDown", "Enter")
    tab_to(page, "input[name='f-came_about']")
    press(page, "Space")
    type_into(page, "#f-next_review", "2027-05")
    tab_to(page, "#kb-form-check")
    press(page, "Enter")
    expect(page.locator("#kb-form-status")).to_have_text("A new record. Nothing is left to mend.")
    assert {code for code, *_ in problems(page)} <= FOR_LATER
    name, text = saved(page)
    path = f"use_cases/{name}"
    (branch / path).write_text(text, encoding="utf-8")
    arrives(path)
    record = told(path)
    assert record["how"] == "added"


def test_an_amendment_by_form(branch, arrives, told, open_page):
    page = open_page("contribute/form/use-case/?id=care-worker-trains-once", accept_downloads=True)
    ready(page)
    before = yaml.safe_load((branch / "use_cases/care-worker-trains-once.yaml").read_text(encoding="utf-8"))
    expect(page.locator("#f-title")).to_have_value(before["title"])
    page.fill("#f-title", "The aide who trains once")
    page.click("#kb-form-check")
    expect(page.locator("#kb-form-verdict")).not_to_be_empty()
    name, text = saved(page)
    path = f"use_cases/{name}"
    assert (branch / path).is_file()
    (branch / path).write_text(text, encoding="utf-8")
    arrives(path)
    record = told(path)
    assert [(change["before"], change["after"]) for change in record["changes"]] == [
        (before["title"], "The aide who trains once")
    ]


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_a_spreadsheet_that_libreoffice_saved(branch, arrives, run_lerkb, ending):
    run = run_lerkb("import", SENT / f"libreoffice.{ending}", root=branch)
    assert (run.code, run.out) == (0, "use_cases/the-night-baker-whose-course-ends-in-a-drawer.yaml\n"), run.err
    (path,) = run.out.split()
    data = yaml.safe_load((branch / path).read_text(encoding="utf-8"))
    assert (data["written"], data["next_review"]) == ("2026-11-29", "2027-05")
    # A CSV file holds one sheet, and so the record alone.
    assert [part in data for part in ("gains", "harms", "gaps")] == [ending != "csv"] * 3
    arrives(path)


def delivered(form, answers):
    """The body of an issue as GitHub makes it of a form: every question, answered or not, and its own line ends."""
    body = []
    for item in yaml.safe_load(form.read_text(encoding="utf-8"))["body"]:
        about = item["attributes"]
        if item["type"] == "markdown":
            continue
        if item["type"] == "checkboxes":
            answer = "\n".join(f"- [X] {option['label']}" for option in about["options"])
        else:
            answer = answers.pop(item["id"], "_No response_")
        body.append(f"### {about['label']}\n\n{answer}")
    assert answers == {}, "each answer belongs to a question"
    return "\n\n".join(body).replace("\n", "\r\n")


def test_an_issue(branch, arrives, run_lerkb, tmp_path):
    body = delivered(
        branch / ".github/ISSUE_TEMPLATE/use-case.yml",
        {
            "title": "The forklift card that stays at the warehouse",
            "who": "A forklift driver paid by the hour.",
            "today": "The card stays in the office.\n\nA new boss asks for the course again.",
            "with-record": "The driver would show the card on a phone. This is a hope.",
            "shows": "A card that stays in an office is lost to whoever leaves.",
            "tone": "Proposed",
            "basis": "Desk research",
            "reasoning": "The office keeps the only copy.",
            "sectors": "Transport and logistics, Manufacturing",
        },
    )
    file = tmp_path / "issue.md"
    file.write_bytes(body.encode())
    run = run_lerkb("import", file, root=branch)
    assert run.code == 1
    (path,) = run.out.split()
    # What no busy person was asked for is told, and a maintainer adds it.
    lacking = dict(re.findall(r"(SCH002) a use case must have a field `(\w+)`", run.err))
    assert set(re.findall(r"a use case must have a field `(\w+)`", run.err)) == {"readers", "summary"}, lacking
    text = (branch / path).read_text(encoding="utf-8")
    text = re.sub(
        r"(?:^#.*\n)+\n(?=main_claim:)",
        "summary: A driver’s card stays in the office. Who else would take it is not known.\n\n",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(
        r"(?:^#.*\n)+\n(?=claims:)",
        "readers:\n  worker:\n    text: You could keep your card. Ask first who holds a copy of it.\n\n",
        text,
        flags=re.MULTILINE,
    )
    (branch / path).write_text(text, encoding="utf-8")
    arrives(path)


def test_a_scaffold(branch, arrives, run_lerkb):
    words = (
        "--title",
        "The card that a driver never held",
        "--summary",
        "A driver’s card stays with the boss. Why is not known.",
    )
    run = run_lerkb("new", "use-case", *words, root=branch)
    assert run.code == 0, run.err
    (path,) = run.out.split()
    put(
        branch,
        path,
        "A frontline worker at a hardware store. (A role, not a person.)",
        "A driver. (A role, not a person.)",
    )
    put(branch, path, "Courses end in a pin the next employer cannot check.", "The card stays with the boss.")
    put(branch, path, "The pin becomes a record on the worker’s phone.", "The card would be on the driver’s own phone.")
    put(branch, path, "- frontline-retail-workers", "- workers-without-degrees")
    put(branch, path, "- retail", "- logistics")
    arrives(path)
