"""``lerkb build``: all or nothing, and nothing of anybody's is overwritten."""

import pytest

from lerkb.cli import build as module
from lerkb.errors import RunError

WRONG = {"content/glossary/wrong.yaml": "id: wrong\n"}


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_build_puts_the_site_beside_the_records(run_lerkb, make_project):
    root = make_project()
    run = run_lerkb("build", root=root)
    assert (run.code, run.out) == (0, "")
    assert f"pages in {root / 'site'}\n" in run.err
    assert (root / "site" / "use-cases" / "card-leaves-the-bakery" / "index.html").is_file()
    assert sorted(path.name for path in root.iterdir() if path.name.startswith(".")) == []


def test_an_error_in_a_record_leaves_the_old_site_byte_for_byte(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("build", root=root).code == 0
    before = contents(root / "site")
    (root / "content" / "glossary" / "wrong.yaml").write_text("id: wrong\n", encoding="utf-8")
    run = run_lerkb("build", root=root)
    assert (run.code, run.out) == (1, "")
    assert "content/glossary/wrong.yaml:1:1: SCH002" in run.err
    assert run.err.endswith("nothing was built\n")
    assert contents(root / "site") == before


def test_a_build_that_breaks_half_way_leaves_the_old_site_byte_for_byte(run_lerkb, make_project, monkeypatch):
    root = make_project()
    assert run_lerkb("build", root=root).code == 0
    before = contents(root / "site")
    (root / "content" / "glossary" / "badge.yaml").unlink()

    def break_off(config_file, site_dir, *others, **options):
        site_dir.mkdir()
        (site_dir / "index.html").write_text("half", encoding="utf-8")
        raise RunError("the disk is full")

    monkeypatch.setattr(module, "build_site", break_off)
    run = run_lerkb("build", root=root)
    assert (run.code, run.err) == (2, "lerkb: the disk is full\n")
    assert contents(root / "site") == before
    assert not (root / ".site.new").exists()


def test_a_second_build_takes_away_pages_whose_records_are_gone(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("build", root=root).code == 0
    (root / "site" / "left.html").write_text("from another time", encoding="utf-8")
    assert run_lerkb("build", root=root).code == 0
    assert not (root / "site" / "left.html").exists()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (".", "holds the knowledge base itself"),
        ("..", "holds the knowledge base itself"),
        ("content", "lies in a folder of the knowledge base"),
        ("content/site", "lies in a folder of the knowledge base"),
        ("use_cases", "lies in a folder of the knowledge base"),
        ("principles/site", "lies in a folder of the knowledge base"),
        ("mkdocs.yml", "is a file"),
        ("papers", "is not empty and holds no site"),
    ],
)
def test_a_target_that_would_destroy_something_is_refused(run_lerkb, make_project, target, words):
    root = make_project({"papers/thesis.txt": "years of work"})
    before = contents(root)
    run = run_lerkb("build", "--site-dir", root / target, root=root)
    assert run.code == 2
    assert words in run.err
    assert contents(root) == before


def test_a_target_written_with_dots_is_seen_through(run_lerkb, make_project):
    root = make_project()
    before = contents(root)
    run = run_lerkb("build", "--site-dir", root / "site" / ".." / "content", root=root)
    assert run.code == 2
    assert contents(root) == before


def test_a_link_to_the_records_is_seen_through(run_lerkb, make_project, tmp_path):
    root = make_project()
    before = contents(root)
    (tmp_path / "link").symlink_to(root, target_is_directory=True)
    run = run_lerkb("build", "--site-dir", tmp_path / "link" / "content", root=root)
    assert run.code == 2
    assert contents(root) == before


def test_an_empty_folder_may_be_the_target(run_lerkb, make_project, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run_lerkb("build", "--site-dir", tmp_path / "empty", root=make_project()).code == 0
    assert (tmp_path / "empty" / "index.html").is_file()


def test_settings_that_mkdocs_refuses_are_told_in_a_sentence(run_lerkb, make_project):
    root = make_project({"mkdocs.yml": "site_name: x\ndocs_dir: content/pages\nplugins:\n  - nothing-of-the-kind\n"})
    run = run_lerkb("build", root=root)
    assert run.code == 2
    assert run.err.startswith("lerkb: mkdocs.yml: ")
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    "name",
    ["gaps/index.md", "gaps.md"],
)
def test_a_page_with_the_address_of_a_generated_one_is_refused(run_lerkb, make_project, name):
    root = make_project({f"content/pages/{name}": "# Mine\n"})
    run = run_lerkb("build", root=root)
    assert run.code == 2
    assert "gaps" in run.err
    assert "Traceback" not in run.err
    assert not (root / "site").exists()
