"""What every test may use: a folder made from a few files, the command line, golden files."""

import contextlib
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from lerkb.cli import main
from lerkb.project import Project
from lerkb.schemas import Schemas
from lerkb.validation import validate
from page_types import chosen_pages
from serving import serve

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SAMPLE = TESTS / "sample"
GOLDEN = TESTS / "golden"

#: No test depends on the day on which it runs: no record is overdue.
os.environ["SOURCE_DATE_EPOCH"] = "1764028800"

#: No test depends on how fast the machine is.
settings.register_profile("lerkb", deadline=None)
settings.load_profile("lerkb")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite the files of tests/golden")


@pytest.fixture
def make_project(tmp_path):
    """A copy of the sample with files laid over it: path → text or bytes; None takes a file away."""

    def make(files=None, *, name="base"):
        root = tmp_path / name
        shutil.copytree(SAMPLE, root)
        for path, content in (files or {}).items():
            target = root / path
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return root

    return make


@pytest.fixture(scope="session")
def schemas():
    """The schemas of the repository."""
    return Schemas.load(ROOT / "schemas")


@pytest.fixture(scope="session")
def sample():
    """The sample, validated."""
    return validate(Project.at(SAMPLE))


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The built real library."""
    target = tmp_path_factory.mktemp("library") / "site"
    assert main(["--root", str(ROOT), "build", "--site-dir", str(target)]) == 0
    return target


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory):
    """The built sample."""
    target = tmp_path_factory.mktemp("sample") / "site"
    assert main(["--root", str(SAMPLE), "build", "--site-dir", str(target)]) == 0
    return target


@pytest.fixture(scope="session")
def host(library):
    """The library as a host serves it."""
    with serve(library) as running:
        yield running


@pytest.fixture(scope="session")
def sample_host(sample_site):
    """The sample as a host serves it."""
    with serve(sample_site) as running:
        yield running


@pytest.fixture(scope="session")
def sample_places(sample_site, sample_host):
    """The addresses of the pages that stand for each page type of the sample."""
    return {
        name: [sample_host.address + url for url in urls] for name, urls in chosen_pages(SAMPLE, sample_site).items()
    }


@pytest.fixture(scope="session")
def places(library, host, sample_places):
    """The addresses of the pages that stand for each page type. What the library doesn’t have, the sample does."""
    found = {name: [host.address + url for url in urls] for name, urls in chosen_pages(ROOT, library).items()}
    return {**sample_places, **found}


@dataclass(frozen=True)
class Run:
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_lerkb(monkeypatch):
    """Runs the command line in this process."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*args, root=None):
        out, err = io.StringIO(), io.StringIO()
        options = ["--root", str(root)] if root else []
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*options, *map(str, args)])
        return Run(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def golden(request):
    """Compares a text with a file of tests/golden, byte for byte."""

    def compare(name, text):
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.is_file(), f"{name} is missing; run pytest --update-golden and look at what it writes"
        assert text == file.read_text(encoding="utf-8")

    return compare
