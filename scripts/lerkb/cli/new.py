"""``lerkb new``: start a record."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from lerkb.cli import OK, NearChoice, next_command, project
from lerkb.errors import RunError
from lerkb.files import write_text
from lerkb.project import KIND_FOLDERS, RECORD_SUFFIXES
from lerkb.scaffold import id_from, scaffold, unfit_id
from lerkb.schemas import Schemas
from lerkb.terminal import as_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lerkb.project import Project

#: Vocabularies are few and grow by a value, not by a file.
KINDS: Final = tuple(kind for kind in KIND_FOLDERS if kind != "vocabulary")


class _Kind(NearChoice):
    """A kind of record; who asks for a vocabulary is told how a list grows."""

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        """As click does."""
        if value.casefold() in ("vocabulary", "vocabularies"):
            raise click.BadParameter(
                f"a list of values grows by a value in its file in {KIND_FOLDERS['vocabulary']}/; then run `{as_typed('vocabularies')}`.",
                ctx=context,
                param=param,
            )
        return super().convert(value, param, context)


@click.command("new")
@click.argument("kind", type=_Kind(KINDS))
@click.argument("words", metavar="[ID]", nargs=-1)
@click.option("--title", default="", help="The title; without ID, the file’s name is made of it.")
@click.option("--summary", default="", help="The summary.")
@click.pass_context
def command(context: click.Context, kind: str, words: tuple[str, ...], title: str, summary: str) -> int:
    """Start a record of KIND, as a draft with each field explained. ID becomes its file name and address.

    On a terminal you are asked for what you left out; an empty answer keeps the example. An existing record is never overwritten.
    """
    found = project(context)
    schemas = Schemas.load(found.schemas_folder)
    given_id = _fit(found, kind, " ".join(words)) if words else ""
    texts = {"title": title, "summary": summary}
    if sys.stdin.isatty() and not all((given_id, title, summary)):
        click.echo("An empty answer keeps an example that you can change in the file. Ctrl-C writes nothing.", err=True)
    given = _given(schemas, kind, texts)
    record_id = given_id or _asked_id(found, kind, given.get("title", ""))
    target = found.folder(kind) / f"{record_id}.yaml"
    modeline = found.modeline(kind)
    write_text(target, (f"{modeline}\n" if modeline else "") + scaffold(schemas, kind, record_id, given))
    path = target.relative_to(found.root).as_posix()
    click.echo(path)
    click.echo(f"Change the examples in it, then run `{next_command(context, 'validate', path)}`.", err=True)
    return OK


def _given(schemas: Schemas, kind: str, options: Mapping[str, str]) -> dict[str, str]:
    """The texts that were given as options, or are given now to whoever sits at a terminal.

    Raises:
        RunError: the kind has no such field, or the text will not do.
    """
    fields = schemas.described(kind, ())["properties"]
    given = {}
    for name, text in options.items():
        value = " ".join(text.split())
        if name not in fields:
            if value:
                raise RunError(f"a {kind} has no {name}; leave out --{name}")
            continue
        value = _fit_text(name, fields[name], value)
        if not value and sys.stdin.isatty():
            question = str(fields[name].get("x-question", fields[name]["title"]))
            value = _ask(question, lambda answer, name=name: _fit_text(name, fields[name], answer))  # type: ignore[misc]
        if value:
            given[name] = value
    return given


def _fit_text(name: str, field: Mapping[str, Any], text: str) -> str:
    """A text as the field takes it.

    Raises:
        RunError: it is too long, or holds what nobody can see.
    """
    value = " ".join(text.split())
    if not value.isprintable():
        raise RunError(f"the {name} holds a sign that cannot be seen, as the arrow keys make them; type it anew")
    if len(value) > field["maxLength"]:
        raise RunError(f"the {name} has {len(value):,} characters; at most {field['maxLength']:,} fit")
    return value


def _ask(question: str, fit: Callable[[str], str], default: str | None = None) -> str:
    """What somebody at a terminal answers, asked again until it will do."""
    while True:
        answer = click.prompt(
            question,
            default="" if default is None else default,
            show_default=default is not None,
            prompt_suffix=" " if question.endswith(("?", ".")) and default is None else ": ",
            err=True,
        )
        try:
            return fit(answer)
        except RunError as error:
            click.echo(str(error), err=True)


def _asked_id(found: Project, kind: str, title: str) -> str:
    """The id that somebody at a terminal gives, or that follows from the title.

    Raises:
        RunError: nobody can be asked and there is no title, or what follows from it will not do.
    """
    made = id_from(title)
    if sys.stdin.isatty():
        return _ask(
            "A short name for its file and address: small letters, digits and single hyphens",
            lambda answer: _fit(found, kind, answer),
            made or None,
        )
    if not made:
        raise RunError(
            f"the record has no name yet: write `{as_typed('new', kind, 'a-short-name')}`, or give it a --title"
        )
    return _fit(found, kind, made)


def _fit(found: Project, kind: str, words: str) -> str:
    """An id that will do and that no record has.

    Raises:
        RunError: it will not do, or is taken.
    """
    record_id = re.sub(r"\.ya?ml\Z", "", words.strip(" "), flags=re.IGNORECASE)
    wrong = "a name is needed" if not record_id else unfit_id(record_id)
    if wrong:
        raise RunError(wrong)
    for suffix in sorted(RECORD_SUFFIXES):
        taken = found.folder(kind) / f"{record_id}{suffix}"
        if taken.exists():
            raise RunError(f"{taken.relative_to(found.root).as_posix()} is there already; it was left as it is")
    return record_id
