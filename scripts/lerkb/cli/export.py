"""``lerkb export``: the knowledge base in another form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from lerkb.cli import OK, WRONG, NearChoice, project
from lerkb.exports import exports
from lerkb.files import write_bytes
from lerkb.project import CONFIG_NAME
from lerkb.reporters import Report, find_reporter
from lerkb.terminal import wants_colour
from lerkb.validation import validate

DOCS_TREE: Final = "docs-tree"


def formats() -> dict[str, str]:
    """Every form there is: name → what it is."""
    return {
        **{item.name: item.title for item in exports()},
        DOCS_TREE: "Every page as a Markdown file with an HTML body, and a mkdocs.yml",
    }


@click.command("export", epilog="\b\n" + "\n".join(f"{name:<10}  {title}" for name, title in formats().items()))
@click.argument("format_name", metavar="FORMAT", type=NearChoice(list(formats())))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write to (default: build/FORMAT in the knowledge base).",
)
@click.pass_context
def command(context: click.Context, format_name: str, output: Path | None) -> int:
    """Write the knowledge base in another form. FORMAT is one of these:"""
    from lerkb.cli.build import load_config
    from lerkb.site.assembly import assemble
    from lerkb.site.docs_tree import write_docs_tree
    from lerkb.site.site import SiteSettings

    found = project(context)
    validation = validate(found)
    if validation.has_errors:
        report = Report(validation.diagnostics, validation.sources, wants_colour(sys.stderr))
        click.echo(find_reporter("text")(report), nl=False, err=True)
        click.echo("nothing was written", err=True)
        return WRONG
    config = load_config(found.root / CONFIG_NAME, found.root / "site")
    settings = SiteSettings.from_config(config.site_name, config.site_url, config.extra)
    site = assemble(validation, settings, own_schemas=found.has_own_schemas)
    target = output or found.root / "build" / format_name
    if format_name == DOCS_TREE:
        count = write_docs_tree(site, found, target)
        click.echo(f"wrote {count:,} pages to {target}", err=True)
        return OK
    doc = next(doc for doc in site.exports if doc.name == format_name)
    for name, content in doc.files().items():
        write_bytes(target / name, content.encode() if isinstance(content, str) else content)
        click.echo(target / name)
    return OK
