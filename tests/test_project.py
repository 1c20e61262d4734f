"""Where a knowledge base lies, and which files are records."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lerkb.errors import RunError
from lerkb.project import KIND_FOLDERS, Project, _suffix, generator_schemas_folder


def touch(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("id: x\n", encoding="utf-8")


def test_the_nearest_folder_above_with_settings_is_the_knowledge_base(tmp_path):
    touch(tmp_path, "mkdocs.yml", "inner/mkdocs.yml", "inner/use_cases/x.yaml")
    assert Project.find(tmp_path / "inner" / "use_cases").root == tmp_path / "inner"
    assert Project.find(tmp_path).root == tmp_path


def test_without_settings_above_there_is_no_knowledge_base(tmp_path):
    with pytest.raises(RunError, match="name the folder with --root"):
        Project.find(tmp_path)


def test_the_search_starts_in_the_current_folder(tmp_path, monkeypatch):
    touch(tmp_path, "mkdocs.yml", "content/pages/about.md")
    monkeypatch.chdir(tmp_path / "content")
    assert Project.find().root == tmp_path


def test_a_named_folder_must_be_a_knowledge_base(tmp_path):
    with pytest.raises(RunError, match="is not a folder"):
        Project.at(tmp_path / "nowhere")
    with pytest.raises(RunError, match=r"has no mkdocs\.yml"):
        Project.at(tmp_path)
    touch(tmp_path, "mkdocs.yml")
    assert Project.at(tmp_path).root == tmp_path


def test_a_named_folder_is_made_absolute(tmp_path, monkeypatch):
    touch(tmp_path, "base/mkdocs.yml")
    monkeypatch.chdir(tmp_path)
    assert Project.at(Path("base")).root == tmp_path / "base"


def test_records_are_the_yaml_files_of_the_folders_of_each_kind_sorted_by_path(tmp_path):
    touch(
        tmp_path,
        "mkdocs.yml",
        "use_cases/b.yaml",
        "use_cases/a.yml",
        "use_cases/below/c.yaml",
        "use_cases/notes.md",
        "use_cases/d.YAML.orig",
        "content/pilots/p.yaml",
        "content/pages/page.yaml",
        "elsewhere/e.yaml",
    )
    found = Project.at(tmp_path).find_records()
    assert [(record.kind, record.path, record.stem) for record in found] == [
        ("pilot", "content/pilots/p.yaml", "p"),
        ("use-case", "use_cases/a.yml", "a"),
        ("use-case", "use_cases/b.yaml", "b"),
        ("use-case", "use_cases/below/c.yaml", "c"),
    ]


def test_a_knowledge_base_without_records_has_none(tmp_path):
    touch(tmp_path, "mkdocs.yml")
    assert Project.at(tmp_path).find_records() == ()


def test_each_kind_has_a_folder_of_its_own(tmp_path):
    project = Project(tmp_path)
    assert len({project.folder(kind) for kind in KIND_FOLDERS}) == len(KIND_FOLDERS)


def test_own_schemas_go_before_those_of_the_generator(tmp_path):
    touch(tmp_path, "mkdocs.yml")
    project = Project.at(tmp_path)
    assert not project.has_own_schemas
    assert project.schemas_folder == generator_schemas_folder()
    (tmp_path / "schemas").mkdir()
    assert project.has_own_schemas
    assert project.schemas_folder == tmp_path / "schemas"


def test_the_generator_brings_schemas():
    assert (generator_schemas_folder() / "use-case.schema.json").is_file()


@given(st.one_of(st.text(alphabet="ab. ~#", max_size=8), st.text(st.characters(exclude_characters="/\0"), max_size=8)))
def test_a_suffix_is_what_pathlib_takes_for_one(name):
    if name not in ("", ".", ".."):
        assert _suffix(name) == Path(name).suffix
