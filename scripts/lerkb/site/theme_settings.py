"""What the site asks of Material, where a knowledge base’s own ``mkdocs.yml`` does not say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lerkb.site.site import SECTIONS

if TYPE_CHECKING:
    from lerkb.site.messages import Messages

#: Style sheet, script, fonts and pictures, copied into the site as they are.
ASSETS: Final = Path(__file__).parent / "assets"
#: Served from the site itself; nothing is asked of another host.
STYLESHEET: Final = "assets/kb.css"
SCRIPT: Final = "assets/kb.js"
FEATURES: Final = ("navigation.tabs", "search.highlight")


def theme_defaults() -> dict[str, Any]:
    """Settings of the theme."""
    return {
        "font": False,
        "logo": "assets/logo.svg",
        "favicon": "assets/favicon.svg",
        "features": list(FEATURES),
        "palette": [
            {
                "media": "(prefers-color-scheme)",
                "scheme": "default",
                "toggle": {"icon": "material/theme-light-dark", "name": "Switch to light colors"},
            },
            {
                "media": "(prefers-color-scheme: light)",
                "scheme": "default",
                "toggle": {"icon": "material/weather-sunny", "name": "Switch to dark colors"},
            },
            {
                "media": "(prefers-color-scheme: dark)",
                "scheme": "slate",
                "toggle": {"icon": "material/weather-night", "name": "Follow the system’s colors"},
            },
        ],
    }


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
