"""``lerkb init``: a small knowledge base that is valid, laid out, and builds, as it stands."""

import json
import subprocess

import pytest

from lerkb.project import KIND_FOLDERS, Project
from lerkb.starter import starter_files
from lerkb.validation import validate


@pytest.fixture(params=[False, True], ids=["plain", "with-schemas"])
def started(request, run_lerkb, tmp_path):
    """A new knowledge base, and what the command said."""
    root = tmp_path / "ours"
    run = run_lerkb("init", root, *(["--with-schemas"] if request.param else []))
    assert (run.code, run.out) == (0, "")
    return root


def test_it_has_a_record_of_each_kind_and_nothing_to_mend(started):
    validation = validate(Project.at(started))
    assert validation.diagnostics == ()
    kinds = {record.kind for record in validation.base}
    assert kinds == set(KIND_FOLDERS) - {"overview"}


def test_it_is_laid_out(started, run_lerkb):
    assert run_lerkb("format", "--check", root=started).code == 0


def test_its_own_schemas_are_in_step(started, run_lerkb):
    if not (started / "schemas").is_dir():
        assert run_lerkb("vocabularies", root=started).code == 2
        return
    before = (started / "schemas" / "vocabularies.schema.json").read_text(encoding="utf-8")
    assert run_lerkb("vocabularies", root=started).code == 0
    assert (started / "schemas" / "vocabularies.schema.json").read_text(encoding="utf-8") == before
    case = (started / "use_cases" / "example-case.yaml").read_text(encoding="utf-8")
    assert case.startswith("# yaml-language-server: $schema=../schemas/use-case.schema.json\n")


def test_new_records_name_a_schema_only_where_there_is_one(started, run_lerkb):
    assert run_lerkb("new", "term", "my-term", root=started).code == 0
    assert run_lerkb("build", root=started).code == 0
    rules = (started / "site" / "assets" / "form-rules.js").read_text(encoding="utf-8")
    modelines = json.loads(rules[rules.index("{") :].strip().removesuffix(";"))["modelines"]
    term = (started / "content" / "glossary" / "my-term.yaml").read_text(encoding="utf-8")
    if (started / "schemas").is_dir():
        assert modelines["term"] == "# yaml-language-server: $schema=../../schemas/term.schema.json\n"
        assert term.startswith(modelines["term"])
    else:
        assert modelines == {}
        assert "$schema" not in term


def test_it_builds(run_lerkb, tmp_path):
    root = tmp_path / "ours"
    run_lerkb("init", root)
    run = run_lerkb("build", root=root)
    assert run.code == 0, run.err
    home = (root / "site" / "index.html").read_text(encoding="utf-8")
    assert "Our library" in home
    assert (root / "site" / "use-cases" / "example-case" / "index.html").is_file()


def test_a_new_record_can_be_started_in_it(started, run_lerkb):
    assert run_lerkb("new", "use-case", "my-record", root=started).code == 0
    told = {(item.path, item.code) for item in validate(Project.at(started)).diagnostics}
    assert {path for path, _ in told} == {"use_cases/my-record.yaml"}, "what is left to fill in is told of it alone"
    assert {code[:3] for _, code in told} <= {"SCH", "REF"}


def test_what_changed_is_told_on_its_page(run_lerkb, tmp_path):
    root = tmp_path / "ours"
    run_lerkb("init", root)
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], [*name, "commit", "-q", "-m", "begun"]):
        subprocess.run(["git", "-C", root, *command], check=True)
    assert run_lerkb("changelog", "HEAD", "--write", root=root).code == 0
    assert "No published record changed." in (root / "content" / "pages" / "whats-new.md").read_text(encoding="utf-8")


def test_what_is_made_in_it_is_not_kept(run_lerkb, tmp_path):
    root = tmp_path / "ours"
    run_lerkb("init", root)
    assert run_lerkb("build", "--with-briefs", root=root).code == 0
    (root / ".venv").mkdir()
    (root / ".venv" / "pyvenv.cfg").write_text("home = here\n", encoding="utf-8")
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    listed = ["git", "-C", root, "ls-files", "--others", "--exclude-standard"]
    kept = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()
    assert sorted(kept) == sorted(starter_files(with_schemas=False))


def test_what_to_type_next_is_told_so_that_it_can_be_typed(run_lerkb, tmp_path):
    run = run_lerkb("init", tmp_path / "our own library")
    assert f'Next: lerkb --root "{tmp_path / "our own library"}" serve' in run.err


def test_nothing_is_overwritten(run_lerkb, tmp_path):
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    run = run_lerkb("init", tmp_path)
    assert run.code == 2
    assert "README.md" in run.err
    assert [file.name for file in tmp_path.iterdir()] == ["README.md"]
    (tmp_path / "README.md").unlink()
    assert run_lerkb("init", tmp_path).code == 0
    again = run_lerkb("init", tmp_path)
    assert again.code == 2
    assert "is a knowledge base already" in again.err


def test_a_file_in_the_way_is_told(run_lerkb, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert "is a file" in run_lerkb("init", tmp_path / "taken").err
    run = run_lerkb("init", tmp_path / "taken" / "below")
    assert run.code == 2
    assert "cannot be made" in run.err


def test_a_fork_that_moves_needs_one_setting(run_lerkb, tmp_path):
    root = tmp_path / "ours"
    run_lerkb("init", root)
    settings = root / "mkdocs.yml"
    address = "https://git.example.org/us/ours"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("repository: ''", f"repository: {address}"), encoding="utf-8")
    assert run_lerkb("build", root=root).code == 0
    page = (root / "site" / "use-cases" / "example-case" / "index.html").read_text(encoding="utf-8")
    assert f"{address}/edit/main/use_cases/example-case.yaml" in page
