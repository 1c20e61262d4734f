"""``lerkb export``."""

import pytest
import yaml


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_docs_tree_is_a_project_of_its_own(run_lerkb, make_project, tmp_path):
    run = run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=make_project())
    assert (run.code, run.out) == (0, "")
    assert f"pages to {tmp_path / 'tree'}\n" in run.err
    made = contents(tmp_path / "tree")
    assert yaml.safe_load(made["mkdocs.yml"])["docs_dir"] == "docs"
    assert made["docs/pilots/bakery-cards/bakery-cards.yaml"].startswith(b"id: bakery-cards")
    assert made["docs/use-cases/card-leaves-the-bakery/index.md"].startswith(b"---\ntitle: ")
    assert "docs/use-cases/a-draft-case/index.md" not in made
    assert "docs/about.md" in made
    assert "docs/assets/kb.css" in made


def test_without_an_output_it_is_put_into_the_build_folder(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("export", "docs-tree", root=root).code == 0
    assert (root / "build" / "docs-tree" / "mkdocs.yml").is_file()


def test_a_second_export_replaces_the_first_whole(run_lerkb, make_project, tmp_path):
    root = make_project()
    assert run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root).code == 0
    first = contents(tmp_path / "tree")
    (tmp_path / "tree" / "docs" / "left.md").write_text("from another time", encoding="utf-8")
    assert run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root).code == 0
    assert contents(tmp_path / "tree") == first


def test_an_address_set_by_the_owner_is_passed_on(run_lerkb, make_project, tmp_path):
    settings = (
        "site_name: S\nsite_url: https://example.org/kb/\ndocs_dir: content/pages\nplugins: [lerkb]\ntheme: material\n"
    )
    root = make_project({"mkdocs.yml": settings})
    assert run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root).code == 0
    made = yaml.safe_load((tmp_path / "tree" / "mkdocs.yml").read_text(encoding="utf-8"))
    assert made["site_url"] == "https://example.org/kb/"


def test_an_error_in_a_record_leaves_the_old_tree(run_lerkb, make_project, tmp_path):
    root = make_project()
    assert run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root).code == 0
    before = contents(tmp_path / "tree")
    (root / "content" / "glossary" / "wrong.yaml").write_text("id: wrong\n", encoding="utf-8")
    run = run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root)
    assert (run.code, run.out) == (1, "")
    assert "SCH002" in run.err
    assert run.err.endswith("nothing was written\n")
    assert contents(tmp_path / "tree") == before


@pytest.mark.parametrize("target", ["papers", "thesis.txt", ".", ".."])
def test_a_target_that_would_destroy_something_is_refused(run_lerkb, make_project, target):
    root = make_project({"papers/thesis.txt": "years of work", "thesis.txt": "more"})
    before = contents(root)
    run = run_lerkb("export", "docs-tree", "-o", root / target, root=root)
    assert run.code == 2
    assert contents(root) == before


def test_a_page_with_the_address_of_a_generated_one_is_refused(run_lerkb, make_project, tmp_path):
    root = make_project({"content/pages/gaps/index.md": "# Mine\n"})
    run = run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=root)
    assert run.code == 2
    assert "has the address of a generated page" in run.err
    assert not (tmp_path / "tree").exists()


def test_an_unknown_format_is_a_usage_error(run_lerkb, make_project):
    run = run_lerkb("export", "poem", root=make_project())
    assert run.code == 2
    assert "docs-tree" in run.err
