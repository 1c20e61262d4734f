"""What every test may use: a folder made from a few files, the command line, golden files."""

import contextlib
import io
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import sync_playwright

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

#: Nothing is asked of any host but the tests’ own, and no graphics card is needed.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: No test depends on the day on which it runs: no record is overdue.
os.environ["SOURCE_DATE_EPOCH"] = "1764028800"

#: What a test starts can be interrupted, also where the tests run in the background of a shell, which has them ignore Ctrl+C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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


@contextlib.contextmanager
def unmeasured():
    """Coverage stands still: to trace code that runs on every record takes more than twice as long, and smaller tests run the same lines.

    Tests have the marker of this name; this is for what fixtures do. (The `no_cover` of pytest-cov does nothing in a process of pytest-xdist.)
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A test marked `unmeasured` runs without coverage."""
    with unmeasured() if item.get_closest_marker("unmeasured") else contextlib.nullcontext():
        return (yield)


def built_once(root, name, tmp_path_factory):
    """The site built from `root`: once for all processes of a run, whichever needs it first."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    target = shared / name / "site"
    with FileLock(shared / f"{name}.lock"), unmeasured():
        if not target.exists():
            assert main(["--root", str(root), "build", "--site-dir", str(target)]) == 0
    return target


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The built real library."""
    return built_once(ROOT, "library", tmp_path_factory)


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory):
    """The built sample."""
    return built_once(SAMPLE, "sample", tmp_path_factory)


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


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    path = os.environ.get("LERKB_BROWSER")
    if not path:
        pytest.fail(
            os.environ.get("LERKB_BROWSER_MISSING") or "set LERKB_BROWSER to the path of Chromium, Chrome or Edge"
        )
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield made
        made.close()


@pytest.fixture
def open_page(browser, host, sample_host):
    """Opens a page and fails at the end if the console complained or another host was asked."""
    contexts = []
    complaints: list[str] = []
    outside: list[str] = []
    own = (host.address, sample_host.address)

    def open_it(url: str, width: int = 1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((*own, "data:", "blob:")) else outside.append(request.url),
        )
        page.goto(url if url.startswith("http") else host.address + url)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
    assert outside == []


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
