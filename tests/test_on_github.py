"""What GitHub reads: workflows, the composite action, hooks, governance files. Checked with the makers’ schemas and zizmor, offline."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lerkb.cli import cli
from lerkb.cli.changelog import TRAILER
from lerkb.project import KIND_FOLDERS

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v[0-9]+(\.[0-9]+)*")


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=ROOT, **options
    )


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.github-actions", ACTIONS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_github_can_read_it(schema, files):
    assert files
    done = run("check_jsonschema", "--builtin-schema", schema, *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_in_the_workflows_is_unsafe():
    zizmor = Path(sys.executable).with_name("zizmor")
    options = ["--offline", "--no-progress", "--persona=pedantic", "--format=plain"]
    files = [".github", ".pre-commit-hooks.yaml"]
    done = subprocess.run([zizmor, *options, *files], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: file.stem)
def test_every_action_is_pinned_to_a_commit(file):
    uses = re.findall(r"^\s*(?:- )?uses: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert all(PINNED.fullmatch(line) for line in uses), uses


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_runs_a_strangers_files_may_not_write(file):
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads the key `on` as true
    assert "secrets." not in file.read_text(encoding="utf-8")
    for job in workflow["jobs"].values():
        runs_our_files = any("run" in step for step in job["steps"])
        if runs_our_files:
            assert job["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def commands():
    """Every line by which a workflow or the action runs the project’s own commands."""
    lines = []
    for file in [*WORKFLOWS, *ACTIONS]:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
        jobs = loaded["jobs"].values() if "jobs" in loaded else [loaded["runs"]]
        for job in jobs:
            for step in job["steps"]:
                name = f"{file.parent.name}-{file.stem}-{step.get('name')}"
                ours = (line for line in step.get("run", "").splitlines() if "kb.py" in line)
                lines += [pytest.param(line, id=name) for line in ours]
    return lines


@pytest.mark.parametrize("line", commands())
def test_workflows_run_the_projects_own_commands(line):
    words = line.partition("kb.py")[2].replace('"', "").split()
    words = words[2:] if words[0] == "--root" else words
    name = words[0]
    if name == "test":
        return  # the launcher’s own
    command = cli.get_command(None, name)
    assert command is not None, f"there is no `lerkb {name}`"
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in words if re.match("--.", word)} <= options


def test_the_weekly_look_goes_by_the_calendar_and_keeps_what_it_learned():
    workflow = yaml.safe_load((GITHUB / "workflows" / "weekly.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    runs = [step["run"] for step in job["steps"] if "run" in step]
    # Without it, the day is that of the newest record, and where nobody writes, nothing ever becomes due.
    assert any(re.search(r"kb\.py review .*--today", run) for run in runs)
    assert any(re.search(r"kb\.py links .*--write", run) for run in runs)
    written = next(match[1] for run in runs if (match := re.fullmatch(r"git diff .*> (\S+)", run)))
    assert [step["with"]["path"] for step in job["steps"] if "upload-artifact" in step.get("uses", "")] == [written]


def hooks():
    return yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_a_hook_runs_on_records_and_on_nothing_else(hook):
    program, name = hook["entry"].split()
    assert program == "lerkb"
    assert cli.get_command(None, name) is not None
    if not hook.get("pass_filenames", True):
        # Git names no deleted file to a hook, so what checks everything runs at every commit.
        assert hook["always_run"]
        return
    pattern = re.compile(hook["files"])
    assert all(pattern.search(f"{folder}/a-record.yaml") for folder in KIND_FOLDERS.values())
    assert not pattern.search("mkdocs.yml")
    assert not pattern.search("content/pages/about.md")


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_a_hook_passes_on_the_sample_and_fails_on_a_slip(hook, make_project, run_lerkb):
    name = hook["entry"].split()[1]
    root = make_project()
    case = root / "use_cases" / "card-leaves-the-bakery.yaml"
    if name == "format":  # a hook that changes a file is told from its changing
        text = case.read_text(encoding="utf-8")
        case.write_text(text.replace("title: The", "title:   The"), encoding="utf-8")
        run_lerkb(name, case, root=root)
        assert case.read_text(encoding="utf-8") == text
        return
    assert run_lerkb(name, case, root=root).code == 0
    case.write_text(case.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    assert run_lerkb(name, case, root=root).code == 1


def guide():
    """The YAML in the guide for libraries in other repositories, by what each file begins with."""
    text = (ROOT / "content" / "pages" / "adopt.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if ":\n" in block]
    return {next(iter(yaml.safe_load(block))): block for block in blocks}


def test_the_guides_workflow_is_one_that_github_can_read(tmp_path):
    file = tmp_path / "check.yml"
    file.write_text(guide()["name"], encoding="utf-8")
    done = run("check_jsonschema", "--builtin-schema", "vendor.github-workflows", file)
    assert done.returncode == 0, done.stdout + done.stderr
    (used,) = re.findall(r"OWNER/REPOSITORY/(.+)@COMMIT", guide()["name"])
    assert (ROOT / used / "action.yml").is_file()


def test_the_guide_names_every_hook():
    (repository,) = yaml.safe_load(guide()["repos"])["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in hooks()}


def test_the_template_of_pull_requests_asks_for_what_the_change_log_reads():
    last = (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8").rstrip("\n").splitlines()[-1]
    assert last.strip() == f"{TRAILER}:"


def test_labels_are_the_ones_that_reviewers_are_told_of():
    labels = {
        label["name"]: label["description"]
        for label in yaml.safe_load((GITHUB / "labels.yml").read_text(encoding="utf-8"))
    }
    text = (GITHUB / "REVIEWING.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(.+?)` \| (.+?) \|$", text, re.MULTILINE)) == labels
    forms = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if (GITHUB / "ISSUE_TEMPLATE").is_dir() else []
    for form in forms:
        assert set(yaml.safe_load(form.read_text(encoding="utf-8")).get("labels", ())) <= labels.keys()


@pytest.mark.parametrize("file", sorted(GITHUB.glob("*.md")), ids=lambda file: file.name)
def test_links_between_these_files_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


EXAMPLES = re.findall(r"```python\n(.*?)```", (GITHUB / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: re.search(r"def (\w+)", text)[1])
def test_the_worked_examples_are_python_that_the_projects_parts_allow(example):
    import ast

    *imports, function = ast.parse(example).body
    exec(compile(ast.Module(imports, []), "CONTRIBUTING.md", "exec"), {})  # noqa: S102 - lines of our own
    (decorator,) = function.decorator_list
    name = decorator.func.id if isinstance(decorator, ast.Call) else decorator.id
    package = {"check": "checks", "page_type": "site", "export": "exports", "reporter": "reporters"}[name]
    module = __import__(f"lerkb.{package}", fromlist=[name])
    assert callable(getattr(module, name))
    assert ast.get_docstring(function)
