"""Four kinds of ending, kept apart; mistyped commands; versions."""

import errno
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import lerkb
from lerkb.cli import cli, main
from lerkb.terminal import as_typed, wants_colour


def test_the_version_is_that_of_the_package(run_lerkb):
    run = run_lerkb("--version")
    assert (run.code, run.out.split()) == (0, ["lerkb,", "version", lerkb.__version__])


def test_help_goes_to_standard_output(run_lerkb):
    run = run_lerkb("validate", "-h")
    assert run.code == 0
    assert "Usage: lerkb validate" in run.out


@pytest.mark.parametrize(("mistyped", "meant"), [("valdate", "validate"), ("biuld", "build"), ("exprt", "export")])
def test_a_mistyped_command_suggests_the_nearest(run_lerkb, mistyped, meant):
    run = run_lerkb(mistyped)
    assert run.code == 2
    assert f"Did you mean '{meant}'?" in run.err
    assert run.out == ""


def test_a_command_that_is_like_no_other_suggests_nothing(run_lerkb):
    run = run_lerkb("xyzzy")
    assert run.code == 2
    assert "No such command" in run.err
    assert "Did you mean" not in run.err


@pytest.mark.parametrize("args", [("validate", "--nothing"), ("validate", "--format", "prose"), ("explain", "a", "b")])
def test_a_command_used_wrongly_ends_with_2(run_lerkb, args):
    run = run_lerkb(*args)
    assert run.code == 2
    assert "Traceback" not in run.err


def test_a_folder_that_is_no_knowledge_base_ends_with_2_and_a_sentence(run_lerkb, tmp_path):
    run = run_lerkb("validate", root=tmp_path / "nowhere")
    assert run.code == 2
    assert run.err == f"lerkb: {tmp_path / 'nowhere'} is not a folder\n"


def test_without_root_the_knowledge_base_above_is_used(run_lerkb, make_project, monkeypatch):
    root = make_project()
    monkeypatch.chdir(root / "content" / "pilots")
    run = run_lerkb("validate")
    assert (run.code, run.err) == (0, "")


def test_a_bug_of_ours_ends_with_3_and_its_traceback(run_lerkb, make_project, monkeypatch):
    def broken(*given):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("lerkb.cli.validate.validate", broken)
    run = run_lerkb("validate", root=make_project())
    assert run.code == 3
    assert "Traceback" in run.err
    assert "ZeroDivisionError: a bug" in run.err
    assert "this is a bug of lerkb, not of your records" in run.err
    assert run.out == ""


def ending(monkeypatch, error):
    def stop(**options):
        raise error

    monkeypatch.setattr(cli, "main", stop)
    return main([])


def test_a_run_that_is_broken_off_ends_as_shells_expect(monkeypatch):
    assert ending(monkeypatch, click.Abort()) == 130


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ENAMETOOLONG])
def test_what_the_system_refuses_is_no_bug_of_ours(monkeypatch, capsys, number):
    assert ending(monkeypatch, OSError(number, os.strerror(number), "/a/folder")) == 2
    assert capsys.readouterr().err == f"lerkb: /a/folder cannot be used: {os.strerror(number)}\n"
    assert ending(monkeypatch, OSError(number, os.strerror(number))) == 2
    assert "a file cannot be used" in capsys.readouterr().err


def test_a_file_of_ours_that_is_missing_is_a_bug(monkeypatch, capsys):
    assert ending(monkeypatch, FileNotFoundError(errno.ENOENT, "No such file", "ours")) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["export", "jsn"], "json"),
        (["validate", "--format", "sarf"], "sarif"),
        (["template", "xslx", "term"], "xlsx"),
        (["diff", ".", "--format", "markdwn"], "markdown"),
    ],
)
def test_a_mistyped_choice_is_told_with_the_nearest(run_lerkb, make_project, arguments, near):
    run = run_lerkb(*arguments, root=make_project())
    assert run.code == 2
    assert f"Did you mean '{near}'?" in run.err


def test_commands_are_named_as_they_can_be_typed(monkeypatch):
    assert as_typed("checks") == "lerkb checks"
    assert as_typed("--root", "our library", "serve") == 'lerkb --root "our library" serve'
    monkeypatch.setenv("LERKB_PROGRAM", "python3 scripts/kb.py")
    assert as_typed("checks") == "python3 scripts/kb.py checks"


def test_a_reader_that_goes_away_is_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert ending(monkeypatch, BrokenPipeError()) == 0


def test_the_installed_command_gives_its_exit_code_to_the_shell():
    command = shutil.which("lerkb", path=Path(sys.executable).parent)
    done = subprocess.run([command, "explain", "REF999"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no check is called 'REF999'" in done.stderr


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "settings", "colour"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(stream, settings, colour, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert bool(wants_colour(stream)) is colour
