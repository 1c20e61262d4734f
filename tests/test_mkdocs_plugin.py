"""The adapter to MkDocs where `lerkb build` does not call it: plain MkDocs, an owner's own settings, repairs of pages."""

import json
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from lerkb.site.finder import RECORDS_FILE
from lerkb.site.messages import Messages
from lerkb.site.mkdocs_plugin import mend, owner_theme

PLAIN = "site_name: Sample records\ndocs_dir: content/pages\n"


def built(root: Path) -> Path:
    """The site that plain `mkdocs build` makes."""
    config = load_config(config_file=str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    config.plugins["lerkb"].cache = None  # MkDocs keeps one plugin for the whole process, and so for all tests
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return root / "site"


def test_plain_mkdocs_builds_the_pages_too(make_project):
    site = built(make_project())
    assert (site / "use-cases" / "card-leaves-the-bakery" / "index.html").is_file()
    assert not (site / "use-cases" / "a-draft-case").exists()


def test_plain_mkdocs_refuses_records_with_errors(make_project):
    with pytest.raises(Abort, match="SCH002"):
        built(make_project({"content/glossary/wrong.yaml": "id: wrong\n"}))


def test_drafts_are_built_where_the_owner_asks_for_them(make_project):
    plugins = "theme: material\nplugins:\n  - lerkb:\n      drafts: true\n"
    site = built(make_project({"mkdocs.yml": PLAIN + plugins}))
    assert (site / "use-cases" / "a-draft-case" / "index.html").is_file()


def test_pages_people_write_are_found_by_the_search(make_project):
    root = make_project(
        {
            "mkdocs.yml": PLAIN + "theme: material\nplugins: [lerkb]\n",
            "content/pages/about.md": "# About us\n\nWho we <b>are</b>.\n",
        }
    )
    site = built(root)
    assert '["about/","About us","Page of the site","About us Who we are."' in (site / RECORDS_FILE).read_text(
        encoding="utf-8"
    )


def test_what_the_owner_sets_is_kept(make_project):
    settings = (
        PLAIN
        + "theme:\n  name: material\n  favicon: mine.svg\nplugins: [lerkb]\n"
        + "nav:\n  - Mine: about.md\nextra_css: [assets/kb.css]\nextra_javascript: [assets/kb.js]\n"
    )
    site = built(make_project({"mkdocs.yml": settings, "content/pages/mine.svg": "<svg/>"}))
    page = (site / "about" / "index.html").read_text(encoding="utf-8")
    assert 'href="../mine.svg"' in page
    assert page.count("assets/kb.css") == 1
    assert page.count("assets/kb.js") == 1


@pytest.mark.parametrize(
    ("theme", "others", "stays"),
    [
        ("", "", False),
        ("  features: [navigation.tabs]\n", "", False),
        ("  features: [navigation.tabs, navigation.top]\n", "", True),
        ("  custom_dir: mine\n", "", True),
        ("", "extra_javascript: [mine.js]\n", True),
        ("", "extra: {version: {provider: mike}}\n", True),
    ],
)
def test_generated_pages_have_the_theme_s_script_only_where_the_owner_asks_for_what_it_does(
    make_project, theme, others, stays
):
    settings = f"{PLAIN}theme:\n  name: material\n{theme}plugins: [lerkb]\n{others}"
    root = make_project(
        {"mkdocs.yml": settings, "mine/keep": "", "content/pages/mine.js": "", "content/pages/about.md": "# About\n"}
    )
    site = built(root)
    for page in ("use-cases", "about"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert "assets/kb.js" in text
        assert ("javascripts/bundle." in text) == (stays or page == "about")


def test_a_theme_by_name_alone_sets_nothing(make_project):
    root = make_project({"mkdocs.yml": PLAIN + "theme: material\nplugins: [lerkb]\n"})
    config = load_config(config_file=str(root / "mkdocs.yml"))
    assert owner_theme(config) == frozenset()
    config.config_file_path = None
    assert owner_theme(config) == frozenset()


def test_settings_without_the_plugin_are_told(run_lerkb, make_project):
    run = run_lerkb("build", root=make_project({"mkdocs.yml": PLAIN + "theme: material\nplugins: []\n"}))
    assert run.code == 2
    assert "does not list the plugin lerkb" in run.err


def test_text_that_is_set_out_keeps_its_blanks():
    messages = Messages.load("en")
    assert mend("<p>a</p>\n\n   <p>b</p>", messages, full_width=False) == "<p>a</p>\n<p>b</p>"
    assert mend("<pre>a\n\n   b</pre>", messages, full_width=False) == "<pre>a\n\n   b</pre>"
    both = "<i>\n  a</i><pre>\n  b</pre>\n  <i>c</i><pre class='d'>\n\n e</pre>\n\n<i>f</i>"
    kept = "<i>\na</i><pre>\n  b</pre>\n<i>c</i><pre class='d'>\n\n e</pre>\n<i>f</i>"
    assert mend(both, messages, full_width=False) == kept


def test_the_theme_keeps_the_words_it_says_and_loses_those_of_its_search():
    settings = {"base": "..", "translations": {"search.result.one": "one }", "clipboard.copy": "Copy </script>"}}
    text = json.dumps(settings).replace("<", "\\u003c")
    page = mend(f'<script id="__config" type="application/json">{text}</script>', Messages.load("en"), full_width=False)
    assert page.count("<") == 2
    settings["translations"].pop("search.result.one")
    assert json.loads(page[page.index(">") + 1 : page.rindex("<")]) == settings
