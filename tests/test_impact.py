"""What a submission changes, told from two folders and from two revisions: fields, marks, harms, sources, cells, checks, pages."""

import itertools
import json
import os
import subprocess

import pytest

from lerkb.changes import field_changes, in_words
from lerkb.impact import Consequence, How, compare
from lerkb.project import Project
from lerkb.validation import validate

CASE = "use_cases/card-leaves-the-bakery.yaml"
PILOT = "content/pilots/bakery-cards.yaml"
PRINCIPLE = "principles/say-no.yaml"
SOURCE = "content/sources/bakery-report.yaml"


@pytest.fixture
def edited(make_project):
    """A copy of the sample in which sentences are replaced: path → pairs of old and new."""

    def make(edits, *, name="head", files=None):
        root = make_project(files, name=name)
        for path, pairs in edits.items():
            text = (root / path).read_text(encoding="utf-8")
            for old, new in pairs:
                assert text.count(old) >= 1, old
                text = text.replace(old, new, 1)
            (root / path).write_text(text, encoding="utf-8")
        return root

    return make


@pytest.fixture
def impact_of(edited, make_project):
    """The impact of such edits."""

    numbers = itertools.count()

    def of(edits, *, files=None):
        number = next(numbers)
        before = make_project(name=f"before-{number}")
        after = edited(edits, files=files, name=f"head-{number}")
        return compare(validate(Project.at(before)), validate(Project.at(after)))

    return of


FINDING = """  - id: two-left
    text: Two bakers left with their card.
    about: adoption
    state: done
    sources:
      - source: bakery-report
"""
SUBMISSION = {
    CASE: [
        ("A baker paid by the hour.", "A baker or driver paid by the hour."),
        ("    open: No safeguard was found.", "    safeguard: Nobody at work can see who collects.\n    principle: say-no\n    in_place: missing"),
        ("  populations:\n    - bakers\n", "  populations:\n    - bakers\n    - bakers-at-night\n"),
    ],
    PILOT: [
        ("counted_by: self", "counted_by: unknown"),
        (
            "findings:\n  - id: bakers\n",
            f"findings:\n{FINDING}  - id: bakers\n",
        ),
    ],
    PRINCIPLE: [("Can people refuse and still apply?", "Can people refuse, and still apply and be paid alike?")],
}  # fmt: skip
HARD = (
    "Participation presupposes individualized employability documentation. Organizational disadvantages accompany"
    " voluntary nonparticipation. Supplementary documentation requirements remain entirely discretionary."
)
SECOND_SOURCE = {
    "content/sources/bakery-report-2.yaml": """id: bakery-report-2
title: A report on cards & crumbs, < 3 "ovens" again
status: published
type: report
publisher: Sample Bakery
organization: sample-bakery
published: 2025-05
url: https://example.org/second
address_status: found
interest: self
read: excerpt
read_note: The first page.
supports: what the bakery counted later
last_checked: '2026-11-01'
"""
}


@pytest.fixture
def submission(edited):
    """A pull request with a bit of everything."""
    vocabulary = "content/vocabularies/populations.yaml"
    night = "  - id: bakers-at-night\n    title: Bakers at night\n    description: Bakers who work at night.\n"
    edits = {**SUBMISSION, vocabulary: [("values:\n", f"values:\n{night}")]}
    return edited(edits, files={**SECOND_SOURCE, "use_cases/a-draft-case.yaml": None})


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_submission_is_told_whole(run_lerkb, make_project, submission, golden, form):
    run = run_lerkb("diff", make_project(name="before"), submission, "--format", form)
    assert (run.code, run.err) == (0, "")
    golden(f"cli/diff.{form}", run.out)


def test_a_mark_that_falls_is_told_for_claim_and_record(impact_of):
    impact = impact_of({PILOT: [("counted_by: self", "counted_by: unknown")]})
    by_id = {record.id: record for record in impact.records}
    assert by_id.keys() == {"bakery-cards"}, "a record whose own file is the same is not listed, though its mark falls"
    assert by_id["bakery-cards"].consequences == (Consequence.EVIDENCE_DOWN,)
    assert "use-cases/card-leaves-the-bakery/" in impact.pages, "its page reads differently, and says so"
    followers = {item.id: item for item in impact.followers}
    case = followers["card-leaves-the-bakery"]
    assert (case.how, case.consequences) == (How.FOLLOWED, (Consequence.EVIDENCE_DOWN,))
    assert ("strength", "", "measured-self", "passed-on") in {
        (mark.name, mark.claim, mark.before, mark.after) for mark in case.marks
    }
    assert not by_id.keys() & followers.keys()


