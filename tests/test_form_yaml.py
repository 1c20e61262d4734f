"""The form writes a record as `lerkb format` lays it out, and reads one as strictly as the command line."""

import random
from pathlib import Path

import pytest

from lerkb.formatting import format_record
from lerkb.project import Project
from lerkb.schemas import Schemas
from lerkb.validation import load_sources, validate
from lerkb.yaml_source import parse_source
from mutations import mutations
from test_cases import case_files, cases, read_case
from test_form_checks import ROOT, SEED, given, run_node

SCRIPT = ROOT / "tests" / "node" / "record-yaml.js"
#: Texts that a plain line of YAML would lose or turn into something else.
TRICKY = [
    "", " ", "a ", " a", "- a", "a: b", "a:", "a #b", "#a", "'a'", '"a"', "it’s", "it's", "yes", "No", "on", "null", "~", "y", "1", "1.0", "010",
    "0x1F", "1e3", "1_000", "12:30:45", "2026-11-23", "2026-11-23 10:00:00", "2026-11", ".5", "+1", "-", "--- a", "...", "... a", "a\n", "a\n\n", "\na", "a\nb",
    "a\n\nb\n", "a \nb", " a\nb", "a\tb", "\ta", "a\x07b", "a\u00a0b", "a\u2028b", "a\u200bb", "\U0001f600 a", "\U0001f600" * 70, "é" * 200, "[a]", "{a}", "a, b", "!a", "&a",
    "*a", "@a", "`a", "%a", "|", ">", "?", "? a", "<<", "=", "word " * 60 + "word", "word  " * 40, "x" * 200 + " y", "a\\b", 'a "b" c', "\ufeffa", "a\x85b",
]  # fmt: skip


@pytest.fixture(scope="module")
def schemas():
    return Schemas.load(ROOT / "schemas")


@pytest.fixture(scope="module")
def library():
    return [source for source in load_sources(Project.at(ROOT)) if source.kind != "vocabulary"]


@pytest.fixture(scope="module")
def rule_set(sample_validation):
    return given(sample_validation)


@pytest.fixture(scope="module")
def sample_validation():
    return validate(Project.at(Path(__file__).parent / "sample"))


def read_again(kind, text):
    source = parse_source(kind, "", "", text.encode("utf-8"))
    assert source.faults == (), text
    return source.data


def test_every_record_of_the_library_is_written_as_it_stands(library, rule_set, schemas):
    made = run_node(SCRIPT, {"given": rule_set, "write": [[source.kind, source.data] for source in library]})["write"]
    without_gaps = [
        "\n".join(line for line in source.text.split("\n") if line.strip())
        for source in library
        if "\n\n" not in source.text
    ]
    assert [
        text.rstrip("\n") for text, source in zip(made, library, strict=True) if "\n\n" not in source.text
    ] == without_gaps
    for text, source in zip(made, library, strict=True):
        assert read_again(source.kind, text) == source.data


def test_whatever_somebody_types_is_kept_and_laid_out_in_the_one_way(rule_set, schemas, library):
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    records = [("term", {"id": "a-term", "title": text, "also": [text, "b"], text: text}) for text in TRICKY]
    records += [
        ("term", {"a": 1, "b": 1.5, "c": True, "d": None, "e": [], "f": {}, "g": [[1, [2]], [], {}, {"h": []}]})
    ]
    records += [(item.kind, item.data) for item in mutations([(s.kind, s.data) for s in library], 200, SEED)]
    rng.shuffle(records)
    made = run_node(SCRIPT, {"given": rule_set, "write": records})["write"]
    for (kind, data), text in zip(records, made, strict=True):
        assert read_again(kind, text) == data
        assert format_record(text, kind, schemas) == text


def corpus():
    """The text of every case, and of some that no case holds."""
    for folder in ("pass", "fail", "hostile"):
        for case in cases(folder):
            for text in case_files(case):
                path, record, _ = read_case(text)
                if path.endswith((".yaml", ".yml")):
                    yield record
    yield from (
        "",
        "a",
        "- a\n",
        "a: 'b\n",
        "\ufeffa: b\n",
        "a: b\r\nc: d\r\n",
        "a: \u202eb\n",
        "a:\n  - b\n  - c: *d\n",
        "? a\n: b\n",
        "a: !!int '1'\n",
    )


def test_a_file_is_read_as_the_command_line_reads_it(rule_set, make_project):
    texts = list(corpus())
    answers = run_node(SCRIPT, {"given": rule_set, "read": texts})["read"]
    differences = []
    for text, answer in zip(texts, answers, strict=True):
        source = parse_source("term", "content/glossary/case.yaml", "case", text.encode("utf-8", "surrogatepass"))
        if (source.data, bool(source.faults)) != (answer["data"], bool(answer["faults"])):
            differences.append((text[:200], source.faults, answer))
    assert differences == [], "\n".join(map(str, differences))
