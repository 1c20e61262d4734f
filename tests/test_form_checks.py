"""The form's checks are the command line's: on every record that the tests know, both say the same, word for word."""

import json
import subprocess
from pathlib import Path

import pytest

from lerkb.project import Project
from lerkb.site.assembly import assemble
from lerkb.site.form_data import known_records, rules
from lerkb.site.site import SiteSettings
from lerkb.site.theme_settings import ASSETS
from lerkb.validation import validate
from test_cases import CASES, case_files, cases, read_case
from test_editor import node

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tests" / "node" / "record-checks.js"
#: The day on which the command line runs its checks here, by SOURCE_DATE_EPOCH of conftest.py.
TODAY = "2025-11-25"


def run_node(script, task, *args):
    """What a script of tests/node answers."""
    run = subprocess.run(
        [node(), str(script), str(ASSETS), *args],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def given(validation):
    """What the site hands the form."""
    return rules(assemble(validation, SiteSettings("Sample"))) | {"today": TODAY}


def told(validation):
    """The records of a knowledge base that could be read, with what the command line says of each."""
    by_path = {}
    for item in validation.diagnostics:
        by_path.setdefault(item.path, []).append([item.code, item.field, item.message, item.hint])
    records = []
    valid = {record.path for record in (*validation.base, *(r for rs in validation.base.duplicates.values() for r in rs))}
    for source in validation.sources.values():
        if source.data is not None:
            others = known_records(validation.base)
            if source.path in valid:
                others[source.kind] = [row for row in others[source.kind] if row_path(validation.base, source.kind, row) != source.path]
            record = {
                "kind": source.kind,
                "stem": source.stem,
                "data": source.data,
                "records": others,
                "failed": sorted(validation.base.failed),
            }
            records.append((source.path, record, by_path.get(source.path, [])))
    return records


def row_path(base, kind, row):
    return base.get(kind, row["id"]).path


@pytest.fixture(scope="module")
def compared(make_project_of):
    """Every readable record of every case, with what both say of it."""
    found = []
    records = []
    rule_set = None
    for number, case in enumerate([case for folder in ("fail", "pass", "hostile") for case in cases(folder)]):
        read = [read_case(text) for text in case_files(case)]
        if any(not path.endswith((".yaml", ".yml")) or "/pages/" in path or "vocabularies" in path for path, _, _ in read):
            continue
        validation = validate(Project.at(make_project_of({path: text for path, text, _ in read}, f"base-{number}")))
        rule_set = rule_set or given(validation)
        named = {path for path, _, _ in read}
        for path, record, said in told(validation):
            if path in named or number == 0:
                found.append((case.name, path, said))
                records.append(record)
    answers = run_node(SCRIPT, {"given": rule_set, "records": records})
    return [(case, path, said, answer) for (case, path, said), answer in zip(found, answers, strict=True)]


@pytest.fixture(scope="module")
def make_project_of(tmp_path_factory):
    """As make_project, for a whole module."""
    import shutil

    from conftest import SAMPLE

    folder = tmp_path_factory.mktemp("cases")

    def make(files, name):
        root = folder / name
        shutil.copytree(SAMPLE, root)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        return root

    return make


def test_the_form_says_what_the_command_line_says(compared):
    differences = []
    for case, path, said, answer in compared:
        ours = sorted(item for item in said if item[0] in answer["codes"] and item[0] != "LIF004")
        theirs = sorted(item for item in answer["problems"])
        if ours != theirs:
            differences.append((case, path, [x for x in ours if x not in theirs], [x for x in theirs if x not in ours]))
    assert differences == [], "\n".join(map(str, differences))


def test_each_check_of_the_form_has_a_case_that_fails(compared):
    codes = set(compared[0][3]["codes"]) - {"LIF004"}
    assert codes <= {code for *_, answer in compared for code, *_ in answer["problems"]}
    assert {code for code in codes if not any(case.name.startswith(code) for case in (CASES / "fail").iterdir())} == set()