def test_an_effect_that_alone_changes_is_told_of_those_who_follow(impact_of):
    impact = impact_of(
        {PILOT: [("counted_by: self", "counted_by: self\n    disparity: narrows\n    disparity_between: A and B")]}
    )
    case = next(item for item in impact.followers if item.id == "card-leaves-the-bakery")
    assert case.consequences == (Consequence.CONTENT,)
    assert {mark.name for mark in case.marks} == {"effect"}


WITHDRAWN = """id: bakery-cards
status: retired
withdrawn:
  date: '2026-11-04'
  reason: The person withdrew consent.
"""


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_nothing_of_an_account_that_was_taken_back_is_told_again(run_lerkb, make_project, form):
    before, after = make_project(name="before"), make_project({PILOT: WITHDRAWN}, name="after")
    told = validate(Project.at(before)).base.get("pilot", "bakery-cards").data
    run = run_lerkb("diff", before, after, "--format", form)
    assert run.code == 0
    assert "withdrawn" in run.out
    texts = [told["title"], told["summary"], *(part["text"] for name in ("findings", "gaps") for part in told[name])]
    assert [text for text in texts if text.casefold() in run.out.casefold()] == []
    assert "card-leaves-the-bakery" in run.out, "whose marks fall with it"


def test_an_account_whose_file_is_gone_is_not_told_again_either(impact_of, make_project):
    account = "account:\n  pseudonym: R.\n  consent:\n    date: '2026-10-04'\n    scope: Publish it.\n    told_of_limits: true\n  names_of_others: none\n"
    before = make_project(name="with-account")
    text = (before / PILOT).read_text(encoding="utf-8")
    (before / PILOT).write_text(
        text.replace("status: published\n", f"status: published\n{account}", 1), encoding="utf-8"
    )
    after = make_project({PILOT: None}, name="without-account")
    impact = compare(validate(Project.at(before)), validate(Project.at(after)))
    (record,) = [item for item in impact.records if item.id == "bakery-cards"]
    assert (record.how, record.title, record.findings_gone) == (How.REMOVED, "bakery-cards", ())


def test_a_case_that_cites_a_better_finding_is_upgraded(impact_of):
    impact = impact_of({CASE: [("      - bakery-cards#bakers\n    also:", "      - near-count#wider\n    also:")]})
    (record,) = impact.records
    assert Consequence.EVIDENCE_UP in record.consequences
    assert {(mark.claim, mark.name) for mark in record.marks} >= {("", "strength"), ("few-bakers", "strength")}
    assert record.references_gone == ()
    assert [mark.up for mark in record.marks if mark.name == "strength"] == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "consequence"),
    [
        ("Proof stays when the job ends.", "The proof stays when a job ends.", Consequence.WORDING),
        ("Twelve bakers took a card, by", "In 2024 bakers took a card, by", Consequence.CONTENT),
        ("next_review: 2027-05", "next_review: 2028-05", Consequence.UPKEEP),
        ("reads_as: mixed", "reads_as: warning", Consequence.CONTENT),
        ("    open: No safeguard was found.", "    safeguard: A rule.\n    principle: say-no\n    in_place: missing", Consequence.HARM_CLOSED),
        ("    safeguard: A paper slip too.\n    principle: say-no\n    in_place: not-known", "    open: None.", Consequence.HARM_OPENED),
    ],
)  # fmt: skip
def test_a_change_is_named_by_what_it_means_to_readers(impact_of, old, new, consequence):
    (record,) = impact_of({CASE: [(old, new)]}).records
    assert record.consequences == (consequence,)


def test_a_check_of_an_address_is_care_and_its_loss_is_not(impact_of):
    place = "content/sources/bakery-report.yaml"
    added = "\naddress_check:\n  day: '2026-03-01'\n  address: https://example.org/report?a=1&b=2\n  outcome: gone\n"
    (record,) = impact_of({place: [("\ninterest:", f"{added}interest:")]}).records
    assert record.consequences == (Consequence.UPKEEP,)
    (record,) = impact_of(
        {place: [("address_status: found", "address_status: dead"), ("\ninterest:", f"{added}interest:")]}
    ).records
    assert record.consequences == (Consequence.CONTENT,)


