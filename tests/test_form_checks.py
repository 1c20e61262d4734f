"""The form's checks are the command line's: on every record that the tests know, both say the same, word for word."""

import difflib
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import SAMPLE
from lerkb.project import KIND_FOLDERS, Project
from lerkb.site.assembly import assemble
from lerkb.site.form_data import known_records, rules
from lerkb.site.form_numbers import number_tables
from lerkb.site.site import FORM_KINDS, SiteSettings
from lerkb.site.theme_settings import ASSETS
from lerkb.text import reading
from lerkb.text.strings import strings
from lerkb.validation import load_sources, validate, validate_sources
from lerkb.yaml_source import parse_source
from mutations import as_yaml, mutations
from test_cases import case_files, cases, read_case
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
        check=False,
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
    there = {record.path for record in validation.base}
    others = known_records(validation.base)
    for source in validation.sources.values():
        if source.data is not None:
            record = {
                "kind": source.kind,
                "stem": source.stem,
                "data": source.data,
                "records": others,
                "failed": sorted(validation.base.failed),
                "existing": source.path in there,
                "alike": [],
            }
            yield source.path, record, by_path.get(source.path, [])


@pytest.fixture(scope="module")
def compared(make_project_of):
    """Every readable record of every case, with what both say of it."""
    found = []
    records = []
    rule_set = None
    for number, case in enumerate([case for folder in ("fail", "pass", "hostile") for case in cases(folder)]):
        read = [read_case(text) for text in case_files(case)]
        if any(
            not path.endswith((".yaml", ".yml")) or "/pages/" in path or "vocabularies" in path for path, _, _ in read
        ):
            continue
        validation = validate(Project.at(make_project_of({path: text for path, text, _ in read}, f"base-{number}")))
        rule_set = rule_set or given(validation)
        named = {path for path, _, _ in read}
        for path, record, said in told(validation):
            if path in named or number == 0:
                found.append((case.name, path, said))
                records.append(record)
    answers = run_node(SCRIPT, {"given": rule_set, "numbers": number_tables(), "records": records})
    return [(case, path, said, answer) for (case, path, said), answer in zip(found, answers, strict=True)]


@pytest.fixture(scope="module")
def make_project_of(tmp_path_factory):
    """As make_project, for a whole module."""
    folder = tmp_path_factory.mktemp("cases")

    def make(files, name):
        root = folder / name
        shutil.copytree(SAMPLE, root)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        return root

    return make


#: Records alike are looked for when a record is to be sent, on either side of the pair.
BY_ANOTHER_WAY = {"LIF003", "LIF004"}


def not_of_the_file(item):
    """Whether something said of a record is said of its data: a form writes no remarks, and meets records alike by another way."""
    code, field, *_ = item
    return code not in BY_ANOTHER_WAY and (field or not code.startswith("PRV"))


def test_the_form_says_what_the_command_line_says(compared):
    differences = []
    folders = tuple(f"{KIND_FOLDERS[kind]}/" for kind in FORM_KINDS)
    for case, path, said, answer in compared:
        if not path.startswith(folders):
            continue  # no form makes such a record
        ours = sorted(item for item in said if item[0] in answer["codes"] and not_of_the_file(item))
        theirs = sorted(answer["problems"])
        assert answer["unreadable"] == []
        if ours != theirs:
            differences.append((case, path, [x for x in ours if x not in theirs], [x for x in theirs if x not in ours]))
    assert differences == [], "\n".join(map(str, differences))


def test_each_check_of_the_form_has_a_case_that_fails(compared):
    codes = set(compared[0][3]["codes"]) - BY_ANOTHER_WAY
    assert codes - {code for *_, answer in compared for code, *_ in answer["problems"]} == set()


@pytest.fixture(scope="module")
def library():
    """The real records as files."""
    return load_sources(Project.at(ROOT))


SEED = 20261201
COUNT = 160


def test_slips_in_real_records_are_told_in_the_same_words(library):
    """Beside each record with a slip stand only the kinds that are few: what else it names is then unknown, and must be told alike."""
    project = Project.at(ROOT)
    few = [source for source in library if source.kind in ("principle", "vocabulary")]
    rule_set, found, records = None, [], []
    for mutation in mutations([(source.kind, source.data) for source in library if source not in few], COUNT, SEED):
        path = f"slips/{mutation.data.get('id') or 'slip'}.yaml"
        text = as_yaml(mutation.data).encode("utf-8", "surrogatepass")
        source = parse_source(mutation.kind, path, Path(path).stem, text)
        validation = validate_sources(project, [source, *few], named={path})
        rule_set = rule_set or given(validation)
        for seen, record, said in told(validation):
            if seen == path:
                found.append((mutation, said))
                records.append(record)
    answers = run_node(SCRIPT, {"given": rule_set, "numbers": number_tables(), "records": records})
    differences = [
        f"{mutation.kind}: {mutation.what} at {mutation.field}\n  here: {ours}\n  form: {theirs}"
        for (mutation, said), answer in zip(found, answers, strict=True)
        if (ours := sorted(item for item in said if item[0] in answer["codes"] and not_of_the_file(item)))
        != (theirs := sorted(answer["problems"]))
    ]
    assert len(found) > COUNT * 0.9
    assert differences == [], "\n".join(differences)


READING = ROOT / "tests" / "node" / "reading.js"


def test_the_form_counts_how_hard_a_text_is_as_the_command_line_does(library):
    texts = [value for source in library for _, value in strings(source.data) if len(value) > 40]
    assert len(texts) > 1000
    answers = run_node(READING, {"texts": texts})
    for text, answer in zip(texts, answers["texts"], strict=True):
        assert answer == [len(reading.words(text)), len(reading.sentences(text)), reading.grade(text)], text


def test_the_form_knows_how_alike_two_names_are_as_the_command_line_does(library):
    names = sorted(source.stem for source in library)
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    pairs = [tuple(rng.sample(names, 2)) for _ in range(2000)]
    pairs += [(name, name[::-1]) for name in names[:50]] + [("a" * 300, "ab" * 150), ("", ""), ("é", "e")]
    answers = run_node(READING, {"pairs": pairs})
    assert answers["ratios"] == [difflib.SequenceMatcher(None, one, other).ratio() for one, other in pairs]
