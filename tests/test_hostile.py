"""Files that somebody sent to break something: each ends with a named diagnostic on its line, and with nothing else.

Every file is checked by a process of its own that may use two seconds of a processor and 300 MB of data, no more.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lerkb.project import KIND_FOLDERS, Project
from lerkb.validation import validate
from lerkb.yaml_source import Source, parse_source
from test_cases import CASES, case_files, read_case

ROOT = Path(__file__).parent.parent
SECONDS = 2
BYTES = 300 * 1024 * 1024
RUN = "import sys; from lerkb.cli import main; sys.exit(main(sys.argv[1:]))"
HOSTILE = sorted((CASES / "hostile").iterdir())


def limited():
    """In the child: no more time and memory than this."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))


def lerkb(root, *args):
    """A command in a process with limits, and what it said."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    limits = limited if os.name == "posix" else None
    command = [sys.executable, "-c", RUN, "--root", str(root), *args]
    return subprocess.run(command, capture_output=True, text=True, env=env, preexec_fn=limits, check=False)


def refused(root):
    """What validation says of a base with something hostile in it: path, line and code."""
    done = lerkb(root, "validate", "--format", "json")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1, done.stderr
    diagnostics = json.loads(done.stdout)["diagnostics"]
    assert all(item["message"] and item["name"] for item in diagnostics)
    return sorted((item["path"], item["line"], item["code"]) for item in diagnostics)


def test_there_are_enough_of_them():
    assert len(HOSTILE) + len(GENERATED) + len(PLACED) >= 80


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.stem)
def test_a_hostile_text_ends_with_its_diagnostic(case, make_project):
    path, text, expected = read_case(case.read_bytes().decode("utf-8"))
    assert expected
    assert refused(make_project({path: text})) == sorted((path, line, code) for line, code in expected)


HEAD = b"id: case\ntitle: A case\nstatus: published\n"
#: What would be too large or too odd to keep as a file: name → content, and the line and code that it ends with.
GENERATED = {
    "twelve megabytes of nothing": (b"\0" * 12_000_000, (1, "SYN008")),
    "twelve megabytes of text": (HEAD + b"summary: " + b"word " * 2_400_000, (1, "SYN008")),
    "five megabytes in one line": (b"summary: " + b"a" * 5_000_000, (1, "SYN008")),
    "a NUL": (HEAD + b"summary: a\0b\n", (4, "SYN006")),
    "only NULs": (b"\0" * 1000, (1, "SYN006")),
    "Latin-1": (HEAD + b"summary: caf\xe9\n", (4, "SYN005")),
    "an overlong slash": (HEAD + b"summary: \xc0\xaf\n", (4, "SYN005")),
    "half a surrogate": (HEAD + b"summary: \xed\xa0\x80\n", (4, "SYN005")),
    "a cut letter at the end": (HEAD + b"summary: caf\xc3", (4, "SYN005")),
    "UTF-16 with its mark": ((HEAD + b"summary: x\n").decode().encode("utf-16"), (1, "SYN005")),
    "UTF-32 with its mark": ((HEAD + b"summary: x\n").decode().encode("utf-32"), (1, "SYN005")),
    "a mark inside": (HEAD + b"summary: a\xef\xbb\xbfb\n", (4, "SYN006")),
    "a control of the second set": (HEAD + b"summary: a\xc2\x9bb\n", (4, "SYN006")),
    "thirty thousand dashes": (b"- " * 30_000, (1, "SYN009")),
    "thirty thousand brackets": (b"[" * 30_000, (1, "SYN001")),
    "thirty thousand braces": (b"{a: " * 30_000, (1, "SYN009")),
    "thirty thousand question marks": (b"? " * 30_000, (1, "SYN011")),
    "deep by indent": (b"".join(b" " * n + b"a:\n" for n in range(400)), (33, "SYN009")),
    "sixty thousand values": (HEAD + b"also:\n" + b"- a\n" * 60_000, (50_000, "SYN008")),
    "a ZIP file": (b"PK\x03\x04" + bytes(range(256)) * 40, (2, "SYN005")),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, (1, "SYN005")),
    "nothing at all": (b"", (1, "SYN011")),
    "only a remark": (b"# nothing\n", (1, "SYN011")),
    "only line ends": (b"\n" * 5000, (1, "SYN011")),
}


@pytest.mark.parametrize("name", GENERATED)
def test_hostile_bytes_end_with_a_diagnostic(name, make_project):
    content, expected = GENERATED[name]
    found = refused(make_project({"content/glossary/case.yaml": content}))
    assert {path for path, _, _ in found} == {"content/glossary/case.yaml"}
    assert expected in {(line, code) for _, line, code in found} or expected[1] in {code for _, _, code in found}


def folder(path):
    path.mkdir()


def pipe(path):
    os.mkfifo(path)


def listening(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def link_out(path):
    path.symlink_to("/etc/passwd")


def link_to_nothing(path):
    path.symlink_to("nowhere.yaml")


def link_to_itself(path):
    path.symlink_to(path.name)


def copied(path):
    shutil.copyfile(ROOT / "tests" / "sample" / "principles" / "say-no.yaml", path)


#: What is put where, and how it is told.
PLACED = {
    "a folder named like a record": ("use_cases/case.yaml", folder, "FIL002"),
    "a pipe": ("use_cases/case.yaml", pipe, "FIL002"),
    "a socket": ("content/glossary/c.yaml", listening, "FIL002"),
    "a link out of the tree": ("use_cases/case.yaml", link_out, "FIL001"),
    "a link to nothing": ("use_cases/case.yaml", link_to_nothing, "FIL001"),
    "a link to itself": ("use_cases/case.yaml", link_to_itself, "FIL001"),
    "a linked folder": ("use_cases/more", lambda path: path.symlink_to("/tmp"), "FIL001"),  # noqa: S108 - never followed
    "a link among the pages": ("content/pages/out.md", link_out, "FIL001"),
    "a record called by capitals": ("use_cases/case.YAML", copied, "FIL003"),
    "a text file": ("use_cases/case.txt", copied, "FIL003"),
    "a copy beside it": ("principles/say-no.yaml.json", copied, "FIL003"),
    "a name with a line end": ("principles/a\nb.yaml", copied, "FIL002"),
    "a record in the root": ("say-no.yaml", copied, "FIL004"),
    "a record in content": ("content/say-no.yaml", copied, "FIL004"),
    "a record among the pages": ("content/pages/say-no.yaml", copied, "FIL004"),
    "a record in a folder of pages": ("content/pages/principles/say-no.yaml", copied, "FIL004"),
    "names that differ in capitals": ("principles/Say-No.yaml", copied, "IDN003"),
    "a name in another normal form": ("principles/cafe\u0301.yaml", copied, "IDN003"),
    "two endings": ("principles/say-no.yml", copied, "IDN002"),
}


@pytest.mark.skipif(os.name != "posix", reason="pipes and links as POSIX has them")
@pytest.mark.parametrize("name", PLACED)
def test_what_is_no_record_file_ends_with_a_diagnostic(name, make_project):
    path, put, code = PLACED[name]
    root = make_project()
    (root / path).parent.mkdir(exist_ok=True)
    put(root / path)
    shown = path.replace("\n", "·")
    assert (shown, code) in {(item[0], item[2]) for item in refused(root)}


@pytest.mark.parametrize("wrong", ["use-cases", "usecases", "Use_Cases", "content/pilot", "principle"])
def test_a_record_in_a_folder_of_nearly_the_right_name_is_told(wrong, make_project):
    root = make_project()
    (root / wrong).mkdir()
    copied(root / wrong / "say-no.yaml")
    assert [(path, code) for path, _, code in refused(root)] == [(f"{wrong}/say-no.yaml", "FIL004")]


def test_what_editors_leave_behind_is_passed_over(make_project):
    root = make_project()
    for name in (".case.yaml.swp", "case.yaml~", "#case.yaml#", ".DS_Store", "README.md", ".hidden.yaml"):
        (root / "use_cases" / name).write_text("id: x\n", encoding="utf-8")
    assert validate(Project.at(root)).diagnostics == ()


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_checked(make_project, monkeypatch):
    root = make_project({"content/glossary/case.yaml": "id: case\n", "content/glossary/other.yaml": "id: other\n"})
    real = os.open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("case.yaml"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    found = {(item.path, item.code) for item in validate(Project.at(root)).diagnostics}
    assert ("content/glossary/case.yaml", "FIL005") in found
    assert ("content/glossary/other.yaml", "SCH002") in found


def test_a_file_that_changes_while_it_is_read_is_told(make_project, monkeypatch):
    root = make_project({"content/glossary/case.yaml": "id: case\n"})
    real, sizes = os.fstat, iter(range(1000))

    class Grown:
        def __init__(self, stat):
            self.st_mode, self.st_mtime_ns, self.st_size = stat.st_mode, stat.st_mtime_ns, next(sizes)

    monkeypatch.setattr(os, "fstat", lambda number: Grown(real(number)))
    found = {item.code for item in validate(Project.at(root)).diagnostics if item.path == "content/glossary/case.yaml"}
    assert found == {"FIL006"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only the system's owner can become nobody")
def test_a_file_that_nobody_may_read(make_project, tmp_path):
    root = make_project({"content/glossary/case.yaml": HEAD + b"summary: A thing.\n"})
    (root / "content/glossary/case.yaml").chmod(0o000)
    for folder_above in (root, *root.parents):
        if folder_above.is_relative_to("/tmp"):  # noqa: S108 - where pytest makes its folders
            folder_above.chmod(0o755)
    command = [sys.executable, "-c", RUN, "--root", str(root), "validate", "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env, user=65534, check=False)
    except PermissionError:
        pytest.skip("nobody may not start the interpreter of this machine")
    if done.returncode not in (0, 1):
        pytest.skip("nobody may not read the interpreter of this machine")
    assert [item["code"] for item in json.loads(done.stdout)["diagnostics"]] == ["FIL005"]


def test_a_refused_build_leaves_the_site_as_it_was(make_project, tmp_path):
    root = make_project()
    site = tmp_path / "site"
    assert lerkb(root, "validate").returncode == 0
    site.mkdir()
    (site / "index.html").write_text("as it was", encoding="utf-8")
    shutil.copyfile(CASES / "hostile" / "script.yaml", root / "content" / "glossary" / "case.yaml")
    (root / "principles" / "case.yaml").symlink_to("/etc/passwd")
    done = lerkb(root, "build", "--site-dir", str(site))
    assert done.returncode == 1
    assert "nothing was built" in done.stderr
    assert [file.name for file in site.iterdir()] == ["index.html"]
    assert (site / "index.html").read_text(encoding="utf-8") == "as it was"


POISON = {
    "SAF001": "<script>alert(1)</script>",
    "SAF002": "{{ 7*7 }}",
    "SAF003": "[a](javascript:alert(1))",
    "SAF004": "a\u200bb",
    "SAF009": "=cmd|' /C calc'!A0",
    "PRV001": "rosa@example.org",
}


def fullest(kind):
    """The record of the cases in pass/ that has every field of its kind."""
    for case in sorted((CASES / "pass").iterdir()):
        for text in case_files(case):
            path, record, _ = read_case(text)
            if path.startswith(KIND_FOLDERS[kind] + "/") and "fullest" in case.name:
                return parse_source(kind, path, Path(path).stem, record.encode())
    raise LookupError(kind)


@pytest.mark.parametrize("code", POISON)
@pytest.mark.parametrize("kind", KIND_FOLDERS)
def test_no_text_field_of_any_kind_lets_it_pass(kind, code, schemas):
    """Each text, one after the other: what is hostile in it is told at its own place."""
    from lerkb.checks import find_check

    check = find_check(code)
    source = fullest(kind)
    poisoned = [place for place, _, _ in schemas.values(kind, source.data, "prose")]
    assert poisoned
    for place in poisoned:
        data = json.loads(json.dumps(source.data))
        holder = data
        for part in place[:-1]:
            holder = holder[part]
        holder[place[-1]] = POISON[code]
        text = json.dumps(data, ensure_ascii=False)
        made = Source(kind, source.path, source.stem, text, data, (), data)
        assert place in [problem.field for problem in check.run(made)], place
