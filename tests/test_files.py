"""Nothing is ever half-written."""

import io
import zipfile
from pathlib import Path

import pytest

from lerkb.errors import RunError
from lerkb.files import swap_folder, write_text, zipped


def tree(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*")
        if file.is_file()
    }


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_text_file_is_written_with_its_folders(tmp_path):
    write_text(tmp_path / "a" / "b.txt", "é\nx\n")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "é\nx\n".encode()


def test_a_text_file_is_replaced_and_leaves_nothing_beside_it(tmp_path):
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")
    write_text(tmp_path / "a.txt", "new")
    assert tree(tmp_path) == {"a.txt": "new"}


def test_a_text_file_that_cannot_be_moved_into_place_leaves_the_old_one(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")

    def refuse(self, target):
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RunError, match=r"a\.txt cannot be written: the disk is gone"):
        write_text(tmp_path / "a.txt", "new")
    assert tree(tmp_path) == {"a.txt": "old"}


def test_a_folder_takes_the_place_of_another(tmp_path):
    new, old = tmp_path / "new", tmp_path / "site"
    for folder, text in ((new, "new"), (old, "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    (old / "gone.html").write_text("old", encoding="utf-8")
    swap_folder(new, old)
    assert tree(tmp_path) == {"site/index.html": "new"}


def test_a_folder_may_be_the_first_in_its_place(tmp_path):
    (tmp_path / "new").mkdir()
    swap_folder(tmp_path / "new", tmp_path / "site")
    assert names(tmp_path) == ["site"]


def test_what_an_interrupted_swap_left_is_cleared_away(tmp_path):
    for name in ("new", "site", ".site.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name, encoding="utf-8")
    swap_folder(tmp_path / "new", tmp_path / "site")
    assert tree(tmp_path) == {"site/index.html": "new"}


def test_the_old_folder_stays_when_the_new_one_cannot_be_moved(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(RunError, match="site cannot be replaced"):
        swap_folder(tmp_path / "missing", tmp_path / "site")
    assert tree(tmp_path) == {"site/index.html": "old"}
    assert names(tmp_path) == ["site"]


def test_a_first_folder_that_cannot_be_moved_leaves_nothing(tmp_path):
    with pytest.raises(RunError, match="site cannot be replaced"):
        swap_folder(tmp_path / "missing", tmp_path / "site")
    assert names(tmp_path) == []


def test_a_zip_of_the_same_files_has_the_same_bytes_in_any_order():
    one = zipped({"a/b.txt": b"b", "a.txt": b"a" * 1000})
    assert one == zipped({"a.txt": b"a" * 1000, "a/b.txt": b"b"})
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert [(entry.filename, entry.date_time[0]) for entry in file.infolist()] == [
            ("a.txt", 1980),
            ("a/b.txt", 1980),
        ]
        assert file.read("a.txt") == b"a" * 1000
    assert len(one) < 500
