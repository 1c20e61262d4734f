"""What we print, byte for byte. ``pytest --update-golden`` rewrites it; look at what changed before you commit it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lerkb.project import Project
from lerkb.reporters import Report
from lerkb.reporters.github import step_summary
from lerkb.site import all_pages
from lerkb.site.assembly import assemble
from lerkb.site.environment import render
from lerkb.site.finder import finder_files
from lerkb.site.preview import preview_pages
from lerkb.site.site import SiteSettings
from lerkb.validation import validate

WRONG = {
    "content/glossary/wrong.yaml": "id: wrong\ntitel: A term\nstatus: publishd\nsummary: Who pays: the worker\n",
    "content/glossary/wrong-too.yaml": "id: wrong-two\ntitel: A term\nstatus: publishd\nsee_also:\n  - walet\n",
    "content/sources/lost.yaml": "id: lost\ntitle: 2024\nstatus: published\nurl: example.org\ninterest:\n",
    "content/overviews/what-was-counted.yaml": None,
}


def test_text_report(make_project, run_lerkb, golden):
    run = run_lerkb("validate", root=make_project(WRONG))
    assert run.code == 1
    golden("reporters/text.txt", run.out)


def test_json_report(make_project, run_lerkb, golden):
    run = run_lerkb("validate", "--format", "json", root=make_project(WRONG))
    assert run.code == 1
    assert run.err == ""
    report = json.loads(run.out)
    assert set(report) == {"version", "checked", "diagnostics"}
    golden("reporters/json.json", run.out)


@pytest.mark.parametrize("name", ["gcc.txt", "github.txt", "junit.xml"])
def test_other_reports(name, make_project, run_lerkb, golden):
    run = run_lerkb("validate", "--format", name.partition(".")[0], root=make_project(WRONG))
    assert (run.code, run.err) == (1, "")
    golden(f"reporters/{name}", run.out)


def test_summary_of_a_run_on_github(make_project, golden):
    validation = validate(Project.at(make_project(WRONG)))
    golden("reporters/github-summary.md", step_summary(Report(validation.diagnostics, validation.sources)))


def test_sarif_report(make_project, run_lerkb, golden):
    log = json.loads(run_lerkb("validate", "--format", "sarif", root=make_project(WRONG)).out)
    driver = log["runs"][0]["tool"]["driver"]
    # The rules that were broken stand for all: their number is nothing to look at here.
    broken = {result["ruleId"] for result in log["runs"][0]["results"]}
    driver["rules"] = [rule for rule in driver["rules"] if rule["id"] in broken]
    for result in log["runs"][0]["results"]:
        del result["ruleIndex"]
    golden("reporters/sarif.json", json.dumps(log, indent=2, ensure_ascii=False) + "\n")


def test_explain(run_lerkb, golden):
    golden("cli/explain.txt", run_lerkb("explain", "REF001").out)


def test_help(run_lerkb, golden):
    golden("cli/help.txt", run_lerkb("--help").out)


@pytest.fixture(scope="module")
def site():
    """The sample as a site, drafts included."""
    validation = validate(Project.at(Path(__file__).parent / "sample"))
    whole = assemble(
        validation,
        SiteSettings("Sample records", "https://example.org/kb/", "https://example.org/repo", "main", "kb@example.org"),
        drafts=True,
    )
    # Two families stand for all, so that a new check does not change what is compared here.
    return replace(whole, checks=tuple(check for check in whole.checks if check.family in ("identity", "references")))


#: A page of each template.
SHOWN = {
    "explore/": "explorer",
    "data/": "data",
    "gaps/map/populations-stages/": "gap-map",
    "for/worker/": "role",
    "interview/worker/": "interview",
    "for/funder/": "role-without-texts",
    "": "home",
    "use-cases/card-leaves-the-bakery/": "use-case",
    "use-cases/a-draft-case/": "draft",
    "use-cases/an-old-case/": "retired",
    "use-cases/a-withdrawn-account/": "withdrawn",
    "principles/say-no/": "principle",
    "pilots/bakery-cards/": "pilot",
    "pilots/paper-study/": "pilot-analogy",
    "pilots/near-count/": "pilot-near",
    "sources/bakery-report/": "source",
    "overviews/what-was-counted/": "overview",
    "overviews/what-was-counted/counted/": "sheet",
    "use-cases/": "use-case-list",
    "principles/": "principle-list",
    "pilots/": "pilot-list",
    "sources/": "source-list",
    "glossary/": "glossary",
    "browse/": "browse",
    "browse/populations/": "vocabulary",
    "browse/sectors/baking/": "value",
    "matrix/": "matrix",
    "gaps/": "gaps",
    "desk/": "desk",
    "assess/": "assess",
    "assess/vendors/": "vendors",
    "compare/": "compare",
    "evidence/": "evidence",
    "glance/": "glance",
    "contribute/form/": "forms",
    "contribute/form/pilot/": "form",
    "fields/term/": "fields",
    "checks/": "checks",
    "checks/REF001/": "check",
}


@pytest.mark.parametrize("url", SHOWN, ids=SHOWN.values())
def test_page(url, site, golden):
    page = next(page for page in all_pages(site) if page.url == url)
    golden(f"site/{SHOWN[url]}.html", render(page, site))


def test_every_template_is_shown(site):
    shown = {page.template for page in all_pages(site) if page.url in SHOWN}
    assert {page.template for page in all_pages(site)} == shown


def test_notice_in_place_of_a_broken_record(make_project, golden):
    validation = validate(Project.at(make_project({"use_cases/broken.yaml": "id: broken\ntitel: A case\n"})))
    site = assemble(validation, SiteSettings("Sample records"), drafts=True)
    made = preview_pages(site, validation.diagnostics, validation.sources)
    golden("site/broken.html", render(made["use-cases/broken/"], site))


def test_what_the_search_looks_through(site, golden):
    for name, text in finder_files(site).items():
        data = json.loads(text.partition("=")[2])
        golden(f"site/{Path(name).stem}.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def test_docs_tree(make_project, run_lerkb, golden, tmp_path):
    run = run_lerkb("export", "docs-tree", "-o", tmp_path / "tree", root=make_project())
    assert run.code == 0
    golden("site/docs-tree.yml", (tmp_path / "tree" / "mkdocs.yml").read_text(encoding="utf-8"))
    golden("site/docs-tree-page.md", (tmp_path / "tree" / "docs" / "glossary" / "index.md").read_text(encoding="utf-8"))
