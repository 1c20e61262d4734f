"""The live preview: what is read again, what is rendered again, and one real server."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.livereload import LiveReloadServer

from lerkb.cli.build import load_config
from lerkb.project import Project
from lerkb.site import live
from lerkb.site.live import SourceCache, other_files

CASE = "use_cases/card-leaves-the-bakery.yaml"
CASE_PAGE = "/use-cases/card-leaves-the-bakery/"


def save(file: Path, text: str) -> None:
    """Write as careful editors do: beside its place, then moved there, so that nobody ever reads half of it."""
    aside = file.parent.parent / f".{file.name}.saved"
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    save(root / path, text.replace(old, new))


# What is read again


@pytest.fixture
def read(monkeypatch):
    """The paths of the records read since the last look."""
    paths = []
    load = live.load_source

    def noted(kind, path, file):
        paths.append(path)
        return load(kind, path, file)

    monkeypatch.setattr(live, "load_source", noted)

    def since():
        seen = sorted(paths)
        paths.clear()
        return seen

    return since


def test_only_what_changed_is_read_again(make_project, read):
    root = make_project()
    cache = SourceCache(Project.at(root))
    everything = {source.path for source in cache.load()}
    assert read() == sorted(everything)
    assert {source.path for source in cache.load()} == everything
    assert read() == []
    edit(root, CASE, "The card that leaves", "The card that left")
    assert cache.validate().base.get("use-case", "card-leaves-the-bakery").title == "The card that left the bakery"
    assert read() == [CASE]


def test_what_is_new_is_read_and_what_is_gone_is_forgotten(make_project, read):
    root = make_project()
    cache = SourceCache(Project.at(root))
    cache.load()
    read()
    save(root / "content" / "glossary" / "oven.yaml", "id: oven\n")
    (root / CASE).unlink()
    paths = {source.path for source in cache.load()}
    assert read() == ["content/glossary/oven.yaml"]
    assert "content/glossary/oven.yaml" in paths
    assert CASE not in paths


def test_a_file_that_vanishes_while_it_is_looked_at_is_left_out(make_project, monkeypatch):
    root = make_project()
    cache = SourceCache(Project.at(root))
    load = live.load_source

    def gone(kind, path, file):
        if path == CASE:
            raise FileNotFoundError(path)
        return load(kind, path, file)

    monkeypatch.setattr(live, "load_source", gone)
    assert CASE not in {source.path for source in cache.load()}


# What is rendered again: a preview without a network


class Preview:
    """What `lerkb serve` sets up, with the server asked directly."""

    def __init__(self, root: Path, site: Path) -> None:
        self.root = root
        self.config = load_config(root / "mkdocs.yml", site)
        plugin = self.config.plugins["lerkb"]
        plugin.cache, plugin.was_broken = (
            None,
            False,
        )  # MkDocs keeps one plugin for the whole process, and so for all tests
        self.full_builds = 0
        self.build()
        self.server = LiveReloadServer(self.build, "127.0.0.1", 0, str(site))
        for path in (self.config.docs_dir, self.config.config_file_path):
            self.server.watch(path)
        self.server = self.config.plugins.on_serve(self.server, config=self.config, builder=self.build)

    def build(self) -> None:
        self.full_builds += 1
        self.config.plugins.on_startup(command="serve", dirty=False)
        build(self.config)

    def get(self, path: str) -> str:
        """The page at an address, or its status if that is not 200."""
        statuses = []
        body = self.server.application(
            {"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda *head: statuses.append(head[0])
        )
        text = b"".join(body).decode()
        if hasattr(body, "close"):
            body.close()
        return text if statuses == ["200 OK"] else statuses[0]

    def saved(self) -> None:
        """What the server does when it has heard of a change."""
        self.server.builder()


@pytest.fixture
def preview(make_project, tmp_path):
    made = Preview(make_project(), tmp_path / "preview")
    yield made
    made.server.server_close()


def test_a_preview_shows_drafts(preview):
    assert "A draft that is not published" in preview.get("/use-cases/a-draft-case/")


def test_an_edited_record_shows_at_once_without_a_full_build(preview):
    assert "The card that leaves the bakery" in preview.get(CASE_PAGE)
    edit(preview.root, CASE, "The card that leaves", "The card that left")
    preview.saved()
    assert preview.full_builds == 1
    assert "<h1>The card that left the bakery</h1>" in preview.get(CASE_PAGE)
    assert "The card that left the bakery" in preview.get("/use-cases/index.html")
    assert "The card that left the bakery" in preview.get("/pilots/bakery-cards/")


def test_a_page_is_rendered_once_after_an_edit(preview, monkeypatch):
    edit(preview.root, CASE, "The card that leaves", "The card that left")
    preview.saved()
    written = []
    write = live.write_file
    monkeypatch.setattr(live, "write_file", lambda content, path: (written.append(path), write(content, path)))
    for _ in range(3):
        preview.get(CASE_PAGE)
    assert len(written) == 1


def test_a_page_that_could_not_be_rendered_is_tried_again(preview, monkeypatch):
    edit(preview.root, CASE, "The card that leaves", "The card that left")
    preview.saved()

    def fail(content, path):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(live, "write_file", fail)
        with pytest.raises(OSError, match="No space left"):
            preview.get(CASE_PAGE)
    assert "The card that left the bakery" in preview.get(CASE_PAGE)


def test_a_broken_record_shows_what_is_wrong_and_the_page_comes_back(preview, caplog):
    whole = (preview.root / CASE).read_text(encoding="utf-8")
    save(preview.root / CASE, whole.replace("reads_as: mixed", "reads_as: sunny"))
    preview.saved()
    page = preview.get(CASE_PAGE)
    assert "A record could not be shown" in page
    assert "SCH004" in page
    assert "SCH004" in caplog.text
    assert "Keep it small" in preview.get("/principles/keep-it-small/")
    save(preview.root / CASE, whole)
    preview.saved()
    assert "<h1>The card that leaves the bakery</h1>" in preview.get(CASE_PAGE)
    assert "All records are in order again." in caplog.text
    assert preview.full_builds == 1


def test_a_new_record_gets_its_page(preview):
    page = "/use-cases/another-card/"
    assert preview.get(page) == "404 Not Found"
    text = (preview.root / CASE).read_text(encoding="utf-8")
    save(
        preview.root / "use_cases" / "another-card.yaml", text.replace("id: card-leaves-the-bakery", "id: another-card")
    )
    preview.saved()
    assert preview.full_builds == 2
    assert "The card that leaves the bakery" in preview.get(page)


def test_a_page_that_people_write_goes_to_a_full_build(preview):
    about = preview.root / "content" / "pages" / "about.md"
    save(about, about.read_text(encoding="utf-8") + "\nA line of today.\n")
    preview.saved()
    assert preview.full_builds == 2
    assert "A line of today." in preview.get("/about/")


def test_a_preview_begun_with_a_broken_record_says_so(make_project, tmp_path, caplog):
    made = Preview(make_project({"content/glossary/wrong.yaml": "id: wrong\n"}), tmp_path / "preview")
    with contextlib.closing(made.server.socket):
        assert "SCH002" in caplog.text
        assert "SCH002" in made.get("/glossary/")


def test_time_and_size_tell_of_other_files_and_one_that_vanishes_is_left_out(make_project, tmp_path, monkeypatch):
    root = make_project()
    config = load_config(root / "mkdocs.yml", tmp_path / "site")
    before = other_files(config)
    assert {Path(file).name for file in before} >= {"mkdocs.yml", "about.md"}
    (root / "content" / "pages" / "lost.md").symlink_to(root / "nowhere.md")
    assert other_files(config) == before


# One real server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A running `lerkb serve`. It is waited for by reading what it says and by its own long poll, never by the clock."""

    def __init__(self, root: Path) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from lerkb.cli import main; sys.exit(main())",
                "--root",
                root,
                "serve",
                "--port",
                str(port),
            ],
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.epoch = 0
        self.said = self.read_until("Serving on")

    def read_until(self, words: str) -> str:
        said = ""
        while words not in said:
            line = self.process.stderr.readline()
            assert line, f"the server ended:\n{said}"
            said += line
        return said

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:  # noqa: S310 - an address of our own
            text = answer.read().decode()
        if found := re.search(r"livereload\((\d+), \d+\)", text):
            self.epoch = int(found[1])
        return text

    def wait_for_change(self) -> None:
        """Return when the server has taken up a change made after the last page was got."""
        answered = int(self.get(f"/livereload/{self.epoch}/1"))
        assert answered > self.epoch, "the server heard of no change"
        self.epoch = answered

    def stop(self) -> int:
        if os.name == "nt":
            self.process.terminate()
        else:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait()
        self.process.stderr.close()
        return code


