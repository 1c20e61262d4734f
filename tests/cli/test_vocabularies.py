"""``lerkb vocabularies``."""

import json
import shutil

import pytest

from lerkb.project import generator_schemas_folder


@pytest.fixture
def root(make_project):
    made = make_project()
    shutil.copytree(generator_schemas_folder(), made / "schemas")
    return made


def test_the_list_is_written_and_in_step_from_then_on(run_lerkb, root):
    assert "SCH009" in run_lerkb("validate", root=root).out
    run = run_lerkb("vocabularies", root=root)
    assert (run.code, run.out, run.err) == (0, "", "wrote schemas/vocabularies.schema.json\n")
    assert run_lerkb("validate", root=root).code == 0
    made = json.loads((root / "schemas" / "vocabularies.schema.json").read_text(encoding="utf-8"))
    assert [value["const"] for value in made["$defs"]["stages"]["oneOf"]] == ["earn", "share"]


def test_it_is_written_the_same_each_time(run_lerkb, root):
    run_lerkb("vocabularies", root=root)
    first = (root / "schemas" / "vocabularies.schema.json").read_bytes()
    run_lerkb("vocabularies", root=root)
    assert (root / "schemas" / "vocabularies.schema.json").read_bytes() == first


def test_a_broken_vocabulary_is_told_and_nothing_is_written(run_lerkb, root):
    (root / "content" / "vocabularies" / "stages.yaml").write_text("id: stages\n", encoding="utf-8")
    before = (root / "schemas" / "vocabularies.schema.json").read_bytes()
    run = run_lerkb("vocabularies", root=root)
    assert run.code == 1
    assert "content/vocabularies/stages.yaml:1:1: SCH002" in run.err
    assert (root / "schemas" / "vocabularies.schema.json").read_bytes() == before


def test_without_schemas_of_its_own_a_knowledge_base_has_no_list_to_keep(run_lerkb, make_project):
    run = run_lerkb("vocabularies", root=make_project())
    assert run.code == 2
    assert "no schemas folder of its own" in run.err
