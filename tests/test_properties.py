"""Whatever is sent, validation ends with diagnostics: it never breaks, and never accepts what the schema refuses."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lerkb.diagnostics import Severity
from lerkb.project import KIND_FOLDERS, Project
from lerkb.validation import load_sources, validate, validate_sources
from lerkb.yaml_source import parse_source
from mutations import as_yaml, mutations

SAMPLE = Path(__file__).parent / "sample"
#: The same inputs each time, so that a red run is red again. `--hypothesis-seed` and a larger number of examples are for runs by hand.
REPEATABLE = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def project():
    return Project.at(SAMPLE)


@pytest.fixture(scope="module")
def sources(project):
    """Every file of the sample, as read."""
    return load_sources(project)


def checked(project, sources, kind, raw):
    """What validation says of one more file among the others."""
    path = f"{KIND_FOLDERS[kind]}/case.yaml"
    source = parse_source(kind, path, "case", raw)
    validation = validate_sources(project, [*sources, source])
    own = [item for item in validation.diagnostics if item.path == path]
    if source.data is None or not validation.base.schemas.accepts(kind, source.data):
        assert any(item.severity is Severity.ERROR for item in own), "what the schema refuses is never accepted"
    for item in own:
        lines = source.text.count("\n") + 2
        assert 1 <= item.line <= lines
        assert item.column >= 1
        assert item.message
    return own


@given(raw=st.binary(max_size=400), kind=st.sampled_from(sorted(KIND_FOLDERS)))
@example(raw=b"\xff\xfe", kind="term")
@example(raw=b"id: [", kind="term")
@REPEATABLE
@pytest.mark.unmeasured
def test_any_bytes_end_with_diagnostics(project, sources, raw, kind):
    assert checked(project, sources, kind, raw)


SIGNS = st.sampled_from([*"-:?{}[],#&*!|>'\"%@`\n\t \\abi0~<=.", "id: case\n", "  ", "- ", ": ", "\u00a0", "\u2028"])


@given(text=st.lists(SIGNS, max_size=120).map("".join), kind=st.sampled_from(sorted(KIND_FOLDERS)))
@REPEATABLE
@pytest.mark.unmeasured
def test_any_text_of_yaml_s_own_signs_ends_with_diagnostics(project, sources, text, kind):
    assert checked(project, sources, kind, text.encode("utf-8", "surrogatepass"))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4),
    max_leaves=20,
)


@given(
    data=st.dictionaries(
        st.sampled_from(["id", "title", "status", "findings", "claims", "readers", "tags", "waivers", "values"]),
        TREES,
        min_size=1,
    ),
    kind=st.sampled_from(sorted(KIND_FOLDERS)),
)
@REPEATABLE
@pytest.mark.unmeasured
def test_any_data_under_known_names_ends_with_diagnostics(project, sources, data, kind):
    assert checked(project, sources, kind, as_yaml(data).encode("utf-8", "surrogatepass"))


@pytest.mark.unmeasured
def test_mutations_of_real_records_end_with_diagnostics_or_are_right(project, sources):
    records = [(source.kind, source.data) for source in sources]
    accepted = 0
    for mutation in mutations(records, 400, 1):
        data = {**mutation.data, "id": "case"} if "id" in mutation.data else mutation.data
        accepted += not checked(project, sources, mutation.kind, as_yaml(data).encode())
    assert accepted < 200


@given(cut=st.integers(0, 6000), other=st.integers(0, 6000), kind=st.sampled_from(["use-case", "pilot", "principle"]))
@REPEATABLE
@pytest.mark.unmeasured
def test_a_record_cut_and_spliced_anywhere_ends_with_diagnostics_or_is_right(project, sources, cut, other, kind):
    text = next(source.text for source in sources if source.kind == kind).encode()
    raw = text[: cut % len(text)] + text[other % len(text) :]
    checked(project, sources, kind, raw)


def test_the_sample_itself_is_right(project):
    assert validate(project).diagnostics == ()
