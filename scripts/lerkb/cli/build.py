"""``lerkb build``: validate, then the whole site, written aside and swapped in."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lerkb.cli import OK, WRONG, project
from lerkb.errors import RunError
from lerkb.files import swap_folder, write_bytes
from lerkb.project import CONFIG_NAME
from lerkb.reporters import Report, find_reporter
from lerkb.terminal import wants_colour
from lerkb.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

    from lerkb.site.briefs.takeaways import Takeaway
    from lerkb.site.site import Site
    from lerkb.validation import Validation

#: Files to take away that were made before, kept by what is on them.
BRIEFS_CACHE: Final = Path(".cache") / "briefs"


@click.command("build")
@click.option(
    "--site-dir", type=click.Path(path_type=Path), help="Where to put the site (default: site/ in the knowledge base)."
)
@click.option(
    "--with-briefs",
    is_flag=True,
    help="Also make what people take away: sheets of use cases and for readers, cards of the principles, pictures.",
)
@click.option(
    "--offline", is_flag=True, help="Make the offline copy, too: the whole site as one ZIP that works from a USB stick."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --offline: make only the offline copy, as this file, and leave the site as it is (default: in data/ of the site).",
)
@click.pass_context
def command(
    context: click.Context, site_dir: Path | None, output: Path | None, *, with_briefs: bool, offline: bool
) -> int:
    """Validate, then build the whole site. If a record has an error nothing is built and the old site stays as it was."""
    found = project(context)
    if output is not None:
        _check_output(output, offline=offline, site_dir=site_dir)
    target = (site_dir or found.root / "site").resolve()  # `..` and links seen through
    _refuse_dangerous(target, found.root.resolve())
    validation = validate(found)
    if validation.has_errors:
        report = Report(validation.diagnostics, validation.sources, wants_colour(sys.stderr))
        click.echo(find_reporter("text")(report), nl=False, err=True)
        click.echo("nothing was built", err=True)
        return WRONG
    if output is not None:
        with tempfile.TemporaryDirectory() as folder:
            aside = Path(folder) / "site"
            site, pages = build_site(found.root / CONFIG_NAME, aside, validation)
            _write_offline(site, aside, output)
        click.echo(f"put {pages:,} pages into {output} ({_megabytes(output)})", err=True)
        return OK
    aside = target.with_name(f".{target.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        site, pages = build_site(found.root / CONFIG_NAME, aside, validation, with_briefs=with_briefs, offline=offline)
        briefs = build_briefs(site, aside, found.root / BRIEFS_CACHE) if with_briefs else ""
        if offline:
            _write_offline(site, aside, aside / "data" / site.offline_copy)
        swap_folder(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    click.echo(f"built {pages:,} pages{briefs} in {target}", err=True)
    if with_briefs and not site.settings.address:
        click.echo(
            f"{CONFIG_NAME} gives no site_url: sheets, cards, pictures and the feed do not say where the site is",
            err=True,
        )
    if offline:
        copy = target / "data" / site.offline_copy
        click.echo(f"the offline copy is {copy} ({_megabytes(copy)})", err=True)
    return OK


def _check_output(output: Path, *, offline: bool, site_dir: Path | None) -> None:
    """Refuse what would make no sense, or write over something else than an offline copy.

    Raises:
        RunError: something of another kind has that name.
    """
    if not offline or site_dir is not None:
        raise click.UsageError("--output goes with --offline and without --site-dir: it makes only the offline copy.")
    if output.exists() and not zipfile.is_zipfile(output):
        raise RunError(f"{output} is there already and is no ZIP; choose another name")


def _write_offline(site: Site, folder: Path, target: Path) -> None:
    """Write the offline copy of the site that was built in ``folder``."""
    from lerkb.site.offline import offline_zip

    built = sorted(file for file in folder.rglob("*") if file.is_file())
    write_bytes(target, offline_zip(site, {file.relative_to(folder).as_posix(): file.read_bytes() for file in built}))


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1_000_000:.1f} MB"


def _refuse_dangerous(target: Path, root: Path) -> None:
    """The target is replaced whole, so it may not hold the knowledge base, nor something that is no site."""
    if target == root or root.is_relative_to(target):
        raise RunError(f"{target} holds the knowledge base itself; choose another folder")
    if target.is_relative_to(root) and target.relative_to(root).parts[0] in {
        "content",
        "use_cases",
        "principles",
        "schemas",
        "scripts",
        "tests",
        ".git",
    }:
        raise RunError(f"{target} lies in a folder of the knowledge base; choose another")
    if (
        target.is_dir()
        and any(target.iterdir())
        and not (target / "sitemap.xml").is_file()
        and not (target / "index.html").is_file()
    ):
        raise RunError(f"{target} is not empty and holds no site; choose another folder, or empty it")
    if target.exists() and not target.is_dir():
        raise RunError(f"{target} is a file")


def build_site(
    config_file: Path, site_dir: Path, validation: Validation, *, with_briefs: bool = False, offline: bool = False
) -> tuple[Site, int]:
    """Run MkDocs and return the site and the number of its pages.

    ``validation`` is handed to the plugin, which would else repeat it. ``with_briefs``: the pages lead to files to take away.
    ``offline``: the data page offers the offline copy.

    Raises:
        RunError: MkDocs refuses its settings, or a page of content/pages breaks the build.
    """
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    from lerkb.site.mkdocs_plugin import LerkbPlugin

    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    config = load_config(config_file, site_dir)
    try:
        plugin = config.plugins.get("lerkb")
        if not isinstance(plugin, LerkbPlugin):
            raise RunError(
                f"{config_file.name} does not list the plugin lerkb, so there would be no pages; add it under plugins"
            )
        plugin.validated, plugin.with_briefs, plugin.offline = validation, with_briefs, offline
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except MkDocsException as error:
        raise RunError(f"MkDocs could not build the site: {error}") from error
    return plugin.site, sum(1 for _ in site_dir.rglob("*.html"))


def build_briefs(site: Site, site_dir: Path, cache: Path) -> str:
    """Make the files to take away and say in a few words how many there are. On a terminal, a bar shows how far it is."""
    from lerkb.site.briefs.press import write_takeaways

    def progress(items: tuple[Takeaway, ...]) -> Iterator[Takeaway]:
        with click.progressbar(items, label="files to take away", file=sys.stderr) as bar:
            yield from bar

    printed = write_takeaways(site, site_dir, cache, progress if sys.stderr.isatty() else tuple)
    return f" and {printed.files:,} files to take away ({printed.made:,} made anew)"


def load_config(config_file: Path, site_dir: Path) -> MkDocsConfig:
    """The settings of a site as MkDocs reads them.

    Raises:
        RunError: they are wrong.
    """
    from mkdocs.config import load_config as load
    from mkdocs.exceptions import MkDocsException

    try:
        return load(config_file=str(config_file), site_dir=str(site_dir))
    except MkDocsException as error:
        raise RunError(f"{config_file.name}: {error}") from error
