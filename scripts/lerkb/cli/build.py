"""``lerkb build``: validate, then the whole site, written aside and swapped in."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lerkb.cli import OK, WRONG, project
from lerkb.errors import RunError
from lerkb.files import swap_folder
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
@click.pass_context
def command(context: click.Context, site_dir: Path | None, *, with_briefs: bool) -> int:
    """Validate, then build the whole site. If a record has an error nothing is built and the old site stays as it was."""
    found = project(context)
    target = (site_dir or found.root / "site").resolve()  # `..` and links seen through
    _refuse_dangerous(target, found.root.resolve())
    validation = validate(found)
    if validation.has_errors:
        report = Report(validation.diagnostics, validation.sources, wants_colour(sys.stderr))
        click.echo(find_reporter("text")(report), nl=False, err=True)
        click.echo("nothing was built", err=True)
        return WRONG
    aside = target.with_name(f".{target.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        pages, site = build_site(found.root / CONFIG_NAME, aside, validation, with_briefs=with_briefs)
        briefs = build_briefs(site, aside, found.root / BRIEFS_CACHE) if with_briefs else ""
        swap_folder(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    click.echo(f"built {pages:,} pages{briefs} in {target}", err=True)
    return OK


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
    config_file: Path, site_dir: Path, validation: Validation, *, with_briefs: bool = False
) -> tuple[int, Site]:
    """Run MkDocs and return the number of pages and the site they show.

    ``validation`` is handed to the plugin, which would else repeat it. ``with_briefs``: the pages lead to files to take away.

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
        plugin.validated = validation
        plugin.with_briefs = with_briefs
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    except MkDocsException as error:
        raise RunError(f"MkDocs could not build the site: {error}") from error
    return sum(1 for _ in site_dir.rglob("*.html")), plugin.site


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
