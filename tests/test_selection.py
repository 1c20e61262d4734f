"""Choosing checks or files changes what is said by nothing but the choice."""

import re

import pytest

from lerkb.checks import Scope, all_checks, find_check
from lerkb.project import Project
from lerkb.validation import validate
from test_cases import case_files, cases, copy_schemas, read_case

EVERY = frozenset(check.code for check in all_checks())
#: One case for each family and scope: what a choice does depends on these alone.
CASES = {(case.name[:3], find_check(case.name[:6]).scope): case for case in reversed(cases("fail"))}.values()
FAMILIES = {check.family_name: check.family for check in all_checks()}
SOURCE = """\
id: case
title: A title
status: published
type: report
publisher: Sample Bakery
url: 'https://example.org/'
interest: self
read: excerpt
last_checked: '2026-11-01'
retired:
  date: '2027-01-10'
  reason: Joined.
  successor: case
waivers:
  - check: REF005
    reason: On purpose.
  - check: REF004
    reason: Of no use.
"""


@pytest.fixture
def base(request, make_project):
    """A base that holds one case of tests/cases/fail."""
    read = [read_case(text) for text in case_files(request.param)]
    root = make_project({path: text for path, text, _ in read})
    if any(path.startswith("schemas/") for path, _, _ in read):
        copy_schemas(root)
    return Project.at(root)


@pytest.mark.parametrize("base", CASES, ids=lambda case: case.stem, indirect=True)
def test_a_choice_of_checks_says_of_a_record_what_all_of_them_say(base):
    everything = validate(base).diagnostics
    assert validate(base, EVERY).diagnostics == everything
    for chosen in {item.code for item in everything}:
        assert validate(base, {chosen}).diagnostics == tuple(item for item in everything if item.code == chosen)
        others = EVERY - {chosen}
        assert validate(base, others).diagnostics == tuple(item for item in everything if item.code != chosen)


@pytest.mark.parametrize("base", CASES, ids=lambda case: case.stem, indirect=True)
def test_a_choice_of_files_says_of_each_what_all_of_them_together_say(base):
    everything = validate(base).diagnostics
    paths = {found.path for found in base.find_records()}
    assert validate(base, None, paths).diagnostics == tuple(item for item in everything if item.path in paths)
    assert validate(base, None, set()).diagnostics == ()
    for path in {item.path for item in everything}:
        assert validate(base, None, {path}).diagnostics == tuple(item for item in everything if item.path == path)
        assert validate(base, None, paths - {path}).diagnostics == tuple(
            item for item in everything if item.path in paths - {path}
        )


def test_all_families_by_name_report_as_no_choice_does(make_project, run_lerkb):
    root = make_project({"content/sources/case.yaml": SOURCE, "use_cases/broken.yaml": "id: a: b\n"})
    by_default = run_lerkb("validate", "--format", "json", root=root)
    assert by_default.code == 1
    for names in (FAMILIES, FAMILIES.values(), EVERY):
        assert run_lerkb("validate", "--format", "json", "--select", ",".join(names), root=root) == by_default


def test_what_is_not_selected_does_not_run(make_project, monkeypatch):
    ran = []
    for check in all_checks():
        run = check.run
        monkeypatch.setitem(
            check.__dict__, "run", lambda *given, _code=check.code, _run=run: ran.append(_code) or _run(*given)
        )
    project = Project.at(make_project({"content/sources/case.yaml": SOURCE, "use_cases/broken.yaml": "id: a\n"}))
    validate(project, {"SYN012", "SCH002", "REF001"})
    assert set(ran) == {"SYN012", "SCH002", "REF001"}


def test_a_waiver_looks_unused_only_if_its_check_has_run(make_project):
    project = Project.at(make_project({"content/sources/case.yaml": SOURCE}))
    assert [(item.line, item.code) for item in validate(project).diagnostics] == [(17, "WAI001")]
    # Both waived checks run for the sake of WAI001, and what they find is not reported.
    assert [(item.line, item.code) for item in validate(project, {"WAI001"}).diagnostics] == [(17, "WAI001")]
    assert validate(project, EVERY - {"WAI001"}).diagnostics == ()
    assert validate(project, {"REF005"}).diagnostics == ()


def test_a_check_of_all_records_at_once_can_be_waived(make_project):
    project = Project.at(make_project())
    numbered = list((project.root / "principles").iterdir())
    for file in numbered:
        file.write_text(re.sub("(?m)^number: .*", "number: 7", file.read_text(encoding="utf-8")), encoding="utf-8")
    wrong = validate(project).diagnostics
    assert {item.code for item in wrong} == {"IDN005"}
    for path in {item.path for item in wrong}:
        with (project.root / path).open("a", encoding="utf-8") as file:
            file.write("waivers:\n  - check: IDN005\n    reason: They are being joined.\n")
    assert validate(project).diagnostics == ()


def test_only_what_is_found_in_a_record_can_be_waived():
    # Before a file has its shape it is no record yet and has no waivers to go by.
    for check in all_checks():
        assert not check.waivable or check.scope in (Scope.RECORD, Scope.BASE), check.code
