"""Typst at the edge: prepared values → PDF and PNG, each made once and kept by what is on it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
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
        return f"typst {typst.__version__} {digest}"

    # Setting

    @cached_property
    def _compilers(self) -> dict[str, typst.Compiler]:
        return {
            file.name: typst.Compiler(file, root=ROOT, ignore_system_fonts=True) for file in sorted(HERE.glob("*.typ"))
        }

    def _set(self, item: Takeaway, view: Sheet | Cards | Picture) -> bytes:
        try:
            if isinstance(view, Picture):
                return self._compile(item.template, asdict(view), format="png", ppi=72)
            if isinstance(view, Sheet):
                return self._pdf(item.template, self._fitted(item, view))
            return self._pdf(item.template, asdict(view))
        except typst.TypstError as error:
            raise RuntimeError(f"{item.url} could not be set: {error.message}\n{error.diagnostic}") from error

    def _fitted(self, item: Takeaway, sheet: Sheet) -> dict[str, Any]:
        """A sheet as it fits: on one page if it can be read there, else on two in the largest type, else with entries left out."""
        whole = sheet.without(0, self.t)
        for pages, sizes in ((1, SIZES[-1:]), (MOST_PAGES, SIZES)):
            for size in sizes:
                if self._pages(item.template, whole, size) <= pages:
                    return _sized(whole, size)
        size = SIZES[-1]
        low, high = 0, sheet.can_lose
        while low + 1 < high:  # the fewest, found by halving
            middle = (low + high) // 2
            if self._pages(item.template, sheet.without(middle, self.t), size) <= MOST_PAGES:
                high = middle
            else:
                low = middle
        fitted = sheet.without(high, self.t)
        if self._pages(item.template, fitted, size) > MOST_PAGES:
            raise RuntimeError(f"{item.url} does not fit on {MOST_PAGES} pages, whatever is left out")
        return _sized(fitted, size)

    def _pages(self, template: str, sheet: Sheet, size: float) -> int:
        self._compile(template, {**_sized(sheet, size), "sign": ""}, format="svg")
        found = self._compilers[template].query("<pages>", field="value", one=True)
        return int(found)

    def _pdf(self, template: str, data: Mapping[str, Any]) -> bytes:
        """A tagged PDF. Signs that no typeface here has are shown as a box, and the sheet says so."""
        try:
            return self._compile(template, {**data, "sign": ""}, format="pdf", pdf_standards="ua-1")
        except typst.TypstError:
            lacking = self._lacking(data)
            if not lacking:
                raise
        replaced = _replaced(data, str.maketrans(dict.fromkeys(lacking, UNKNOWN)))
        return self._compile(template, {**replaced, "sign": self.t("take.sign")}, format="pdf", pdf_standards="ua-1")

    def _lacking(self, data: Mapping[str, Any]) -> list[str]:
        """The signs in data that cannot be shown."""
        return [
            sign
            for sign in sorted(set(json.dumps(data, ensure_ascii=False)))
            if not sign.isascii() and not self._has(sign)
        ]

    def _has(self, sign: str) -> bool:
        try:
            self._compile("sign.typ", sign, format="pdf", pdf_standards="ua-1")
        except typst.TypstError:
            return False
        return True

    def _compile(self, template: str, view: Any, **options: Any) -> bytes:
        inputs = {"view": json.dumps(view, sort_keys=True, ensure_ascii=False)}
        made = self._compilers[template].compile(sys_inputs=inputs, **options)
        if isinstance(made, list):  # pictures of several pages; ours are of one
            return made[0]
        return made or b""


def _sized(sheet: Sheet, size: float) -> dict[str, Any]:
    """The data of a sheet, with the size of its type in points."""
    return {**asdict(sheet), "size": size}


def _replaced(value: Any, table: Mapping[int, str]) -> Any:
    """A copy of data with signs replaced in every text."""
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _replaced(child, table) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(child, table) for child in value]
    return value
