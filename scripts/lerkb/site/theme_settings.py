"""What the site asks of Material, where a knowledge base’s own ``mkdocs.yml`` does not say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lerkb.site.site import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lerkb.site.messages import Messages

#: Style sheet, script, fonts and pictures, copied into the site as they are.
ASSETS: Final = Path(__file__).parent / "assets"
#: Served from the site itself; nothing is asked of another host.
STYLESHEET: Final = "assets/kb.css"
SCRIPT: Final = "assets/kb.js"
#: Pictures of few strokes: each stands in every page.
OWN_ICONS: Final = {name: f"kb/{name}" for name in ("system", "light", "dark", "search", "back", "close", "menu")}
MATERIAL_ICONS: Final = {
    "system": "material/theme-light-dark",
    "light": "material/weather-sunny",
    "dark": "material/weather-night",
    "search": "material/magnify",
    "back": "material/arrow-left",
    "close": "material/close",
    "menu": "material/menu",
}
FEATURES: Final = ("navigation.tabs",)
#: Settings under ``extra`` that Material’s script acts on.
_SCRIPTED_EXTRAS: Final = ("alternate", "analytics", "annotate", "consent", "tags", "version")


def theme_defaults(messages: Messages, icons: Mapping[str, str] = OWN_ICONS) -> dict[str, Any]:
    """Settings of the theme: fonts of our own, our picture, and three ways of choosing colors, the system’s first.

    ``icons``: name → picture; a host without our theme folder needs Material’s own.
    """
    return {
        "language": messages.language,
        "font": False,
        "logo": "assets/logo.svg",
        "favicon": "assets/favicon.svg",
        "features": list(FEATURES),
        "icon": {"search": icons["search"], "previous": icons["back"], "close": icons["close"], "menu": icons["menu"]},
        "palette": [
            _palette(messages, "(prefers-color-scheme)", "default", icons["system"], "to_light"),
            _palette(messages, "(prefers-color-scheme: light)", "default", icons["light"], "to_dark"),
            _palette(messages, "(prefers-color-scheme: dark)", "slate", icons["dark"], "to_system"),
        ],
    }


def needs_theme_script(
    features: Iterable[str], scripts: Iterable[str], extra: Mapping[str, object], *, custom: bool
) -> bool:
    """Whether generated pages need Material’s script, which weighs as much as all that stands on them.

    As we set the theme up, ``kb.js`` does on them what that script would. It stays where an owner asks for more: a feature of
    the theme, a script of their own (which may wait for Material’s events), templates of their own.
    """
    return (
        custom
        or not set(features) <= set(FEATURES)
        or any(script != SCRIPT for script in scripts)
        or any(extra.get(name) for name in _SCRIPTED_EXTRAS)
    )


def _palette(messages: Messages, media: str, scheme: str, icon: str, next_step: str) -> dict[str, Any]:
    return {"media": media, "scheme": scheme, "toggle": {"icon": icon, "name": messages(f"colors.{next_step}")}}


def navigation(messages: Messages) -> list[tuple[str, str]]:
    """Title and address of the entries of the main menu. Records stay out of it: each page would carry them all."""
    return [
        (messages("nav.home"), ""),
        (messages("nav.use_cases"), SECTIONS["use-case"]),
        (messages("nav.principles"), SECTIONS["principle"]),
        (messages("nav.pilots"), SECTIONS["pilot"]),
        (messages("nav.gaps"), "gaps/"),
        (messages("nav.evidence"), "evidence/"),
        (messages("nav.take_part"), "contribute/"),
    ]


def source_name(url: str) -> str:
    """The name a page has among MkDocs’ source files: ``use-cases/x/`` comes from ``use-cases/x.md``, a list from its ``index.md``."""
    parts = url.strip("/").split("/") if url else []
    return "/".join([*parts, "index.md"])
