"""``lerkb import``: answers from a spreadsheet or an issue form become drafts."""

from __future__ import annotations

import dataclasses
import re
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lerkb.cli import OK, WRONG, NearChoice, nearest_name, next_command, project
from lerkb.diagnostics import Severity, json_pointer
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.terminal import wants_colour
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from lerkb.diagnostics import Diagnostic
    from lerkb.intake import Cell, Slip, Table
    from lerkb.intake.drafts import Draft
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.schemas import Schemas
    from lerkb.validation import Validation

#: How a file is read, by the ending of its name.
SUFFIXES: Final = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".md": "issue",
    ".txt": "issue",
}
_NO_ENDING: Final = "its ending does not tell what it is; name it with --from issue, xlsx or csv"
_LETTER: Final = "it is a letter, not a table; copy the answers into a spreadsheet that `template` makes"
#: Files that people try, and what to do with them instead.
_OTHER_FILES: Final = {
    ".yaml": "it is a record already; put it into the folder of its kind, and `validate` checks it there",
    ".yml": "it is a record already; put it into the folder of its kind, and `validate` checks it there",
    ".docx": _LETTER,
    ".doc": _LETTER,
    ".odt": _LETTER,
    ".pdf": "what is in it cannot be told apart; copy the answers into a spreadsheet that `template` makes",
    ".numbers": "export it as .xlsx or as CSV in the program it was made with",
}
#: A cell or a line, at the end of a place.
_CELL: Final = re.compile(r"[!:]([A-Z]*)([0-9]+)\Z")
#: A file must have the field, or it must have one of several: the checks say so of the draft, and more answers mend it.
_UNFINISHED: Final = frozenset({"SCH002", "SCH007"})


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--from",
    "source",
    type=NearChoice(["issue", "xlsx", "csv"]),
    help="What the file is (default: by its ending; xlsx also reads .ods and .xls; - reads an issue from standard input).",
)
@click.option(
    "--kind",
    "what",
    metavar="WHAT",
    default="",
    help="What the rows are, if the headings fit several kinds: as `lerkb template` names it.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; print the drafts.")
@click.pass_context
def command(context: click.Context, file: Path, source: str | None, what: str, *, dry_run: bool) -> int:
    """Make drafts of the answers in FILE: a filled template, or the body of an issue written with a form.

    A record that is there is never changed. If a cell cannot be understood, everything that is wrong is listed and nothing is written. The
    drafts are checked, and what they still lack is listed; the command then ends as `validate` does.
    """
    from lerkb.checks.lifecycle import today
    from lerkb.intake.drafts import make_drafts
    from lerkb.intake.issue import corrected_page
    from lerkb.validation import load_sources, validate_sources
    from lerkb.yaml_source import parse_source

    found = project(context)
    tables, slips = _read(file, source)
    sources = load_sources(found)
    base = validate_sources(found, sources, frozenset(), frozenset()).base
    page = corrected_page(tables)
    if page is not None:
        raise RunError(_correction(context, found, base, page))
    taken = {(record.kind, record.stem): record.path for record in found.find_records()}
    intake = make_drafts(tables, base, taken, today(), _known(what, base.schemas))
    drafts = [dataclasses.replace(draft, text=found.modeline(draft.kind) + draft.text) for draft in intake.drafts]
    if not drafts and not intake.slips and not slips:
        raise RunError(f"{file} holds no answers")
    made = [parse_source(draft.kind, draft.path, draft.id, draft.text.encode()) for draft in drafts]
    named = frozenset(draft.path for draft in drafts)
    validation = validate_sources(found, [*sources, *made], None, named)
    told, rest = _sorted_out(drafts, validation.diagnostics)
    slips = [*slips, *intake.slips, *told]
    stopped = any(slip.stops for slip in slips)
    if stopped:  # what is wrong besides is told now, not after the next try
        slips += _besides(rest, {slip.place for slip in slips})
    slips.sort(key=partial(_order, [table.place for table in tables]))
    _say(slips)
    if stopped:
        number = sum(slip.stops for slip in slips)
        click.echo(
            f"nothing was written: {number:,} {'thing' if number == 1 else 'things'} to mend in {file}", err=True
        )
        return WRONG
    if dry_run:
        for draft in drafts:
            click.echo(f"==> {draft.path} <==\n{draft.text}")
    else:
        _write(found, drafts)
        for draft in drafts:
            click.echo(draft.path)
    left = [_with_place(place, item) for place, item in rest]
    _report(found, left, validation, named)
    return WRONG if any(item.severity is Severity.ERROR for item in left) else OK


