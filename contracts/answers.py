"""Ready answers that insights leaves in Redis for the gateway: their keys, their names and their bytes.

A hash per ledger holds `head`, the newest revision known, and one field for each answer.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID

HEAD = "head"

MAX_AGE = dt.timedelta(minutes=5)
"""An answer older than this is asked for again, whatever its revision."""

MOST_ANSWERS = 32
LARGEST_ANSWER = 64 * 1024

SHAPE = 1
"""Raised with every change of the shape or the meaning of a kept answer, so that no version serves another's."""

CACHEABLE: Mapping[str, frozenset[str]] = {
    "/api/v1/summary": frozenset({"from", "to"}),
    "/api/v1/trends": frozenset({"from", "to", "by"}),
}
"""The paths whose answers are kept, with exactly the parameters that make one a pure function of the ledger."""


def ledger_key(ledger: UUID | str) -> str:
    """Key of a ledger's hash; the braces keep it in one slot of a Redis Cluster."""
    return f"outlay:ledger:{{{ledger}}}"


def answer_field(path: str, query: Mapping[str, str]) -> str | None:
    """Field of the answer to a canonical query (without `ledger`), or None where none is kept."""
    if CACHEABLE.get(path) != frozenset(query):
        return None
    text = f"{SHAPE} {path}?{urlencode(sorted(query.items()))}"
    return "a:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Answer(NamedTuple):
    """A ready answer: the revision it shows, its ETag, when it was computed (seconds since 1970), the JSON."""

    revision: int
    etag: str
    computed_at: float
    body: bytes

    def pack(self) -> bytes:
        """One line of figures, then the body."""
        return f"{self.revision} {self.etag} {self.computed_at:.3f}\n".encode() + self.body

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Reads what `pack` wrote. Raises ValueError on anything else."""
        line, _, body = packed.partition(b"\n")
        revision, etag, computed_at = line.decode().split(" ")
        return cls(int(revision), etag, float(computed_at), body)


def etag_of(body: bytes) -> str:
    """A strong ETag: a hash of the body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