def test_a_principle_whose_check_asks_something_else_has_changed_its_meaning(impact_of):
    (record,) = impact_of(
        {PRINCIPLE: [("Can people refuse and still apply?", "May people refuse and still apply?")]}
    ).records
    assert record.consequences == (Consequence.MEANING,)
    (record,) = impact_of({PRINCIPLE: [("Apply without a card.", "Apply with no card.")]}).records
    assert record.consequences == (Consequence.WORDING,)


def test_a_record_that_comes_goes_or_is_retired(impact_of):
    retired = "status: retired\nretired:\n  date: '2026-11-20'\n  reason: It is told elsewhere.\n"
    impact = impact_of(
        {PRINCIPLE: [("status: published\n", retired)]}, files={**SECOND_SOURCE, "content/glossary/badge.yaml": None}
    )
    assert {(record.id, record.how) for record in impact.records} == {
        ("say-no", How.RETIRED),
        ("bakery-report-2", How.ADDED),
        ("badge", How.REMOVED),
    }


def test_a_new_source_that_may_be_an_old_one_is_pointed_out(impact_of):
    (source,) = impact_of({}, files=SECOND_SOURCE).sources
    assert (source.id, source.resembles) == ("bakery-report-2", ("bakery-report",))


def test_what_the_checks_say_newly_is_told_whatever_lines_moved(impact_of):
    impact = impact_of({CASE: [("readers:\n", "readers:\n\n"), ("You can say no.", HARD)]})  # fmt: skip
    assert {item.code for item in impact.diagnostics_new} == {"LAN001"}
    assert impact.diagnostics_gone == ()
    (record,) = impact.records
    assert record.grade is not None
    assert record.grade[0] < record.grade[1]


def test_a_file_that_cannot_be_read_is_told_by_its_diagnostics_alone(impact_of):
    impact = impact_of({CASE: [("title: ", "titel: ")]})
    assert impact.records == ()
    assert {item.path for item in impact.diagnostics_new} == {CASE}
    assert impact.unread == (CASE,)


def test_a_report_does_not_call_a_broken_file_unchanged_without_a_word(run_lerkb, make_project, edited):
    run = run_lerkb("diff", make_project(name="one"), edited({CASE: [("title: ", "titel: ")]}))
    assert run.out.startswith("0 records differ.\n1 file has the wrong shape and cannot be compared until mended.\n")


def test_nothing_changed_is_said(run_lerkb, make_project):
    run = run_lerkb("diff", make_project(name="one"), make_project(name="two"))
    assert (run.code, run.out) == (0, "No record changes.\n")


def test_nothing_of_a_record_is_read_as_markdown(run_lerkb, make_project, edited):
    nasty = "See [this](https://example.org) @everyone #1 | `x` *now*"
    head = edited({CASE: [("Bakers get training cards.", nasty)]})
    out = run_lerkb("diff", make_project(name="before"), head, "--format", "markdown").out
    line = next(line for line in out.splitlines() if "everyone" in line)
    assert "\\[this\\]\\(" in line
    assert "@" not in line.replace("&#64;", "")
    assert "://" not in line


def test_lists_without_ids_are_compared_by_what_came_and_went(schemas):
    before = {"built": ["one app", "two", "three"], "tags": {"stages": ["earn"]}}
    after = {"built": ["one app", "three", "four"], "tags": {"stages": ["earn", "share"]}}
    found = [(change.place, change.before, change.after) for change in field_changes(schemas, "pilot", before, after)]
    built, tags = (schemas.described("pilot", (name,))["title"] for name in ("built", "tags"))
    stages = schemas.described("pilot", ("tags", "stages"))["title"]
    assert found == [((built,), "two", None), ((built,), None, "four"), ((tags, stages), None, "share")]


def test_a_value_in_words():
    assert in_words({"date": "2026", "list": ["a", True, 3]}) == "date: 2026; list: a, yes, 3"


# Revisions


