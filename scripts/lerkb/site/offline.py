"""The whole site as one ZIP that works from a folder, without a server.

A browser that opens a folder from a disk lists its files, so every link names the page of a folder. Scripts add the same to the
addresses they put together. What only a server or a search engine needs is left out.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lerkb.exports import archive
from lerkb.files import zipped
from lerkb.site.assembly import folder_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.site.site import Site

INDEX: Final = "index.html"
README: Final = "README.txt"
#: No page of the copy loads these: maps of scripts, the theme’s own search, and what answers a server or a robot.
_LEFT_OUT: Final = re.compile(
    r".*\.map|assets/javascripts/(lunr|workers)/.*|assets/images/favicon\.png|sitemap\.xml(\.gz)?|404\.html"
)
#: What a template says of the published site only.
_ONLINE: Final = re.compile(r"<!--online-->.*?<!--/online-->\s*", re.DOTALL)
#: A script with what stands in it, a comment, or a tag. No text of a page looks like one, since “<” is escaped there.
_TAG: Final = re.compile(r'<script\b.*?</script>|<!--.*?-->|<[a-z](?:[^>"]|"[^"]*")*>', re.DOTALL | re.IGNORECASE)
_LINK: Final = re.compile(r'(?<=\s)(href|action)="([^"]*)"')
_REFRESH: Final = re.compile(r'(http-equiv="refresh"\s+content="\d+;\s*url=)([^"]*)"')
_INLINE: Final = re.compile(r"<script>(.*)</script>", re.DOTALL)
_HASH: Final = re.compile(r" 'sha256-[^']*'")
#: To a browser a file is of no origin, so not every one of them counts another file as “self”.
_SELF: Final = ("'self'", "'self' file:")
_FINGERPRINT: Final = 8  #: characters


def offline_zip(site: Site, files: Mapping[str, bytes]) -> bytes:
    """The ZIP of a built site, in a folder of its own, with a note on how to open it. ``files``: by their place in the site."""
    release = files_of_release(site)
    left_out = {f"data/{name}" for name in (*release, site.offline_copy)}
    held: dict[str, bytes] = {README: readme(site, " ".join(release).removesuffix(".zip")).encode()}
    for name, content in files.items():
        if name in left_out or _LEFT_OUT.fullmatch(name):
            continue
        if name.endswith(".html"):
            page, scripts = offline_page(content.decode(), "../" * name.count("/"))
            held[name] = page.encode()
            held |= {place: script.encode() for place, script in scripts.items()}
        else:
            held[name] = content
    folder = folder_name(site.settings.name)
    return zipped({f"{folder}/{name}": content for name, content in held.items()})


def files_of_release(site: Site) -> tuple[str, ...]:
    """The names of what is kept of a release, which say which one it is."""
    return tuple(name for doc in site.exports if doc.name == archive.NAME for name in doc.files())


def readme(site: Site, release: str) -> str:
    """What stands beside the pages, for whoever unpacks them."""
    t, settings = site.messages, site.settings
    text = t("offline.readme", site=settings.name, release=release)
    return text + (t("offline.address", address=settings.address) if settings.address else "")


def offline_page(html: str, root: str) -> tuple[str, dict[str, str]]:
    """A page as it works from a folder, and the scripts that stood in it as files: alike in nearly all pages, they are kept once.

    ``root``: what leads from the page to the site’s root.
    """
    scripts: dict[str, str] = {}

    def changed(match: re.Match[str]) -> str:
        tag = match[0]
        inline = _INLINE.fullmatch(tag)
        if inline:
            mark = hashlib.sha256(inline[1].encode()).hexdigest()[:_FINGERPRINT]
            scripts[f"assets/inline-{mark}.js"] = inline[1]
            return f'<script src="{root}assets/inline-{mark}.js"></script>'
        if 'rel="preload"' in tag:
            return ""  # asked across origins, which a file has none of; the style sheet loads the same
        return tag if tag.startswith(("<!--", "<script")) else _offline_tag(tag)

    return _TAG.sub(changed, _ONLINE.sub("", html)), scripts


def _offline_tag(tag: str) -> str:
    """A tag with the addresses in it as they work from a folder."""
    tag = _LINK.sub(lambda found: f'{found[1]}="{offline_address(found[2])}"', tag)
    tag = _REFRESH.sub(lambda found: f'{found[1]}{offline_address(found[2])}"', tag)
    return _HASH.sub("", tag).replace(*_SELF) if "Content-Security-Policy" in tag else tag


def offline_address(written: str) -> str:
    """An address within the site with the page of a folder named; any other as it is. ``written``: as HTML writes it."""
    parts = urlsplit(unescape(written))
    if parts.scheme or parts.netloc or not parts.path:
        return written
    path = re.split(r"[?#]", written, maxsplit=1)[0]
    rest = written.removeprefix(path)
    if path.endswith("/"):
        return f"{path}{INDEX}{rest}"
    return f"{path}/{INDEX}{rest}" if path.rpartition("/")[2] in (".", "..") else written
