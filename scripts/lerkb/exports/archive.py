"""One file that can be kept: every other export and the schemas, frozen under a name made of its content."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from lerkb.exports import export, exports
from lerkb.files import zipped

if TYPE_CHECKING:
    from lerkb.exports import Files, Origin
    from lerkb.knowledge_base import KnowledgeBase

NAME: Final = "archive"


@export(NAME)
def archive_file(base: KnowledgeBase, origin: Origin) -> Files:
    """ZIP of all of these, to keep

    Each release has its own file: the name holds the last day written and a fingerprint of the contents, so that a study can say exactly
    what it used. The schemas are in it.
    """
    held: dict[str, str | bytes] = {
        f"schemas/{name}": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in sorted(base.schemas.documents.items())
    }
    for other in exports():
        if other.name != NAME:
            held |= other.run(base, origin)
    raw = {name: content.encode() if isinstance(content, str) else content for name, content in sorted(held.items())}
    mark = hashlib.sha256(b"".join(name.encode() + b"\0" + content for name, content in raw.items())).hexdigest()[:12]
    day = max((str(record.data.get("written", "")) for record in base), default="")
    return {f"records-{day}-{mark}.zip": zipped(raw)}
