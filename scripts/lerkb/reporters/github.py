"""For a run on GitHub: annotations beside the lines that are wrong, the whole report folded in the log, a table for the summary.

The commands, their escapes and the limits are those of the runner (https://github.com/actions/runner: ``ActionCommand.cs`` and
``ExecutionContext.cs``) and of
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: of what a step prints, ten annotations of each
severity are kept, each message cut at 4,096 characters, and its summary may have 1 MiB.
"""

from __future__ import annotations

import hashlib
import html
import re
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Final

from lerkb.diagnostics import Severity
from lerkb.reporters import Report, reporter
from lerkb.reporters.text import count, counts, report_text, summary
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.diagnostics import Diagnostic

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
ANNOTATIONS: Final = 10  #: of each level
MESSAGE_LENGTH: Final = 4096
SUMMARY_BYTES: Final = 1024 * 1024


@reporter("github")
def report_github(report: Report) -> str:
    """Annotations on the lines that are wrong, within GitHub’s limits, and the text report folded in the log."""
    if not report.diagnostics:
        return summary(report) + "\n"
    shown = list(_annotated(report.diagnostics))
    left = [item for item in report.diagnostics if item not in shown]
    lines = [*_folded(report_text(report), "All that was found"), *(_annotation(item, report) for item in shown)]
    if left:
        lines.append(
            _command(
                "notice",
                f"{counts(left)} more: GitHub shows no more beside the files. All are in this step’s log and in the run’s summary.",
                title="More was found",
            )
        )
    return "\n".join([*lines, summary(report)]) + "\n"


def _annotated(diagnostics: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """Those that GitHub will show: errors first, and of each severity the first of every file before the second of any."""
    by_severity = {
        severity: [item for item in diagnostics if item.severity is severity]
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    }
    crowded = any(len(items) > ANNOTATIONS for items in by_severity.values())
    for severity, items in by_severity.items():
        # The notice that says that there are more takes a note’s place.
        room = ANNOTATIONS - (crowded and severity is Severity.NOTE)
        files: dict[str, list[Diagnostic]] = {}
        for item in items:
            files.setdefault(item.path, []).append(item)
        rounds = chain.from_iterable(zip_longest(*files.values()))
        yield from sorted(islice((item for item in rounds if item is not None), room))


def _annotation(item: Diagnostic, report: Report) -> str:
    more = f"More: {_page(item, report) or f'lerkb explain {item.code}'}"
    text = "\n".join(visible(part) for part in (item.message, item.hint, more) if part)
    if len(text) > MESSAGE_LENGTH:
        text = text[: MESSAGE_LENGTH - 1] + "…"
    return _command(
        _LEVELS[item.severity],
        text,
        file=report.folder + item.path,
        line=str(item.line),
        col=str(item.column),
        title=f"{item.code} {item.name}",
    )


def _page(item: Diagnostic, report: Report) -> str:
    return f"{report.site.rstrip('/')}/{item.url}" if report.site else ""


def _command(name: str, text: str, **properties: str) -> str:
    """A workflow command. What would end it, or a part of it, is escaped, so that no quoted text can begin a command of its own."""
    written = ",".join(
        f"{key}={_data(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items()
    )
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    writable = text.encode("utf-8", "backslashreplace").decode("utf-8")  # a file name need not be UTF-8
    return writable.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _folded(text: str, title: str) -> Iterator[str]:
    """A text that quotes contributors, folded in the log, in which GitHub heeds no commands.

    The word that ends the pause is the text’s own hash: nobody can write a text that holds its own.
    """
    token = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    yield f"::group::{title}"
    yield f"::stop-commands::{token}"
    yield text.rstrip("\n")
    yield f"::{token}::"
    yield "::endgroup::"


def step_summary(report: Report, room: int = SUMMARY_BYTES) -> str:
    """What was found as a table for the summary of a run, in at most ``room`` bytes; what has no room is counted.

    The table is HTML because a Markdown table would take what contributors wrote for links, images and mentions.
    """
    head = f"### {summary(report)}\n"
    if not report.diagnostics:
        return _fitting([head], room)
    head += "\n<table>\n<tr><th>Place</th><th>Check</th><th>What is wrong, and how to mend it</th></tr>\n"
    foot = "</table>\n"
    by_weight = sorted(report.diagnostics, key=lambda item: list(Severity).index(item.severity))
    rows = [_row(item, report) for item in by_weight]
    whole = _fitting([head, *rows, foot], room)
    if whole:
        return whole
    more = "</table>\n\n{}: the rest is in the log of the step.\n"
    spare = room - _size(head) - _size(more.format(count(len(rows), "more problem")))
    fitting = 0
    for row in rows:
        spare -= _size(row)
        if spare < 0:
            break
        fitting += 1
    return _fitting([head, *rows[:fitting], more.format(count(len(rows) - fitting, "more problem"))], room)


def _fitting(parts: Iterable[str], room: int) -> str:
    text = "".join(parts)
    return text if _size(text) <= room else ""


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _row(item: Diagnostic, report: Report) -> str:
    code = _html(item.code)
    page = _page(item, report)
    if page:
        code = f'<a href="{html.escape(page)}">{code}</a>'
    said = "<br>".join(_html(part) for part in (item.message, item.hint) if part)
    return (
        f"<tr><td><code>{html.escape(visible(report.folder + item.path))}:{item.line}</code></td>"
        f"<td>{item.severity.value} {code}</td><td>{said}</td></tr>\n"
    )


def _html(text: str) -> str:
    """Text as HTML, what stands in backticks as code: there GitHub makes no mention or link of it."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(visible(text)))
