"""One valid file as a value."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.yaml_source import Source


@dataclass(frozen=True)
class Record:
    """A record whose file passed the syntax and schema checks.

    The few fields that code reasons about have accessors; everything else stays in ``data``, whose fields the schema lists.
    Nothing may change ``data``.
    """

    kind: str
    id: str
    path: str
    data: Mapping[str, Any]
    #: Lists of which not every entry could be read; empty for a record that is whole.
    unread: frozenset[str] = frozenset()

    @classmethod
    def from_source(cls, source: Source) -> Record:
        """The record of a source that passed its shape checks."""
        return cls(source.kind, source.data["id"], source.path, source.data)

    @property
    def title(self) -> str:
        """The title; a withdrawn account has kept only its id."""
        title: str = self.data.get("title", self.id)
        return title

    @property
    def status(self) -> str:
        """``draft``, ``published`` or ``retired``."""
        status: str = self.data["status"]
        return status

    @property
    def is_draft(self) -> bool:
        """Whether it is left out of the published site."""
        return self.status == "draft"

    @property
    def successor(self) -> str | None:
        """Id of the record that took this one's place."""
        successor: str | None = self.data.get("retired", {}).get("successor")
        return successor

    @property
    def withdrawn(self) -> bool:
        """Whether it is what is left of an account that its teller took back."""
        return "withdrawn" in self.data

    @property
    def is_out_of_reach(self) -> bool:
        """Whether it is a document that is gone from its address and of which no kept copy is known."""
        return self.data.get("address_status") == "dead" and "kept_copy" not in self.data

    def parts(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The parts of a list with ids (``claims``, ``findings``, ``gaps``, …), by id."""
        return self._parts.get(name, {})

    @cached_property
    def _parts(self) -> dict[str, dict[str, Mapping[str, Any]]]:
        return {
            name: {part["id"]: part for part in value if "id" in part}
            for name, value in self.data.items()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        }

    @cached_property
    def version(self) -> str:
        """A short hash of the data: equal data, equal version, whatever the layout of the file."""
        text = json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]
