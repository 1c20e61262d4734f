"""Other validators say the same of the same data, and what we say points at the line that was changed."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from lerkb.checks import all_checks
from lerkb.project import KIND_FOLDERS as FOLDERS
from lerkb.project import Project
from lerkb.schemas import Schemas
from lerkb.validation import load_sources, validate_sources
from lerkb.yaml_source import parse_source
from mutations import MUTATIONS, as_yaml, mutations
from test_cases import CASES, case_files, read_case
from test_editor import node

ROOT = Path(__file__).parent.parent
SEED = 20261125
COUNT = 2000
#: The share of refused mutations whose line is named, at the least.
LOCATED = 0.97


@pytest.fixture(scope="module")
def schemas():
    return Schemas.load(ROOT / "schemas")


@pytest.fixture(scope="module")
def library():
    """Kind and data of every real record."""
    return [(source.kind, source.data) for source in load_sources(Project.at(ROOT))]


@pytest.fixture(scope="module")
def mutated(library):
    return list(mutations(library, COUNT, SEED))


def corpus():
    """Kind and data of every case and hostile file that can be read."""
    for folder in ("pass", "fail", "hostile"):
        for case in sorted((CASES / folder).iterdir()):
            for text in case_files(case):
                path, record, _ = read_case(text)
                if path.endswith((".yaml", ".yml")):
                    source = parse_source("", path, Path(path).stem, record.encode("utf-8", "surrogatepass"))
                    kind = next((kind for kind, folder in FOLDERS.items() if path.startswith(folder + "/")), None)
                    if source.data is not None and kind:
                        yield kind, source.data


@pytest.fixture(scope="module")
def instances(library, mutated):
    return [*library, *corpus(), *((mutation.kind, mutation.data) for mutation in mutated)]


@pytest.fixture(scope="module")
def ours(schemas, instances):
    return [schemas.accepts(kind, data) for kind, data in instances]


def differing(instances, ours, others):
    return [
        f"{kind}: we say {our}, it says {other}: {json.dumps(data, ensure_ascii=False)[:300]}"
        for (kind, data), our, other in zip(instances, ours, others, strict=True)
        if our != other
    ]


def test_both_verdicts_are_among_them(ours):
    assert ours.count(True) > 900
    assert ours.count(False) > 1000


@pytest.mark.unmeasured
def test_jsonschema_used_plainly_says_the_same(schemas, instances, ours):
    resources = [(name, Resource.from_contents(schema)) for name, schema in schemas.documents.items()]
    registry = Registry().with_resources(resources)
    plain = {
        kind: Draft202012Validator(schemas.of(kind), registry=registry, format_checker=FormatChecker(["date"]))
        for kind in FOLDERS
    }
    assert differing(instances, ours, [plain[kind].is_valid(data) for kind, data in instances]) == []


def test_jsonschema_rs_used_plainly_says_the_same(schemas, instances, ours):
    registry = jsonschema_rs.Registry(
        [(f"json-schema:///{name}", schema) for name, schema in schemas.documents.items()]
    )
    plain = {
        kind: jsonschema_rs.validator_for(schemas.of(kind), registry=registry, validate_formats=True)
        for kind in FOLDERS
    }
    assert differing(instances, ours, [plain[kind].is_valid(data) for kind, data in instances]) == []


def test_ajv_says_the_same(schemas, instances, ours):
    asked = json.dumps({"schemas": schemas.documents, "instances": instances})
    script = ROOT / "tests" / "node" / "ajv.js"
    done = subprocess.run([node(), str(script)], input=asked, capture_output=True, text=True, check=True)
    assert differing(instances, ours, json.loads(done.stdout)) == []


@pytest.mark.unmeasured
def test_what_is_said_points_at_the_line_that_was_changed(schemas, mutated):
    refused = {}
    for number, mutation in enumerate(mutated):
        if not schemas.accepts(mutation.kind, mutation.data):
            path = f"{FOLDERS[mutation.kind]}/case-{number}.yaml"
            text = as_yaml(mutation.data).encode()
            refused[path] = mutation, parse_source(mutation.kind, path, f"case-{number}", text)
    codes = {check.code for check in all_checks() if check.family == "SCH"}
    found = validate_sources(Project.at(ROOT), [source for _, source in refused.values()], codes).diagnostics
    named = defaultdict(set)
    for item in found:
        named[item.path].add(item.line)
    counts, missed = defaultdict(lambda: [0, 0]), []
    for path, (mutation, source) in refused.items():
        lines = {source.place(mutation.field)[0], source.place(mutation.field, on_key=True)[0]}
        hit = bool(named[path] & lines)
        counts[mutation.what][0] += hit
        counts[mutation.what][1] += 1
        missed += [] if hit else [(mutation.what, mutation.field, lines, named[path])]
    assert set(counts) == set(MUTATIONS), "each kind of mutation is refused somewhere"
    assert 1 - len(missed) / len(refused) >= LOCATED, (dict(counts), missed[:10])
