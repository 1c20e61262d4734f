"""Renew the two lock files beside this script from pyproject.toml.

    python3 scripts/locks/renew.py                    after a change of pyproject.toml: other versions stay
    python3 scripts/locks/renew.py --upgrade          every package to its newest release
    python3 scripts/locks/renew.py -P mkdocs-material one package

Needs uv (`pip install uv`); all arguments go to `uv pip compile`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN_LOCK = "scripts/locks/run.txt"
TEST_LOCK = "scripts/locks/test.txt"

OPTIONS = [
    "--universal",  # one file for Linux, macOS and Windows
    "--python-version=3.11",  # and for this Python and every later one
    "--generate-hashes",
    "--no-strip-extras",  # pip looks for `coverage[toml]` under that very name, and takes a newer, unpinned one otherwise
    "--no-emit-index-url",  # where packages come from is each machine's own setting
    "--custom-compile-command=python3 scripts/locks/renew.py",
    "--quiet",
]


def compile_lock(groups: list[str], output: str, *extra: str) -> None:
    """Write one lock file: the package's own needs and those of the named dependency groups."""
    uv = [found] if (found := shutil.which("uv")) else [sys.executable, "-m", "uv"]
    named = [f"--group={group}" for group in groups]
    subprocess.run(
        [*uv, "pip", "compile", "pyproject.toml", *named, *OPTIONS, f"--output-file={output}", *extra],
        cwd=ROOT,
        check=True,
    )


def main() -> int:
    """Renew run.txt, then test.txt within the versions run.txt chose: one environment serves both."""
    try:
        compile_lock(["build"], RUN_LOCK, *sys.argv[1:])
        compile_lock(["build", "test", "lint"], TEST_LOCK, f"--constraints={RUN_LOCK}", *sys.argv[1:])
    except subprocess.CalledProcessError as error:
        print("renew: uv could not make the lock file (if it is missing: pip install uv)", file=sys.stderr)
        return int(error.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
