"""Writing to disk so that nothing is ever half-written."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lerkb.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: The earliest day a ZIP file can hold; a clock would make two of the same files differ.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def write_text(path: Path, text: str) -> None:
    """Write a text file at once: beside its place, then moved there.

    Raises:
        RunError: the file cannot be written.
    """
    write_bytes(path, text.encode())


def replace_text(path: Path, old: str, new: str) -> None:
    """Write ``new`` where ``old`` stands, keeping who may read the file.

    Raises:
        RunError: the file has been changed since ``old`` was read, or cannot be written.
    """
    try:
        now = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from error
    if now.replace("\r\n", "\n").replace("\r", "\n") != old.removeprefix("\ufeff").replace("\r\n", "\n").replace(
        "\r", "\n"
    ):
        raise RunError(f"{path} was changed meanwhile; nothing was written to it")
    write_bytes(path, new.encode(), mode)


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file at once: beside its place, then moved there. ``mode``: who may read and write it.

    Raises:
        RunError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(mode)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}") from error


def append_text(path: Path, made: Callable[[int], str]) -> None:
    """Add to the end of a text file what ``made`` makes when told the file’s size in bytes (0 if there is no file yet).

    Raises:
        RunError: the file cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(made(file.tell()))
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}") from error


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of the files, sorted by name: the same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = 0o644 << 16
            made.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return held.getvalue()


def swap_folder(new: Path, old: Path) -> None:
    """Put the folder ``new`` in the place of ``old``. If that fails, ``old`` is as it was.

    Raises:
        RunError: the folders cannot be moved.
    """
    aside = old.with_name(f".{old.name}.old")
    try:
        if aside.exists():
            shutil.rmtree(aside)
        if old.exists():
            old.rename(aside)
        try:
            new.rename(old)
        except OSError:
            if aside.exists():
                aside.rename(old)
            raise
    except OSError as error:
        raise RunError(f"{old} cannot be replaced: {error.strerror}") from error
    shutil.rmtree(aside, ignore_errors=True)
