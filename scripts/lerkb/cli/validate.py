"""``lerkb validate``: read everything, run every check, report."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lerkb.checks import all_checks, find_check
from lerkb.cli import OK, WRONG, NearChoice, nearest_name, project
from lerkb.diagnostics import Severity
from lerkb.errors import RunError
from lerkb.files import append_text, replace_text
from lerkb.reporters import Report, find_reporter, format_names
from lerkb.terminal import as_typed, wants_colour
from lerkb.validation import load_sources, validate, validate_sources
from lerkb.yaml_source import parse_source

#: A mistyped field is renamed in one pass, and its value mended in the next.
_FIX_TRIES: Final = 3

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lerkb.diagnostics import Diagnostic
    from lerkb.project import Project


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=NearChoice(format_names()),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Run only these checks: codes, names or letters of a family, parted by commas.",
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Run all but these checks.")
@click.option("--fix", is_flag=True, help="First mend what is safe to mend: quotes, dates, layout.")
@click.option("--fix-names", is_flag=True, help="Also mend mistyped names that can mean only one thing; implies --fix.")
@click.option("--strict", is_flag=True, help="Let warnings fail the run as errors do.")
@click.pass_context
def command(  # noqa: PLR0913 - one argument an option
    context: click.Context,
    paths: tuple[Path, ...],
    format_name: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    fix: bool,
    fix_names: bool,
    strict: bool,
) -> int:
    """Check the records.

    With PATHS (files or folders), everything is read but only what concerns these files is reported.
    """
    found = project(context)
    wanted = _codes(select) if select else frozenset(check.code for check in all_checks())
    selected = wanted - _codes(ignore)
    named = named_records(found, paths)
    failed = (fix or fix_names) and not _fix(found, selected, named, names=fix_names, layout=not select)
    validation = validate(found, selected, named)
    report = Report(
        validation.diagnostics,
        {path: source for path, source in validation.sources.items() if named is None or path in named},
        colour=wants_colour(sys.stdout),
        strict=strict,
        site=found.site_address,
        folder=found.folder_in_repository,
    )
    click.echo(find_reporter(format_name)(report), nl=False)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if format_name == "github" and summary:
        from lerkb.reporters.github import SUMMARY_BYTES, step_summary

        append_text(Path(summary), lambda size: step_summary(report, SUMMARY_BYTES - size))
    stops = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return WRONG if failed or any(item.severity in stops for item in validation.diagnostics) else OK


def _fix(found: Project, selected: frozenset[str], named: frozenset[str] | None, *, names: bool, layout: bool) -> bool:
    """Mend what the selected checks find in the files, write each once, and say what was done; whether all could be written."""
    from lerkb.fixes import mend

    read = {source.path: source for source in load_sources(found)}
    now = dict(read)
    mends: dict[str, list[str]] = {}
    for _ in range(_FIX_TRIES):  # one mend can bring to light another
        validation = validate_sources(found, now.values(), selected, named)
        by_path: dict[str, list[Diagnostic]] = {}
        for item in validation.diagnostics:
            by_path.setdefault(item.path, []).append(item)
        mended = {
            path: mend(source, by_path.get(path, ()), validation.base.schemas, names=names, layout=layout)
            for path, source in now.items()
            if (named is None or path in named) and source.data is not None
        }
        changed = {path: made for path, made in mended.items() if made.mends}
        for path, made in changed.items():
            now[path] = parse_source(now[path].kind, path, now[path].stem, made.text.encode())
            mends.setdefault(path, []).extend(made.mends)
        if not changed:
            break
    files = {record.path: record.file for record in found.find_records()}
    failed = False
    for path, done in sorted(mends.items()):
        try:
            replace_text(files[path], read[path].text, now[path].text)
        except RunError as error:
            click.echo(f"not mended {path}: {error}", err=True)
            failed = True
        else:
            click.echo(f"mended {path}: {'; '.join(dict.fromkeys(done))}", err=True)
    return not failed


def _codes(options: Iterable[str]) -> frozenset[str]:
    """The codes that an option’s codes, names and families stand for.

    Raises:
        RunError: one of them stands for no check.
    """
    codes: set[str] = set()
    for option in options:
        for word in filter(None, (part.strip() for part in option.split(","))):
            check = find_check(word)
            family = {
                item.code for item in all_checks() if item.family == word.upper() or item.family_name == word.casefold()
            }
            if not check and not family:
                names = [
                    name for item in all_checks() for name in (item.code, item.name, item.family, item.family_name)
                ]
                near = nearest_name(word, names)
                raise RunError(
                    f"no check or family of checks is called {word!r}{f'.{near}' if near else ';'} `{as_typed('checks')}` lists them"
                )
            codes |= family or ({check.code} if check else set())
    return frozenset(codes)


def named_records(found: Project, paths: tuple[Path, ...]) -> frozenset[str] | None:
    """The record files that the arguments name, from the root; None if there are no arguments.

    Raises:
        RunError: a path does not exist, lies outside the knowledge base, or names no record.
    """
    if not paths:
        return None
    records = {record.path for record in found.find_records()}
    named: set[str] = set()
    for path in paths:
        places = [place.resolve() for place in (path.absolute(), found.root / path) if place.exists()]
        if not places:
            raise RunError(f"{path} does not exist.{nearest_name(path.as_posix(), records)}")
        inside = next((place for place in places if place.is_relative_to(found.root.resolve())), None)
        if inside is None:
            raise RunError(f"{path} is not in {found.root}")
        name = inside.relative_to(found.root.resolve()).as_posix()
        matches = {record for record in records if name in {record, "."} or record.startswith(name + "/")}
        if not matches:
            raise RunError(
                f"{path} is no record: records are .yaml files in use_cases, principles and the folders of content"
            )
        named |= matches
    return frozenset(named)


__all__ = ["command", "named_records"]
