"""A knowledge base as it stood at a revision of its Git repository, laid out in a folder of its own."""

from __future__ import annotations

import io
import subprocess
import tarfile
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lerkb.errors import RunError
from lerkb.project import CONFIG_NAME, KIND_FOLDERS, Project

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is needed of a revision: its records, and what they were checked by.
_PARTS: Final = (CONFIG_NAME, "schemas", *KIND_FOLDERS.values())


class _NoGitError(RunError):
    """The program is missing."""


def run_git(root: Path, *arguments: str) -> bytes:
    """What a Git command prints.

    Raises:
        RunError: Git is missing, or refuses.
    """
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)  # noqa: S603, S607 - git as the user has it
    except OSError as error:
        raise _NoGitError("Git was not found; install it, or name two folders") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RunError(f"git {arguments[0]}: {said[-1] if said else 'failed'}")
    return done.stdout


def find_commit(root: Path, name: str) -> str:
    """The full hash of the commit that a branch, tag or hash names.

    Raises:
        RunError: none does.
    """
    try:
        return run_git(root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    except _NoGitError:
        raise
    except RunError as error:
        raise RunError(f"{name!r} is {_missing(root, name)}") from error


def _missing(root: Path, name: str) -> str:
    """Why a name means nothing, and what to do."""
    if Path(name).is_dir():
        return f"a folder without {CONFIG_NAME}, so it is no knowledge base"
    history = _no_history(root)
    if history:
        return f"no folder of a knowledge base, and {history} to look for a branch, tag or commit; name two folders"
    nothing = "no folder and no branch, tag or commit of this repository"
    if _answers(root, "rev-parse", "--verify", "--end-of-options", f"refs/remotes/origin/{name}"):
        return f"{nothing}. Did you mean 'origin/{name}'?"
    return f"{nothing} (a shallow copy lacks older commits: `git fetch --unshallow`)"


def _no_history(root: Path) -> str:
    """Why there is no commit at all; empty if there is one."""
    if not _answers(root, "rev-parse", "--git-dir"):
        return "there is no Git repository here"
    return "" if _answers(root, "rev-parse", "--verify", "HEAD") else "this Git repository has no commit yet"


def _answers(root: Path, *arguments: str) -> bool:
    try:
        run_git(root, *arguments)
    except RunError:
        return False
    return True


def merge_base(root: Path, one: str, other: str) -> str:
    """The commit where two lines of work parted; ``one`` itself if they share none."""
    try:
        return run_git(root, "merge-base", one, other).decode().strip()
    except RunError:
        return one


@contextmanager
def revision(project: Project, commit: str) -> Iterator[Project]:
    """The knowledge base as of a commit, in a folder that is gone afterwards. Links in it lead nowhere outside.

    Raises:
        RunError: the commit holds no knowledge base there.
    """
    # Both commands take paths, and tell them, from where they run: the root of the knowledge base, wherever that lies.
    listed = run_git(project.root, "ls-tree", "-z", "--name-only", commit, *_PARTS)
    parts = [name for name in listed.decode(errors="replace").split("\0") if name]
    if CONFIG_NAME not in parts:
        raise RunError(f"{commit[:12]} has no {CONFIG_NAME}, so there is no knowledge base to compare with")
    archive = run_git(project.root, "archive", "--format=tar", commit, "--", *parts)
    with TemporaryDirectory(prefix="lerkb-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter=_plain_files)  # noqa: S202 - the filter lets nothing out of the folder
        yield Project.at(Path(folder))


def _plain_files(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Folders and plain files only: a link is nothing that a record could be read from."""
    return tarfile.data_filter(member, folder) if member.isfile() or member.isdir() else None


def commit_date(root: Path, commit: str) -> str:
    """The day of a commit, as its author’s calendar had it: ``2026-01-31``."""
    return run_git(root, "show", "--no-patch", "--format=%as", commit).decode().strip()


def commit_of_day(root: Path, day: str) -> str:
    """The newest commit of the present line of work that is not younger than the end of a day (UTC).

    Raises:
        RunError: there is none.
    """
    try:
        found = run_git(root, "rev-list", "-1", f"--before={day}T23:59:59Z", "HEAD").decode().strip()
    except _NoGitError:
        raise
    except RunError as error:
        history = _no_history(root) or str(error)
        raise RunError(f"{history}, and only commits tell what changed since {day}") from error
    if not found:
        raise RunError(f"no commit is as old as {day}; name a later day, or a commit")
    return found


def trailers(root: Path, first: str, last: str, name: str) -> tuple[str, ...]:
    """What the commits after ``first`` up to ``last`` say behind ``name:`` at the end of their messages, oldest first, each once.

    https://git-scm.com/docs/git-interpret-trailers
    """
    form = f"--format=%(trailers:key={name},valueonly,unfold,separator=%x00)%x00"
    said = run_git(root, "log", "--reverse", form, f"{first}..{last}").decode(errors="replace")
    return tuple(dict.fromkeys(text for part in said.split("\0") if (text := " ".join(part.split()))))