@pytest.fixture
def repository(make_project):
    """A Git repository with the sample in a folder of it, and a way to commit on a given day."""
    root = make_project(name="repo/kb")
    top = root.parent

    def git(*args, day="2026-01-01"):
        when = f"{day}T12:00:00Z"
        env = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
        names = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", "-C", top, *names, *args], env=env, check=True, capture_output=True, text=True
        ).stdout

    def edit(path, old, new):
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    def commit(day, *more):
        git("add", "-A", day=day)
        git("commit", "-q", "-m", f"work of {day}", *(part for text in more for part in ("-m", text)), day=day)

    git("init", "-q", "-b", "main")
    commit("2026-01-01")
    return root, git, edit, commit


def test_the_files_as_they_are_are_compared_with_a_revision(repository, run_lerkb):
    root, _, edit, _ = repository
    edit(CASE, "reads_as: mixed", "reads_as: warning")
    run = run_lerkb("diff", "main", "--format", "json", root=root)
    assert run.code == 0
    (record,) = json.loads(run.out)["records"]
    assert [(change["before"], change["after"]) for change in record["changes"]] == [("mixed", "warning")]


def test_a_branch_that_only_the_remote_has_is_named(repository, run_lerkb):
    root, git, _, _ = repository
    git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    run = run_lerkb("diff", "trunk", root=root)
    assert run.code == 2
    assert "Did you mean 'origin/trunk'?" in run.err
    assert run_lerkb("diff", "origin/trunk", root=root).code == 0


def test_a_folder_that_is_no_knowledge_base_is_told_as_one(repository, run_lerkb, tmp_path):
    root, *_ = repository
    run = run_lerkb("diff", tmp_path, root=root)
    assert (run.code, run.err) == (
        2,
        f"lerkb: {str(tmp_path)!r} is a folder without mkdocs.yml, so it is no knowledge base\n",
    )


def test_only_what_a_branch_did_since_it_left_is_told(repository, run_lerkb):
    root, git, edit, commit = repository
    git("checkout", "-q", "-b", "topic")
    edit(CASE, "reads_as: mixed", "reads_as: warning")
    commit("2026-01-02")
    git("checkout", "-q", "main")
    edit(PRINCIPLE, "People try it without fear.", "People dare to try it.")
    commit("2026-01-03")
    records = json.loads(run_lerkb("diff", "main", "topic", "--format", "json", root=root).out)["records"]
    assert [record["id"] for record in records] == ["card-leaves-the-bakery"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "'nowhere' is no folder and no branch, tag or commit of this repository"),
        (["--", "--output=x"], "'--output=x' is no folder and no branch"),
        (["main", "nowhere"], "'nowhere' is no folder and no branch"),
    ],
)
def test_a_name_that_means_nothing_is_refused(repository, run_lerkb, arguments, said):
    root, *_ = repository
    run = run_lerkb("diff", *arguments, root=root)
    assert (run.code, run.out) == (2, "")
    assert said in run.err


def test_a_revision_before_the_knowledge_base_is_refused(repository, run_lerkb):
    root, git, _, _ = repository
    git("checkout", "-q", "--orphan", "bare")
    git("rm", "-q", "-r", "--cached", ".")
    git("commit", "-q", "--allow-empty", "-m", "nothing")
    git("checkout", "-q", "-f", "main")
    run = run_lerkb("diff", "bare", "main", root=root)
    assert run.code == 2
    assert "has no mkdocs.yml" in run.err