@pytest.fixture
def served(make_project):
    made = Served(make_project())
    made.root = Path(made.process.args[4])
    yield made
    if made.process.poll() is None:
        made.stop()


def test_the_server_follows_an_edit_a_slip_its_mending_and_a_new_record(served):
    assert "Reading the records" in served.said
    assert "<h1>The card that leaves the bakery</h1>" in served.get(CASE_PAGE)

    edit(served.root, CASE, "The card that leaves", "The card that left")
    served.wait_for_change()
    assert "<h1>The card that left the bakery</h1>" in served.get(CASE_PAGE)

    edit(served.root, CASE, "reads_as: mixed", "reads_as: sunny")
    served.wait_for_change()
    page = served.get(CASE_PAGE)
    assert "A record could not be shown" in page
    assert "SCH004" in page
    assert f"{CASE}:4:11: SCH004" in served.read_until("1 error")

    edit(served.root, CASE, "reads_as: sunny", "reads_as: mixed")
    served.wait_for_change()
    assert "<h1>The card that left the bakery</h1>" in served.get(CASE_PAGE)
    served.read_until("All records are in order again.")

    text = (served.root / CASE).read_text(encoding="utf-8")
    new = text.replace("id: card-leaves-the-bakery", "id: another-card").replace(
        "The card that left", "Another card of"
    )
    save(served.root / "use_cases" / "another-card.yaml", new)
    served.wait_for_change()
    assert "<h1>Another card of the bakery</h1>" in served.get("/use-cases/another-card/")

    if os.name != "nt":
        assert served.stop() == 0
