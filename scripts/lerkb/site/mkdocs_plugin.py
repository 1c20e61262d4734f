"""The thin adapter to MkDocs (and to ProperDocs, which runs the same plugins): pages in, pages out."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import write_file
from mkdocs.utils.yaml import yaml_load

from lerkb.files import write_text
from lerkb.reporters import Report, find_reporter
from lerkb.site import all_pages
from lerkb.site.assembly import assemble, data_files, project_of
from lerkb.site.environment import render
from lerkb.site.finder import MORE_FILE, RECORDS_FILE, finder_files
from lerkb.site.form_data import FORM_FILES, form_files
from lerkb.site.live import LivePages, SourceCache, other_files, watch_records
from lerkb.site.messages import LANGUAGES, Messages
from lerkb.site.page import SearchEntry
from lerkb.site.preview import preview_pages
from lerkb.site.site import SiteSettings, picture_url
from lerkb.site.theme_settings import (
    ASSETS,
    SCRIPT,
    STYLESHEET,
    navigation,
    needs_theme_script,
    source_name,
    theme_defaults,
)
from lerkb.text.prose import first_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.nav import Navigation
    from mkdocs.utils.templates import TemplateContext

    from lerkb.records import Record
    from lerkb.site.page import Page
    from lerkb.site.site import Site
    from lerkb.validation import Validation

log = logging.getLogger("mkdocs.plugins.lerkb")
HERE: Final = Path(__file__).parent
THEME: Final = HERE / "templates" / "theme"
#: Characters of a freely written page that are shown among results.
_FOUND_TEXT: Final = 300


class LerkbConfig(Config):  # type: ignore[no-untyped-call]
    """Settings of the plugin."""

    language = config_options.Choice(LANGUAGES, default="en")
    drafts = config_options.Type(bool, default=False)


class RecordPage(MkDocsPage):
    """A page that is rendered from a record when the theme asks for it, and forgotten when it is written."""

    def __init__(self, page: Page, site: Site, file: File, config: MkDocsConfig) -> None:
        """``page`` and ``site``: what the pure function made."""
        self.made = page
        self._site = site
        self._html: str | None = None
        super().__init__(page.title, file, config)
        self.edit_url = site.settings.edit_address(page.record.path) if page.record else None
        self.toc = TableOfContents([])
        self.ready = False

    @property
    def content(self) -> str | None:
        """The HTML of the main part; empty until the theme is about to print it."""
        if not self.ready:
            return ""
        if self._html is None:
            self._html = render(self.made, self._site)
        return self._html

    @content.setter
    def content(self, value: str | None) -> None:
        """MkDocs and other plugins hand the content back as they got it; there is nothing to keep."""

    def take(self, page: Page, site: Site) -> None:
        """Show ``page`` from now on."""
        self.made = page
        self._site = site
        self._html = None
        self.title = page.title

    def read_source(self, config: MkDocsConfig) -> None:
        """There is no Markdown: only what the theme reads from the head of a page."""
        self.markdown = ""
        self.meta = {**self.made.head, "kb": True, "section": self.made.section, "redirect": self.made.redirect}
        self.meta["picture"] = shared_picture(self._site, self.made.record)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Rendering waits for the theme."""

    def forget(self) -> None:
        """Drop the HTML once the page is written, so that memory does not grow with the number of records."""
        self._html = None
        self.ready = False


def shared_picture(site: Site, record: Record | None) -> str:
    """The whole address of the picture that others show with a link to the page; empty where there is none, or no address."""
    root = site.settings.root
    return f"{root}{picture_url(record)}" if root and record and site.has_picture(record) else ""


