"""``--format junit``: XML that Jenkins reads, a test for each file."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from made import problem, report

from lerkb.reporters.junit import report_junit

XSD = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "junit-10.xsd"))


def suite(made):
    """The one suite of a report, which is valid XML."""
    root = etree.fromstring(report_junit(made).encode())
    XSD.assertValid(root)
    assert len(root) == 1
    assert all(root.get(name) == root[0].get(name) for name in ("tests", "failures", "errors"))
    assert int(root.get("tests")) == len(root[0].findall("testcase"))
    assert int(root.get("failures")) == len(root[0].findall("testcase/failure"))
    return root[0]


def test_the_schema_refuses_what_is_no_junit():
    root = etree.fromstring(report_junit(report(problem())).encode())
    del root[0].attrib["tests"]
    assert not XSD.validate(root)


def test_each_file_is_a_test_that_fails_with_all_its_errors():
    made = report(problem(line=4), problem(line=2, code="SCH002", message="first"), files=["content/pilots/b.yaml"])
    fine, wrong = suite(made).findall("testcase")
    assert (fine.get("classname"), fine.get("name"), len(fine)) == ("content.pilots", "content/pilots/b.yaml", 0)
    assert (wrong.get("classname"), wrong.get("name")) == ("use_cases", "use_cases/a.yaml")
    (failure,) = wrong
    assert (failure.get("type"), failure.get("message")) == ("SCH002", "first (and 1 more problem)")
    assert failure.text.splitlines() == [
        "use_cases/a.yaml:2:1: error: SCH002 first",
        "    mend it",
        "use_cases/a.yaml:4:1: error: SCH001 something is wrong",
        "    mend it",
    ]


def test_a_warning_fails_no_test_unless_the_run_is_strict():
    (case,) = suite(report(problem(code="SYN012"))).findall("testcase")
    assert [child.tag for child in case] == ["system-out"]
    assert "warning: SYN012 something is wrong" in case[0].text
    (case,) = suite(report(problem(code="SYN012"), strict=True)).findall("testcase")
    assert [child.tag for child in case] == ["failure"]


def test_a_problem_in_a_file_that_is_no_record_is_a_test_too():
    made = report(files=["use_cases/a.yaml"])
    made = type(made)((problem("schemas/vocabularies.schema.json", code="SCH009"),), made.sources)
    assert [case.get("name") for case in suite(made).findall("testcase")] == [
        "schemas/vocabularies.schema.json",
        "use_cases/a.yaml",
    ]


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_text_makes_valid_xml(path, message, hint):
    (case,) = suite(report(problem(path, message=message, hint=hint))).findall("testcase")
    assert case.find("failure") is not None


def test_the_exit_code_and_the_failures_agree(make_project, run_lerkb):
    remark = {"content/sources/cut.yaml": None}
    text = (make_project(name="as-it-is") / "content/sources/bakery-report.yaml").read_text(encoding="utf-8")
    remark["content/sources/cut.yaml"] = text.replace("id: bakery-report", "id: cut").replace(
        "status: published", "status: published # cut"
    )
    root = make_project(remark)
    for options, code in ((), 0), (("--strict",), 1):
        printed = run_lerkb("validate", "--format", "junit", "--select", "SYN", *options, root=root)
        assert printed.code == code
        failures = etree.fromstring(printed.out.encode()).get("failures")
        assert int(failures) == code
