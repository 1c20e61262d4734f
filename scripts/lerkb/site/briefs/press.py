"""Typst at the edge: prepared values → PDF and PNG, each made once and kept by what is on it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from lerkb.errors import RunError
from lerkb.files import write_bytes
from lerkb.site.briefs.takeaways import Picture, Sheet, takeaways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lerkb.site.briefs.takeaways import Cards, Takeaway
    from lerkb.site.messages import Messages
    from lerkb.site.site import Site

HERE: Final = Path(__file__).parent
#: Templates may read what is below this folder, and nothing else.
ROOT: Final = HERE.parent
#: Pages of a sheet.
MOST_PAGES: Final = 2
#: Sizes of its type in points, the largest first.
SIZES: Final = (14.0, 13.0, 12.0, 11.5, 11.0, 10.5)
#: What stands for a sign that the typefaces lack.
UNKNOWN: Final = "□"
#: How a file that is whole begins and ends.
_WHOLE: Final = {".pdf": (b"%PDF-", b"%%EOF"), ".png": (b"\x89PNG\r\n", b"IEND\xaeB`\x82")}


@dataclass(frozen=True)
class Printed:
    """What was written, and how much of it had to be set."""

    files: int
    made: int


def write_takeaways(
    site: Site, folder: Path, cache: Path, progress: Callable[[tuple[Takeaway, ...]], Iterable[Takeaway]] = tuple
) -> Printed:
    """Write every file to take away into the built site.

    Args:
        site: the site whose pages lead to them.
        folder: where its pages are.
        cache: what was set before; what is no longer needed is taken out of it.
        progress: hands the files on one by one, and may say so.

    Raises:
        RunError: a file of the same name is there, or one cannot be written.
    """
    press = Press(site.messages, cache)
    items = takeaways(site)
    for item in items:
        if (folder / item.url).exists():
            raise RunError(f"{item.url} in content/pages has the address of a file that the build makes; rename it")
    for item in progress(items):
        write_bytes(folder / item.url, press.file(item))
    press.forget_others()
    return Printed(len(items), press.made)


class Press:
    """Sets files, or finds them where they were kept."""

    def __init__(self, messages: Messages, cache: Path) -> None:
        """``cache``: the folder in which files are kept, by what is on them."""
        self.t = messages
        self.cache = cache
        self.made = 0
        self._used: set[str] = set()
        self._known: dict[str, bool] = {}  # signs, and whether they can be shown

    def file(self, item: Takeaway) -> bytes:
        """The content of a file to take away."""
        view = item.prepare()
        suffix = Path(item.url).suffix
        name = f"{self._key(item.template, view)}{suffix}"
        self._used.add(name)
        kept = self._kept(self.cache / name)
        if kept is not None:
            return kept
        self.made += 1
        content = self._set(item, view)
        write_bytes(self.cache / name, content)
        return content

    def forget_others(self) -> None:
        """Take out of the cache what this run did not use."""
        for file in self.cache.glob("*"):
            if file.suffix in _WHOLE and file.name not in self._used:
                file.unlink(missing_ok=True)

    def _kept(self, file: Path) -> bytes | None:
        try:
            content = file.read_bytes()
        except OSError:
            return None
        start, end = _WHOLE[file.suffix]
        return content if content.startswith(start) and content.rstrip().endswith(end) else None

    def _key(self, template: str, view: Sheet | Cards | Picture) -> str:
        """Equal key, equal file: what is on it, the words about what was left out, and all that sets it."""
        said = json.dumps([template, asdict(view), self.t.under("take.")], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(f"{self._tools}\n{said}".encode()).hexdigest()

    @cached_property
    def _tools(self) -> str:
        """The version of Typst, which brings its typefaces, and a hash of the templates and of this module."""
        files = [*sorted(HERE.glob("*.typ")), ROOT / "assets" / "logo.svg", Path(__file__)]
        digest = hashlib.sha256(b"\0".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files)).hexdigest()
        return f"typst {version('typst')} {digest}"

    # Setting

    def _set(self, item: Takeaway, view: Sheet | Cards | Picture) -> bytes:
        try:
            if isinstance(view, Picture):
                return _content(self._compiler(item.template, self._data(view)).compile(format="png", ppi=72))
            data = self._fitted(item, view) if isinstance(view, Sheet) else self._data(view)
            return self._tagged(item.template, data)
        except RuntimeError as error:  # Typst’s own is one
            raise RuntimeError(f"{item.url} could not be set: {error}") from error

    def _fitted(self, item: Takeaway, sheet: Sheet) -> dict[str, Any]:
        """A sheet as it fits: on one page if it can be read there, else on two in the largest type, else with entries left out."""
        least = SIZES[-1]
        pages, fitted = self._laid_out(item, sheet, 0, least)
        if pages == 1:
            return fitted
        if pages <= MOST_PAGES:
            for size in SIZES:
                pages, larger = self._laid_out(item, sheet, 0, size)
                if pages <= MOST_PAGES:
                    return larger
        low, high = 0, sheet.can_lose  # with nothing left, it fits: the template sees to that
        while low + 1 < high:  # the fewest entries, found by halving
            middle = (low + high) // 2
            if self._laid_out(item, sheet, middle, least)[0] <= MOST_PAGES:
                high = middle
            else:
                low = middle
        return self._laid_out(item, sheet, high, least)[1]

    def _laid_out(self, item: Takeaway, sheet: Sheet, left_out: int, size: float) -> tuple[int, dict[str, Any]]:
        """On how many pages a sheet comes with so many entries left out and type of that size in points, and its data."""
        data = {**self._data(sheet.without(left_out, self.t)), "size": size}
        return int(self._compiler(item.template, data).query("<pages>", field="value", one=True)), data

    def _data(self, view: Sheet | Cards | Picture) -> dict[str, Any]:
        """What a template is given. Signs that no typeface here has are shown as a box, and the file says so."""
        data = asdict(view)
        signs = set(json.dumps(data, ensure_ascii=False))
        lacking = {ord(sign): UNKNOWN for sign in sorted(signs) if not sign.isascii() and not self._has(sign)}
        return {**_replaced(data, lacking), "sign": self.t("take.sign") if lacking else ""}

    def _has(self, sign: str) -> bool:
        """Whether a typeface has a sign: PDF/UA forbids text that is not shown, so that Typst refuses to write it."""
        if sign not in self._known:
            try:
                self._tagged("sign.typ", sign)
            except typst.TypstError:
                self._known[sign] = False
            else:
                self._known[sign] = True
        return self._known[sign]

    def _tagged(self, template: str, data: Any) -> bytes:
        """A PDF for assistive technology: Typst refuses to write one that breaks the rules of PDF/UA-1 that it can test."""
        return _content(self._compiler(template, data).compile(format="pdf", pdf_standards="ua-1"))

    @cached_property
    def _fonts(self) -> typst.Fonts:
        """The typefaces that Typst carries: the same on every machine."""
        return typst.Fonts(include_system_fonts=False)

    def _compiler(self, template: str, view: Any) -> typst.Compiler:
        inputs = {"view": json.dumps(view, sort_keys=True, ensure_ascii=False)}
        return typst.Compiler(HERE / template, root=ROOT, font_paths=self._fonts, sys_inputs=inputs)


def _content(made: bytes | list[bytes] | None) -> bytes:
    """What Typst wrote: one file, as none of our pictures has a second page."""
    if not isinstance(made, bytes):
        raise TypeError(f"one file was expected of Typst, not {type(made).__name__}")
    return made


def _replaced(value: Any, table: Mapping[int, str]) -> Any:
    """A copy of data with signs replaced in every text."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _replaced(child, table) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(child, table) for child in value]
    return value
