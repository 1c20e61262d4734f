"""``lerkb links``: whether the addresses of the sources still lead to them. Needs the network; made to run on a schedule, never to gate."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from lerkb import __version__
from lerkb.cli import OK, WRONG, NearChoice, nearest_name, project
from lerkb.cli.validate import named_records
from lerkb.edits import with_fields
from lerkb.errors import RunError
from lerkb.files import replace_text
from lerkb.links.answers import refusing_hosts
from lerkb.links.report import REPORTS, Findings
from lerkb.links.survey import NoNetworkError, chosen, has_network, host_of, losses, sources_behind, survey
from lerkb.links.web import Manners, Web
from lerkb.terminal import as_typed
from lerkb.validation import validate
from lerkb.yaml_tree import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.links.survey import Checked
    from lerkb.project import Project
    from lerkb.records import Record
    from lerkb.validation import Validation

_PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


@click.command("links")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=NearChoice(list(REPORTS)),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option("--write", is_flag=True, help="Record the outcomes in the files of the sources.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Check at most N, the longest unchecked first.")
@click.option(
    "--host", "hosts", multiple=True, metavar="HOST", help="Check only sources at this host; may be repeated."
)
@click.option(
    "--older-than",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Check only sources whose last check is more than DAYS days old, or that have had none.",
)
@click.pass_context
def command(  # noqa: PLR0913 - one argument an option
    context: click.Context,
    paths: tuple[Path, ...],
    format_name: str,
    *,
    write: bool,
    limit: int | None,
    hosts: tuple[str, ...],
    older_than: int | None,
) -> int:
    """Check whether the sources are still at their addresses.

    Asks many hosts, politely: it takes minutes, needs the network, and belongs on a schedule, not before a merge. With PATHS (files or
    folders), only the sources named, and those that the other records named rest on.

    One failure marks an address at risk; a week later, another makes it dead. A host that turns programs away says nothing of its documents.
    Dead addresses do not fail the run.
    """
    from lerkb.checks.lifecycle import today

    found = project(context)
    day = today()
    validation = validate(found, selected=frozenset())
    base = validation.base
    every = [record for record in base if record.kind == "source"]
    misshapen = sum(source.kind == "source" for source in validation.sources.values()) - len(every)
    if misshapen:
        records = (
            "source record could not be read and is" if misshapen == 1 else "source records could not be read and are"
        )
        click.echo(f"{misshapen:,} {records} left out; see `{as_typed('validate')}`", err=True)
    sources = chosen(
        _named(found, base, paths), day, hosts=_known(hosts, every), older_than=older_than, limit=limit or 0
    )
    web = visitor(found)
    try:
        checked = _survey(web, sources, day)
    except NoNetworkError:
        raise RunError(_no_network()) from None
    if not has_network(web, checked, every):
        raise RunError(_no_network())
    failed = write and not _write(found, validation, checked)
    report = Findings(day, checked, tuple(losses(base, checked)), written=write)
    click.echo(REPORTS[format_name](report), nl=False)
    return WRONG if failed else OK


def visitor(found: Project) -> Web:
    """Who asks: a program that says what it is, and whose it is where the site’s address is known."""
    site = f"+{found.site_address}; " if found.site_address else ""
    agent = f"lerkb-links/{__version__} ({site}checks whether cited documents are still there)"
    return Web(Manners(agent=agent), refusing_hosts())


def _named(found: Project, base: KnowledgeBase, paths: tuple[Path, ...]) -> list[Record]:
    """The sources that the arguments stand for.

    Raises:
        RunError: they stand for none.
    """
    named = named_records(found, paths)
    behind = {
        source.path: source
        for record in base
        if named is None or record.path in named
        for source in (sources_behind(base, record) if named is not None or record.kind == "source" else ())
    }
    if named is not None and not behind:
        raise RunError("these records name no source that could be checked")
    return list(behind.values())


def _known(hosts: tuple[str, ...], sources: Sequence[Record]) -> frozenset[str]:
    """The hosts asked for, as addresses have them.

    Raises:
        RunError: no source is at one of them.
    """
    known = {host_of(record) for record in sources}
    wanted = set()
    for host in hosts:
        plain = (urlsplit(host).hostname or "") if "://" in host else host.casefold().strip().rstrip("/")
        if not plain or not any(f".{name}".endswith(f".{plain}") for name in known):
            raise RunError(f"no source is at {host!r}.{nearest_name(plain, known)}")
        wanted.add(plain)
    return frozenset(wanted)


def _survey(web: Web, sources: Sequence[Record], day: str) -> list[Checked]:
    if not sys.stderr.isatty():
        return survey(web, sources, day)
    with click.progressbar(length=len(sources), label="Asking", file=sys.stderr, show_pos=True) as bar:
        return survey(web, sources, day, lambda *_: bar.update(1))


def _no_network() -> str:
    proxy = next((name for name in _PROXIES if os.environ.get(name)), "")
    hint = f"; {proxy} is set, and this command calls hosts itself, not through a proxy" if proxy else ""
    return f"no host answered at all, so this machine seems to have no network{hint}. Nothing was learned and nothing was written."


def _write(found: Project, validation: Validation, checked: Sequence[Checked]) -> bool:
    """Record the outcomes, each in its file, and name the files that had to be left; whether there were none."""
    files = {record.path: record.file for record in found.find_records()}
    written = left = 0
    for item in checked:
        path = item.record.path
        source = validation.sources[path]
        try:
            text = with_fields(source, item.fields, validation.base.schemas)
            if text != source.text:
                replace_text(files[path], source.text, text)
                written += 1
        except (NotUnderstoodError, RunError) as error:
            left += 1
            click.echo(f"{path}: left as it is: {error}", err=True)
    records = "source record" if written == 1 else "source records"
    click.echo(f"{written:,} {records} written" + (f", {left:,} left as they are" if left else ""), err=True)
    return not left
