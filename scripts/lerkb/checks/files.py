"""Files as such: whether what lies in the folders can be a record at all. Nothing that is no plain file is ever opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.project import KIND_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lerkb.diagnostics import Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project, Stray
    from lerkb.yaml_source import Source

_SAID: Final = Catalogue("files")


#: What was found in the folders, once a validation: four checks tell of it, and a walk takes as long as a check.
_WALKED: Final[WeakKeyDictionary[KnowledgeBase, tuple[Stray, ...]]] = WeakKeyDictionary()


def _strays(base: KnowledgeBase, project: Project, messages: Mapping[str, str]) -> Iterator[tuple[str, Problem]]:
    """What of the strays a check tells: reason → message."""
    if base not in _WALKED:
        _WALKED[base] = project.find_strays()
    for stray in _WALKED[base]:
        if stray.why in messages:
            better = stray.better or f"the folders are {', '.join(sorted(KIND_FOLDERS.values()))}"
            hint = f"move it: {better}" if stray.better and stray.why == "misplaced" else None
            yield stray.path, _SAID.problem(messages[stray.why], (), hint=hint, better=better)


@check("FIL001", Severity.ERROR, Scope.BASE)
def link(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """A link stands in the place of a file or folder

    A link can lead out of the knowledge base, to a file that nobody meant to publish.

    Bad:
        use_cases/my-record.yaml -> /home/me/notes.yaml
    Good:
        use_cases/my-record.yaml (the file itself)
    """
    return _strays(base, project, {"link": "link"})


@check("FIL002", Severity.ERROR, Scope.BASE)
def no_file(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """Something in a folder of records is no file, or has a name that cannot be shown

    A folder named like a record, a pipe or a device, a name with a line end in it: each would be passed over or break a program.

    Bad:
        use_cases/my-record.yaml/ (a folder)
    Good:
        use_cases/my-record.yaml (a file)
    """
    return _strays(base, project, {"folder": "no-file.folder", "no-file": "no-file.other", "name": "no-file.name"})


@check("FIL003", Severity.ERROR, Scope.BASE)
def passed_over(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """A file in a folder of records is no record

    Records are files that end in `.yaml`. Anything else there would be passed over without a word.

    Bad:
        use_cases/my-record.txt
    Good:
        use_cases/my-record.yaml
    """
    return _strays(base, project, {"suffix": "passed-over.suffix", "no-record": "passed-over.other"})


@check("FIL004", Severity.ERROR, Scope.BASE)
def misplaced(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """A record lies in the wrong folder

    Each kind of record has its folder. What lies beside them is not looked at, so the record would be missing from the site.

    Bad:
        use-cases/my-record.yaml
    Good:
        use_cases/my-record.yaml
    """
    return _strays(base, project, {"misplaced": "misplaced"})


@check("FIL005", Severity.ERROR, Scope.SOURCE)
def unreadable_file(source: Source) -> Iterator[Problem]:
    """A file cannot be read

    Nobody may read it, it vanished, or the disk fails.

    Bad:
        (a file that only its owner may read)
    Good:
        (a file that everybody may read)
    """
    for fault in source.faults:
        if fault.kind == "unreadable":
            yield _SAID.problem("unreadable-file", (), place=(1, 1), **fault.values)


@check("FIL006", Severity.ERROR, Scope.SOURCE)
def changing_file(source: Source) -> Iterator[Problem]:
    """A file changes while it is read

    What was read may be half of the old and half of the new.

    Bad:
        (a file that a program is still writing)
    Good:
        (a file that is complete)
    """
    for fault in source.faults:
        if fault.kind == "changing":
            yield _SAID.problem("changing-file", (), place=(1, 1))