def _read(file: Path, source: str | None) -> tuple[list[Table], list[Slip]]:
    from lerkb.intake.issue import parse_issue
    from lerkb.intake.spreadsheet import MOST_BYTES, read_csv, read_workbook

    piped = str(file) == "-"
    name = "issue" if piped else file.name
    if not piped and file.is_dir():
        raise RunError(f"{file} is a folder; name the file in it")
    if not piped and not file.exists():
        near = (
            nearest_name(name, [other.name for other in sorted(file.parent.iterdir())]) if file.parent.is_dir() else ""
        )
        raise RunError(f"{file} does not exist.{near}")
    form = source or ("issue" if piped else SUFFIXES.get(file.suffix.casefold(), ""))
    if not form:
        raise RunError(f"{name}: {_OTHER_FILES.get(file.suffix.casefold(), _NO_ENDING)}")
    try:
        with nullcontext(sys.stdin.buffer) if piped else file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RunError(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise RunError(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB; a file of answers is far smaller. Copy the answers into a fresh template"
        )
    if not content.strip():
        raise RunError(f"{name} is empty")
    if form == "xlsx":
        return read_workbook(name, content)
    if form == "csv":
        return read_csv(name, content)
    try:
        return parse_issue(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RunError(f"{name} is not UTF-8 text; save the body of the issue as GitHub gives it") from None


def _correction(context: click.Context, found: Project, base: KnowledgeBase, page: Cell) -> str:
    """What to do with a correction: it is made in the record that it is about."""
    from lerkb.corrections import find_addresses, find_page, form_address, last_part

    lines = [
        f"{visible(page.place)}: this is a correction, and no record is made of one: it is made in the file of its page."
    ]
    meant = find_page(base, page.text)
    written = [found.pages_folder / f"{last_part(address)}.md" for address in find_addresses(page.text)]
    if meant.record is not None:
        path, form = meant.record.path, form_address(meant.record)
        lines.append(f"The page is “{visible(meant.record.title)}”. Its file is {path}.")
        lines.append(
            f"Change it there, name the source of what you change, then run `{next_command(context, 'validate', path)}`."
        )
        if form:
            lines.append(
                f"Or change it with the form: {found.site_address.rstrip('/') + '/' if found.site_address else 'on the site, '}{form}"
            )
    elif any(file.is_file() for file in written):
        file = next(file for file in written if file.is_file())
        lines.append(f"The page is written freely. Its file is {file.relative_to(found.root).as_posix()}.")
    else:
        lines.append(f"No record has the address or title “{visible(page.text)}”. Ask the sender which page it is.")
        lines += [f"Did you mean “{visible(record.title)}”, {record.path}?" for record in meant.near]
    return "\n    ".join(lines)


def _known(what: str, schemas: Schemas) -> str:
    from lerkb.cli.template import no_such_table
    from lerkb.intake.columns import find_sheet, sheets

    if not what:
        return ""
    known = sheets(schemas)
    sheet = find_sheet(known, what)
    if sheet is None:
        raise RunError(no_such_table(what, known))
    return sheet.what


def _sorted_out(
    drafts: Sequence[Draft], diagnostics: Iterable[Diagnostic]
) -> tuple[list[Slip], list[tuple[str, Diagnostic]]]:
    """What the checks say of an answer’s form, as slips; and the rest, each with the cell it comes from, if it comes from one."""
    cells = {(draft.path, json_pointer(path)): place for draft in drafts for path, place in draft.places.items()}
    told: dict[str, Slip] = {}
    rest = []
    for item in diagnostics:
        place = _cell_of(cells, item)
        if place and item.code.startswith("SCH") and item.code not in _UNFINISHED:
            told.setdefault(place, _slip(place, item))  # one cell, one message
        else:
            rest.append((place, item))
    return list(told.values()), rest


def _besides(rest: Iterable[tuple[str, Diagnostic]], told: Collection[str]) -> list[Slip]:
    """What else is wrong with answers, in cells of which nothing was told yet; what is only missing is left for the draft."""
    wrong: dict[str, Slip] = {}
    for place, item in rest:
        if place and place not in told and item.severity is Severity.ERROR and item.code not in _UNFINISHED:
            wrong.setdefault(place, _slip(place, item))
    return list(wrong.values())


def _slip(place: str, item: Diagnostic) -> Slip:
    from lerkb.intake import Slip

    return Slip(place, f"{item.code} {item.message}", item.hint)


def _with_place(place: str, item: Diagnostic) -> Diagnostic:
    if not place:
        return item
    return dataclasses.replace(item, hint=f"{item.hint} (written in {place})" if item.hint else f"written in {place}")


def _cell_of(cells: Mapping[tuple[str, str], str], item: Diagnostic) -> str:
    """The cell that a value, or the list or group around it, was written in; empty if none was."""
    field = item.field
    while field and (item.path, field) not in cells:
        field = field.rpartition("/")[0]
    return cells.get((item.path, field), "")


def _order(tables: Sequence[str], slip: Slip) -> tuple[int, int, int, str]:
    """Where a slip stands in its file: table after table, row after row."""
    table = max((place for place in tables if slip.place.startswith(place)), key=len, default="")
    cell = _CELL.search(slip.place.removeprefix(table))
    at = tables.index(table) if table else -1
    return (at, int(cell[2]), len(cell[1]), cell[1]) if cell else (at, 0, 0, "")


def _say(slips: Iterable[Slip]) -> None:
    for slip in slips:
        click.echo(f"{visible(slip.place)}: {visible(slip.message)}", err=True)
        if slip.hint:
            click.echo(f"    {visible(slip.hint)}", err=True)


def _write(found: Project, drafts: Sequence[Draft]) -> None:
    """Write every draft, or none."""
    targets = [found.root / draft.path for draft in drafts]
    there = next((draft.path for draft, target in zip(drafts, targets, strict=True) if target.exists()), None)
    if there:
        raise RunError(f"{there} is there already; nothing was written")
    try:
        for draft, target in zip(drafts, targets, strict=True):
            write_text(target, draft.text)
    except RunError:
        for target in targets:
            target.unlink(missing_ok=True)
        raise


def _report(found: Project, diagnostics: Sequence[Diagnostic], validation: Validation, named: frozenset[str]) -> None:
    from lerkb.reporters import Report, find_reporter

    sources = {path: source for path, source in validation.sources.items() if path in named}
    report = Report(
        tuple(diagnostics),
        sources,
        colour=wants_colour(sys.stderr),
        site=found.site_address,
        folder=found.folder_in_repository,
    )
    click.echo(find_reporter("text")(report), nl=False, err=True)