def test_outside_a_repository_folders_are_asked_for(make_project, run_lerkb, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    root = make_project()
    run = run_lerkb("diff", "main", root=root)
    assert run.code == 2
    assert "'main' is no folder" in run.err
    assert "there is no Git repository here" in run.err


@pytest.mark.parametrize("arguments", [["diff", "main"], ["changelog", "2026-01-01"]])
def test_without_git_folders_are_asked_for(repository, run_lerkb, monkeypatch, arguments):
    root, *_ = repository
    monkeypatch.setenv("PATH", "/nowhere")
    run = run_lerkb(*arguments, root=root)
    assert run.code == 2
    assert "Git was not found" in run.err


def test_where_there_is_no_commit_it_is_said(make_project, run_lerkb, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    root = make_project()
    since = run_lerkb("changelog", "2026-01-01", root=root)
    assert (since.code, since.out) == (2, "")
    assert "there is no Git repository here, and only commits tell what changed since 2026-01-01" in since.err
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    assert "this Git repository has no commit yet" in run_lerkb("changelog", "2026-01-01", root=root).err
    assert "this Git repository has no commit yet" in run_lerkb("diff", "main", root=root).err


def test_a_link_in_a_revision_is_not_laid_out(repository, run_lerkb):
    root, _, _, commit = repository
    (root / "use_cases" / "linked.yaml").symlink_to("/etc/passwd")
    commit("2026-01-02")
    (root / "use_cases" / "linked.yaml").unlink()
    run = run_lerkb("diff", "main", root=root)
    assert run.code == 0
    assert "root:" not in run.out


# The change log


@pytest.fixture
def history(repository):
    """Three days of work: another check and a better finding, a harm and a retirement, and words."""
    root, git, edit, commit = repository
    edit(PRINCIPLE, "Can people refuse and still apply?", "May people refuse and still apply?")
    edit(CASE, "      - bakery-cards#bakers\n    also:", "      - near-count#wider\n    also:")
    note = "For-readers: Bakers can see *one* more [count](x) <b>in bold</b> | here.\nSigned-off-by: A <a@example.org>"
    commit("2026-01-05", "More on it.", note)
    edit(
        CASE,
        "    open: No safeguard was found.",
        "    safeguard: A [rule](x) of *the* house.\n    principle: say-no\n    in_place: missing",
    )
    edit(PILOT, "next_review: 2027-05", "next_review: 2028-05")
    edit(SOURCE, "read_note: The first page.", "read_note: The first pages.")
    edit("content/pilots/near-count.yaml", "status: published\n", "status: retired\nretired:\n  date: '2026-01-06'\n  reason: It was counted twice.\n")  # fmt: skip
    commit("2026-01-06")
    edit("principles/keep-it-small.yaml", "status: published\n", "status: draft\n")
    commit("2026-01-07")
    return root, git


def test_what_changed_is_told_by_what_it_means(history, run_lerkb, golden):
    root, _ = history
    run = run_lerkb("changelog", "2026-01-02", "HEAD~1", root=root)
    assert (run.code, run.err) == (0, "")
    golden("cli/changelog.md", run.out)


def test_a_record_that_became_a_draft_has_left_the_site(history, run_lerkb):
    root, _ = history
    out = run_lerkb("changelog", "HEAD~1", root=root).out
    assert "### Taken out" in out
    assert "index.md" not in out, "nothing links to a page that is gone"


def test_no_change_is_said_in_the_change_log(history, run_lerkb):
    root, _ = history
    assert "No published record changed." in run_lerkb("changelog", "HEAD", root=root).out


def test_a_section_is_put_on_the_page_and_put_again_in_its_place(history, run_lerkb):
    root, _ = history
    page = root / "content" / "pages" / "whats-new.md"
    run = run_lerkb("changelog", "2026-01-02", "--write", root=root)
    assert run.code == 2
    assert "whats-new.md is missing" in run.err
    mark = "<!-- lerkb changelog puts new sections below this line. -->"
    page.write_text(f"# What’s new\n\n{mark}\n", encoding="utf-8")
    first = run_lerkb("changelog", "2026-01-02", "HEAD~2", "--write", root=root)
    assert (first.code, first.out) == (0, "content/pages/whats-new.md\n")
    run_lerkb("changelog", "2026-01-05", "--write", root=root)
    text = page.read_text(encoding="utf-8")
    run_lerkb("changelog", "2026-01-05", "--write", root=root)
    run_lerkb("changelog", "2026-01-02", "HEAD~2", "--write", root=root)
    assert page.read_text(encoding="utf-8") == text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## From 2026-01-05 to 2026-01-07",
        "## From 2026-01-01 to 2026-01-05",
    ]


def test_a_day_that_no_calendar_has_is_refused(history, run_lerkb):
    root, _ = history
    run = run_lerkb("changelog", "2026-02-30", root=root)
    assert (run.code, run.err) == (2, "lerkb: 2026-02-30 is no day of the calendar; write it like 2026-01-31\n")


def test_a_day_before_the_first_commit_is_refused(history, run_lerkb):
    root, _ = history
    run = run_lerkb("changelog", "2020-01-01", root=root)
    assert run.code == 2
    assert "no commit is as old as 2020-01-01" in run.err
