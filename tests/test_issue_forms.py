"""The forms of .github/ISSUE_TEMPLATE: valid for GitHub, understood by ``lerkb import``, and plain about what becomes public."""

import json
import shutil
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from jsonschema import Draft7Validator

from conftest import ROOT
from lerkb.intake.columns import find_sheet, plain, sheets
from lerkb.intake.forms import with_choices
from lerkb.intake.issue import PROMISES
from lerkb.intake.template import shown_values

FOLDER = Path(__file__).parent.parent / ".github" / "ISSUE_TEMPLATE"
FORMS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FOLDER.glob("*.yml") if file.stem != "config"}
#: The forms whose answers become records, and which records.
IMPORTED = {"use-case": "use-case", "pilot": "pilot"}


def builtin(name):
    folder = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    return Draft7Validator(json.loads((folder / f"{name}.json").read_text("utf-8")))


def questions(form):
    return [item for item in FORMS[form]["body"] if item["type"] != "markdown"]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_one_for_github(form):
    assert [error.message for error in builtin("github-issue-forms").iter_errors(FORMS[form])] == []
    ids = [item["id"] for item in questions(form)]
    assert len(ids) == len(set(ids))
    labels = [item["attributes"]["label"] for item in questions(form)]
    assert len(labels) == len(set(labels))


def test_an_issue_begins_with_a_form():
    config = yaml.safe_load((FOLDER / "config.yml").read_text("utf-8"))
    assert [error.message for error in builtin("github-issue-config").iter_errors(config)] == []
    assert config == {"blank_issues_enabled": False}
    assert set(FORMS) == {"use-case", "pilot", "correction"}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_that_all_is_public_and_asks_for_a_promise(form):
    (intro,) = [item["attributes"]["value"] for item in FORMS[form]["body"] if item["type"] == "markdown"]
    assert "Everything you write here is public" in intro
    assert "Name no" in intro
    promises = questions(form)[-1]
    assert (promises["type"], promises["attributes"]["label"]) == ("checkboxes", PROMISES)
    assert all(option["required"] for option in promises["attributes"]["options"])


@pytest.mark.parametrize("form", IMPORTED)
def test_the_importer_understands_every_question_and_every_choice(form, schemas):
    sheet = find_sheet(sheets(schemas), IMPORTED[form])
    for item in questions(form):
        about = item["attributes"]
        if about["label"] == PROMISES:
            for option in about["options"]:
                assert len(sheet.find(option["label"])) == 1, option["label"]
            continue
        (column,) = sheet.find(about["label"])
        assert plain(column.question) == plain(about["label"]), "a label is the question of its field, word for word"
        if item["type"] == "dropdown":
            assert about["options"] == list(shown_values(column)), (
                f"the choices of “{about['label']}” in {form}.yml are not those of the schema: run `lerkb vocabularies`, which writes them"
            )
            assert about.get("multiple", False) is column.many
        else:
            assert not column.values, "a closed list is chosen from"


@pytest.mark.parametrize("form", IMPORTED)
def test_choices_that_are_behind_the_schema_are_brought_up_by_a_command(form, schemas, run_lerkb, make_project):
    """And nothing else of the form changes: not its remarks, and not what is chosen from a list of its own."""
    right = (FOLDER / f"{form}.yml").read_text("utf-8")
    assert with_choices(right, sheets(schemas)) == right
    behind = (
        right.replace("        - Hopeful\n", "")
        .replace("        - Retail\n", "        - Shops\n        - Stalls\n")
        .replace("        - Done\n", "")
    )
    assert behind != right
    assert with_choices(behind, sheets(schemas)) == right


def test_a_form_of_other_questions_is_left_alone(schemas):
    for text in (
        (FOLDER / "correction.yml").read_text("utf-8"),
        "name: X\nbody:\n  - type: dropdown\n    attributes:\n      label: Y\n      options: [a, b]\n",
    ):
        assert with_choices(text, sheets(schemas)) == text


def test_a_list_that_grew_reaches_the_form_and_its_words_stay_text(run_lerkb, make_project):
    """A choice that YAML would read as something else is put in quotation marks."""
    root = make_project()
    shutil.copytree(ROOT / "schemas", root / "schemas")
    (root / ".github").mkdir()
    shutil.copytree(FOLDER, root / ".github/ISSUE_TEMPLATE")
    values = root / "content/vocabularies/sectors.yaml"
    values.write_text(
        values.read_text("utf-8")
        + "  - id: odd\n    title: 'Odd: yes'\n    description: X.\n  - id: 'no'\n    title: 'No'\n    description: X.\n",
        "utf-8",
    )
    run = run_lerkb("vocabularies", root=root)
    assert (run.code, run.err.splitlines()) == (
        0,
        [
            "wrote schemas/vocabularies.schema.json",
            "wrote .github/ISSUE_TEMPLATE/pilot.yml",
            "wrote .github/ISSUE_TEMPLATE/use-case.yml",
        ],
    )
    form = yaml.safe_load((root / ".github/ISSUE_TEMPLATE/pilot.yml").read_text("utf-8"))
    (sectors,) = [item["attributes"]["options"] for item in form["body"] if item.get("id") == "sectors"]
    assert sectors[-2:] == ["Odd: yes", "No"]
    assert run_lerkb("vocabularies", root=root).err == "wrote schemas/vocabularies.schema.json\n"


@pytest.mark.parametrize("form", IMPORTED)
def test_a_form_that_is_filled_becomes_drafts(form, *, schemas, run_lerkb, make_project, tmp_path, golden):
    """The body as GitHub makes it of the first choice of each list and of an example of each other field."""
    sheet = find_sheet(sheets(schemas), IMPORTED[form])
    vocabulary = schemas.documents["vocabularies.schema.json"]["$defs"]["sectors"]["oneOf"][0]
    made = []
    for item in questions(form):
        about = item["attributes"]
        if item["type"] == "checkboxes":
            answer = "\n".join(f"- [X] {option['label']}" for option in about["options"])
        else:
            (column,) = sheet.find(about["label"])
            answer = about["options"][0] if item["type"] == "dropdown" else column.example
        made.append(f"### {about['label']}\n\n{answer}\n")
    file = tmp_path / "issue.md"
    file.write_text("\n".join(made), encoding="utf-8")
    sectors = "id: sectors\ntitle: Sectors\nstatus: published\nsummary: Fields of work.\nvalues:\n"
    sectors += f"  - id: {vocabulary['const']}\n    title: {vocabulary['title']}\n    description: X.\n"
    sectors += "  - id: baking\n    title: Baking\n    description: X.\n"
    root = make_project({"content/vocabularies/sectors.yaml": sectors})
    run = run_lerkb("import", file, root=root)
    assert "nothing was written" not in run.err
    golden(f"intake/form-{form}.yaml", "".join((root / path).read_text("utf-8") for path in run.out.splitlines()))
