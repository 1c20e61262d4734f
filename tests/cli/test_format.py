"""``lerkb format`` and ``lerkb validate --fix``."""

import pytest

from lerkb import files

GOOD = """\
id: case
title: A case
status: published
type: report
publisher: Sample Institute
url: https://example.org/
interest: self
read: whole
last_checked: '2026-11-01'
"""
PATH = "content/sources/case.yaml"


def test_format_check_lists_what_would_change_and_writes_nothing(make_project, run_lerkb):
    odd = GOOD.replace("title: A case", 'title:   "A case"')
    root = make_project({PATH: odd})
    run = run_lerkb("format", PATH, "--check", root=root)
    assert (run.code, run.out) == (1, f"{PATH}\n")
    assert (root / PATH).read_text(encoding="utf-8") == odd
    diff = run_lerkb("format", PATH, "--diff", root=root)
    assert diff.code == 1
    assert '-title:   "A case"\n+title: A case\n' in diff.out
    assert run_lerkb("format", PATH, root=root).code == 0
    assert (root / PATH).read_text(encoding="utf-8") == GOOD
    assert run_lerkb("format", PATH, "--check", root=root).code == 0


def test_a_file_that_is_not_understood_is_left_byte_for_byte(make_project, run_lerkb):
    broken = b"id: case\r\ntitle: [a\r\n"
    root = make_project({PATH: broken})
    run = run_lerkb("format", PATH, root=root)
    assert run.code == 1
    assert "left as it is" in run.err
    assert (root / PATH).read_bytes() == broken


def test_who_may_read_a_file_stays(make_project, run_lerkb):
    root = make_project({PATH: GOOD.replace("title: A case", "title:  A case")})
    (root / PATH).chmod(0o600)
    assert run_lerkb("format", PATH, root=root).code == 0
    assert (root / PATH).stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(make_project):
    root = make_project({PATH: GOOD})
    with pytest.raises(files.RunError, match="changed meanwhile"):
        files.replace_text(root / PATH, "something else", "new")
    assert (root / PATH).read_text(encoding="utf-8") == GOOD


WRONG = """\
# about this document
titel: 2024
id: case
status: publishd
type: report
publisher: 1.10
url: https://example.org/
interest: self
read: whole
last_checked: 2026-11-1
"""


def test_fix_mends_quotes_dates_and_layout_and_nothing_else(make_project, run_lerkb):
    root = make_project({PATH: WRONG})
    run = run_lerkb("validate", "--fix", PATH, root=root)
    assert run.code == 1
    text = (root / PATH).read_text(encoding="utf-8")
    assert "publisher: '1.10'\n" in text
    assert "last_checked: '2026-11-01'\n" in text
    assert "titel: 2024\n" in text
    assert "status: publishd\n" in text
    assert text.startswith("# about this document\nid: case\n")
    assert "SCH001" in run.out
    assert f"mended {PATH}" in run.err


def test_fix_names_mends_what_can_mean_only_one_thing(make_project, run_lerkb):
    root = make_project({PATH: WRONG})
    run = run_lerkb("validate", "--fix-names", PATH, root=root)
    assert run.code == 0, run.out
    text = (root / PATH).read_text(encoding="utf-8")
    assert "title: '2024'\n" in text
    assert "status: published\n" in text


def test_fix_names_mends_a_citation(make_project, run_lerkb):
    root = make_project()
    case = root / "use_cases" / "card-leaves-the-bakery.yaml"
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("bakery-cards#bakers", "bakery-cards#bakerz"), encoding="utf-8")
    assert run_lerkb("validate", root=root).code == 1
    assert run_lerkb("validate", "--fix-names", "use_cases", root=root).code == 0
    assert "bakery-cards#bakers" in case.read_text(encoding="utf-8")


def test_fix_mends_only_what_the_chosen_checks_find(make_project, run_lerkb):
    root = make_project({PATH: WRONG})
    run_lerkb("validate", "--fix", "--select", "wrong-type", PATH, root=root)
    text = (root / PATH).read_text(encoding="utf-8")
    assert text == WRONG.replace("1.10", "'1.10'"), "neither the date nor the layout was asked for"
    run_lerkb("validate", "--fix", "--ignore", "wrong-form", PATH, root=root)
    assert "last_checked: 2026-11-1\n" in (root / PATH).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("format",), ("validate", "--fix")])
def test_a_file_that_cannot_be_written_does_not_stop_the_others(make_project, run_lerkb, monkeypatch, words):
    other = "content/sources/other.yaml"
    wide = GOOD.replace("title: A case", "title:  A case")
    root = make_project({PATH: wide, other: wide.replace("id: case", "id: other")})
    write = files.write_bytes

    def full(path, *rest):
        if path == root / PATH:
            raise files.RunError("the disk is full")
        write(path, *rest)

    monkeypatch.setattr(files, "write_bytes", full)
    run = run_lerkb(*words, PATH, other, root=root)
    assert run.code == 1
    assert "the disk is full" in run.err
    assert (root / PATH).read_text(encoding="utf-8") == wide
    assert "title: A case" in (root / other).read_text(encoding="utf-8")


@pytest.mark.parametrize("day", ["2026-13-1", "1-11-2026", "yesterday"])
def test_a_date_that_could_mean_another_is_left(make_project, run_lerkb, day):
    root = make_project({PATH: GOOD.replace("'2026-11-01'", day)})
    run_lerkb("validate", "--fix", PATH, root=root)
    assert day in (root / PATH).read_text(encoding="utf-8")


def test_fix_leaves_a_right_file_alone(make_project, run_lerkb):
    root = make_project({PATH: GOOD})
    before = (root / PATH).stat().st_mtime_ns
    run = run_lerkb("validate", "--fix-names", PATH, root=root)
    assert (run.code, run.err) == (0, "")
    assert (root / PATH).stat().st_mtime_ns == before