class LerkbPlugin(BasePlugin[LerkbConfig]):  # type: ignore[no-untyped-call]
    """Makes the pages of a knowledge base part of a MkDocs build."""

    serving = False
    was_broken = False
    finder_is_stale = False
    data_is_stale = False
    cache: SourceCache | None = None
    written_pages: dict[str, SearchEntry]
    #: Set by `lerkb build`, which has just validated and need not wait for it twice.
    validated: Validation | None = None
    #: Set by `lerkb build`, which makes the files to take away once the pages are there.
    with_briefs = False
    #: Set by `lerkb build` where the site carries its offline copy.
    offline = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Drafts are shown in a preview and left out of a build."""
        self.serving = command == "serve"
        self.written_pages = {}

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Lay our theme over Material’s and set what the owner left open."""
        project = project_of(config.config_file_path)
        messages = Messages.load(self.config.language)
        owners = owner_theme(config)
        for key, value in theme_defaults(messages).items():
            if key not in owners:
                config.theme[key] = value
        if str(THEME) not in config.theme.dirs:
            config.theme.dirs.insert(0, str(THEME))
        if STYLESHEET not in config.extra_css:
            config.extra_css.append(STYLESHEET)
        if SCRIPT not in [str(script) for script in config.extra_javascript]:
            config.extra_javascript.append(SCRIPT)
        if self.cache is None or self.cache.project != project:
            self.cache = SourceCache(project)
        validation, self.validated = self.validated or self.cache.validate(), None
        if validation.has_errors and not self.serving:
            report = find_reporter("text")(Report(validation.diagnostics, validation.sources))
            raise Abort(f"The knowledge base has errors; nothing was built.\n{report}")
        settings = SiteSettings.from_config(config.site_name, config.site_url, config.extra)
        # MkDocs keeps one plugin for the whole process, and the next build may want neither.
        briefs, offline, self.with_briefs, self.offline = self.with_briefs, self.offline, False, False
        drafts = self.config.drafts or self.serving
        self.site = assemble(
            validation,
            settings,
            self.config.language,
            drafts=drafts,
            briefs=briefs,
            offline=offline,
            own_schemas=project.has_own_schemas,
        )
        self.validation = validation
        if not config.nav:
            config.nav = [
                {title: source_name(url) if url != "contribute/" else "contribute.md"}
                for title, url in navigation(self.site.messages)
            ]
        self.project = project
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages, the assets, and each record’s YAML beside its page."""
        in_nav = {url for _, url in navigation(self.site.messages)}
        written = {file.dest_uri: file.src_uri for file in files}
        for page in self._pages():
            name = source_name(page.url)
            file = File.generated(config, name, content="")
            if file.dest_uri in written:
                raise Abort(
                    f"{written[file.dest_uri]} in {config.docs_dir} has the address of a generated page; rename it"
                )
            file.inclusion = InclusionLevel.INCLUDED if page.url in in_nav else InclusionLevel.NOT_IN_NAV
            RecordPage(page, self.site, file, config)
            files.append(file)
            if page.record and page.record.kind != "term" and not page.record.withdrawn:
                source = self.project.root / page.record.path
                files.append(File.generated(config, f"{page.url}{page.record.id}.yaml", abs_src_path=str(source)))
        for asset in sorted(path for path in ASSETS.rglob("*") if path.is_file()):
            name = f"assets/{asset.relative_to(ASSETS).as_posix()}"
            files.append(File.generated(config, name, abs_src_path=str(asset)))
        return files

    def _pages(self) -> Iterable[Page]:
        """The pages of a build, or of a preview with its notices."""
        if not self.serving:
            return all_pages(self.site)
        return preview_pages(self.site, self.validation.diagnostics, self.validation.sources).values()

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """From here on pages may be rendered; theme templates get our words, search our entries."""
        env.globals["t"] = self.site.messages
        env.globals["kb"] = self.site.settings
        env.globals["theme_script"] = needs_theme_script(
            config.theme["features"],
            map(str, config.extra_javascript),
            config.extra,
            custom=config.theme.custom_dir is not None,
        )
        self.record_pages = {file.page.made.url: file.page for file in files if isinstance(file.page, RecordPage)}
        if self.serving:
            self.live = LivePages(config, env, files, self.nav, self._mend_record_page)
        return env

    @event_priority(-100)
    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """After the other plugins: they have no business with a record page’s HTML, and searching it would cost as much as making it."""
        if isinstance(page, RecordPage):
            page.ready = True
        return context

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Mend what Material leaves open for assistive technology, and forget the page."""
        if isinstance(page, RecordPage):
            page.forget()
        mended = mend(output, self.site.messages, full_width=isinstance(page, RecordPage))
        return self._with_policy(mended)

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """The pages people write freely are found by the search field as well."""
        if not isinstance(page, RecordPage):
            text = " ".join(Markup(html).striptags().split())  # noqa: S704 - only to take the tags out
            self.written_pages[page.url] = SearchEntry(page.url, str(page.title), first_sentence(text, _FOUND_TEXT))
        return html

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what the search field and the explorer look through."""
        self._write_finder(Path(config.site_dir))
        self._write_data(Path(config.site_dir))

    def _write_data(self, folder: Path) -> None:
        self.data_is_stale = False
        for name, content in data_files(self.site).items():
            write_file(content if isinstance(content, bytes) else content.encode(), str(folder / "data" / name))

    def _write_finder(self, folder: Path) -> None:
        self.finder_is_stale = False
        files = finder_files(self.site, self.written_pages.values()) | form_files(self.site)
        for name, text in files.items():
            write_text(folder / name, text)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """The 404 page is mended like the others."""
        if not template_name.endswith(".html"):
            return output_content
        return self._with_policy(mend(output_content, self.site.messages, full_width=False))

    def _with_policy(self, html: str) -> str:
        """A preview goes without: MkDocs writes a script of its own into each page it serves."""
        if self.serving:
            return html
        meta = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{content_policy(html)}">'
        return html.replace(_CHARSET, meta, 1)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Menu entries are our pages’ own titles, so that the home page is not called by its file."""
        for item, (title, _) in zip(nav.items, navigation(self.site.messages), strict=False):
            item.title = title
        self.nav = nav
        return nav

    # The live preview

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Validate and render single pages after an edit of a record; leave everything else to a full build."""
        watch_records(server, config, self.project)
        self._report()
        others = other_files(config)
        full_build = server.builder

        def rebuild() -> None:
            nonlocal others
            now = other_files(config)
            if now != others or not self._refresh_records():
                others = now
                full_build()
            self._report()

        server.builder = rebuild
        serve_request = server.serve_request

        def serve_fresh(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            if not path.startswith("/livereload/"):
                # As MkDocs does before it reads a file: else a page asked for during a rebuild would be refreshed
                # from the records before it, and go out as the newest.
                with server._epoch_cond:  # noqa: SLF001 - no public way to wait for a build
                    server._epoch_cond.wait_for(lambda: server._visible_epoch == server._wanted_epoch)  # noqa: SLF001
                self.live.refresh(path.removeprefix(server.mount_path.rstrip("/")))
                if self.finder_is_stale and path.endswith((RECORDS_FILE, MORE_FILE, *FORM_FILES)):
                    self._write_finder(Path(config.site_dir))
                if self.data_is_stale and "/data/" in path:
                    self._write_data(Path(config.site_dir))
            return serve_request(environ, start_response)

        server.set_app(serve_fresh)
        return server

    def _refresh_records(self) -> bool:
        """Take up edited records. False if the set of pages changed, so that MkDocs must build anew."""
        if self.cache is None:
            return False
        self.validation = self.cache.validate()
        self.site = assemble(
            self.validation,
            self.site.settings,
            self.config.language,
            drafts=True,
            own_schemas=self.cache.project.has_own_schemas,
        )
        made = preview_pages(self.site, self.validation.diagnostics, self.validation.sources)
        if made.keys() != self.record_pages.keys():
            return False
        for url, page in self.record_pages.items():
            page.take(made[url], self.site)
        self.live.set_stale(self.record_pages.values())
        self.finder_is_stale = self.data_is_stale = True
        return True

    def _report(self) -> None:
        """Say on the terminal what is wrong, and when nothing is any more."""
        if self.validation.has_errors:
            self.was_broken = True
            log.error("\n%s", find_reporter("text")(Report(self.validation.diagnostics, self.validation.sources)))
        elif self.was_broken:
            self.was_broken = False
            log.warning("All records are in order again.")

    def _mend_record_page(self, html: str) -> str:
        return mend(html, self.site.messages, full_width=True)


def owner_theme(config: MkDocsConfig) -> frozenset[str]:
    """Theme settings that the owner’s own file gives; Material’s defaults are no wish of theirs."""
    if not config.config_file_path:
        return frozenset()
    with Path(config.config_file_path).open("rb") as file:
        written = yaml_load(file)
    theme = written.get("theme")
    return frozenset(theme) if isinstance(theme, dict) else frozenset()


#: What Material writes and what we write, found by axe and the Nu HTML checker: https://www.w3.org/WAI/standards-guidelines/act/rules/
_MENDS: Final = (
    ('id="__search" autocomplete="off"', 'id="__search"'),
    (' tabindex=""', ""),
    (' xmlns="http://www.w3.org/2000/svg"', ""),  # needless within HTML, and a theme has many icons
)
#: Space that a browser folds anyway; the theme’s templates leave a lot of it.
_BLANK: Final = re.compile(r"\n\s+")
_PRE: Final = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_CONFIG: Final = re.compile(r'(?<=<script id="__config" type="application/json">)[^<]*(?=</script>)')
_SKIP: Final = re.compile(r'(<div data-md-component="skip">)\s*(</div>)')
_CHARSET: Final = '<meta charset="utf-8">'
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
#: ``data:`` for the shapes that the style sheet draws.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
#: What opens the menu of a narrow screen, which our header has in a place and a form that a keyboard reaches.
_DRAWER: Final = '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">'
_GRID: Final = 'class="md-main__inner md-grid"'


def content_policy(html: str) -> str:
    """What the page may load and run: files of this site, and the scripts of the theme that stand in it, each by its hash.

    https://www.w3.org/TR/CSP3/. A site that is served with headers can send the same, and ``frame-ancestors 'none'`` with it.
    """
    return (
        f"{_POLICY}; script-src 'self'{''.join(sorted(_script_hash(script) for script in set(_INLINE.findall(html))))}"
    )


@cache
def _script_hash(script: str) -> str:
    """The source expression that lets one inline script run; there are few, alike on all pages of a depth."""
    return f" 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _without_search(config: re.Match[str]) -> str:
    """The theme’s settings without the words of its own search, which is not used: they would stand in every page."""
    settings = json.loads(config[0])
    said = settings.get("translations", {})
    settings["translations"] = {key: text for key, text in said.items() if not key.startswith("search.")}
    return json.dumps(settings, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def mend(html: str, messages: Messages, *, full_width: bool) -> str:
    """Small repairs to Material’s page, and the place where our own pages begin."""
    for written, mended in _MENDS:
        html = html.replace(written, mended)
    html = _CONFIG.sub(_without_search, html, count=1)
    html = html.replace(_DRAWER, "")
    if 'id="__toc"' not in html:
        html = html.replace(' for="__toc"', "")
    html = "".join(part if part.startswith("<pre") else _BLANK.sub("\n", part) for part in _PRE.split(html))
    if full_width:
        html = html.replace(_GRID, 'class="md-main__inner md-grid kb-full"', 1)
        html = _SKIP.sub(rf'\1<a href="#kb-content" class="md-skip">{messages("nav.skip")}</a>\2', html, count=1)
    return html
