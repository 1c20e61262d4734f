"""The choices of GitHub's issue forms, which its YAML has to repeat, kept as the schema has them.

https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.intake.template import shown_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lerkb.intake.columns import Sheet

#: Where GitHub looks for them, from the root of a repository.
FOLDER: Final = ".github/ISSUE_TEMPLATE"
_ASKED: Final = ("input", "textarea", "dropdown")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ,'’()/-]*(?<! )")


def find_forms(root: Path) -> tuple[Path, ...]:
    """The issue forms of a repository, sorted."""
    return tuple(file for file in sorted((root / FOLDER).glob("*.yml")) if file.stem != "config" and file.is_file())


def with_choices(text: str, known: Sequence[Sheet]) -> str:
    """A form whose lists to choose from are those of the schema; all else stays as it is written.

    Raises:
        yaml.YAMLError: the text is no YAML.
    """
    lines = text.splitlines(keepends=True)
    sheet = _sheet_of(yaml.safe_load(text), known)
    if sheet is None:
        return text
    for first, last, label in sorted(_lists(text), reverse=True):
        found = sheet.find(label)
        if len(found) == 1 and found[0].values:
            indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
            lines[first:last] = [f"{indent}- {_scalar(choice)}\n" for choice in shown_values(found[0])]
    return "".join(lines)


def _sheet_of(form: Any, known: Sequence[Sheet]) -> Sheet | None:
    """The table whose columns ask most of the questions of a form, if they ask most of them."""
    body = form.get("body") if isinstance(form, dict) else None
    items = [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []
    labels = [str(item.get("attributes", {}).get("label", "")) for item in items if item.get("type") in _ASKED]
    hits = [(sum(len(sheet.find(label)) == 1 for label in labels), sheet) for sheet in known if not sheet.part]
    most, sheet = max(hits, key=lambda pair: pair[0])
    return sheet if 2 * most > len(labels) else None


def _lists(text: str) -> Iterator[tuple[int, int, str]]:
    """The lines that each list of choices takes, from the first to the one after the last, and the question it belongs to."""
    for item in _value(yaml.compose(text), "body").value:
        about = _value(item, "attributes")
        options = _value(about, "options")
        if _value(item, "type").value == "dropdown" and options is not None and not options.flow_style:
            entries = options.value
            yield entries[0].start_mark.line, entries[-1].end_mark.line + 1, _value(about, "label").value


def _value(node: Any, name: str) -> Any:
    return next((value for key, value in node.value if key.value == name), None)


def _scalar(text: str) -> str:
    """A choice as YAML text."""
    if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)
