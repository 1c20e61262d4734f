"""``lerkb serve``: what is told before anything is served. What is served is tested in test_live.py."""

import socket

import pytest
from mkdocs.exceptions import MkDocsException


@pytest.fixture
def taken():
    """A port that something else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_told_before_anything_is_read(run_lerkb, make_project, taken):
    run = run_lerkb("serve", "--port", taken, root=make_project())
    assert (run.code, run.out) == (2, "")
    assert run.err == f"lerkb: port {taken} is taken by another program; choose another with --port\n"


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_is_none_is_a_usage_error(run_lerkb, make_project, port):
    assert run_lerkb("serve", "--port", port, root=make_project()).code == 2


def test_mkdocs_is_asked_to_serve_this_machine_only(run_lerkb, make_project, monkeypatch, free):
    asked = {}
    monkeypatch.setattr("mkdocs.commands.serve.serve", lambda **options: asked.update(options))
    root = make_project()
    run = run_lerkb("serve", "--port", free, root=root)
    assert run.code == 0
    assert asked["dev_addr"] == f"127.0.0.1:{free}"
    assert asked["config_file"] == str(root / "mkdocs.yml")
    assert f"http://127.0.0.1:{free}/" in run.err


def test_what_mkdocs_refuses_is_told_in_a_sentence(run_lerkb, make_project, monkeypatch, free):
    def refuse(**options):
        raise MkDocsException("no such theme")

    monkeypatch.setattr("mkdocs.commands.serve.serve", refuse)
    run = run_lerkb("serve", "--port", free, root=make_project())
    assert run.code == 2
    assert run.err.endswith("lerkb: MkDocs could not serve the site: no such theme\n")
