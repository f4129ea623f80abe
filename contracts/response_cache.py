"""Ready answers that insights leaves in Redis for the gateway: their keys, their names and their bytes.

A hash per ledger holds `head`, the newest revision known, and one field for each answer.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple, Self
from urllib.parse import urlencode
from uuid import UUID

HEAD = "head"
FENCE = "fence"
"""Field with a random text that stays as long as the hash does: an answer is stored only into the hash, or after the
look at it, before which it was computed. So what was computed before a loss of the head is never stored after it."""

LEASE_KEY = "outlay:{lease}"
"""Key that the book's relay renews while every entry that is older than LEASE has raised its head here."""
LEASE = dt.timedelta(seconds=3)
"""How old a ready answer may be for a client that names no revision: without a lease none is sent."""

MAX_AGE = dt.timedelta(minutes=5)
"""An answer older than this is asked for again, whatever its revision."""

MOST_ANSWERS = 32
LARGEST_ANSWER = 64 * 1024

SHAPE = 1
"""Raised with every change of the shape or the meaning of a kept answer, so that no version serves another's."""

CACHEABLE: Mapping[str, Collection[frozenset[str]]] = {
    "/api/v1/summary": (frozenset({"from", "to"}),),
    "/api/v1/trends": (frozenset({"from", "to", "by"}), frozenset({"from", "to", "by", "week_start"})),
}
"""The paths whose answers are kept, with exactly the parameters that make one a pure function of the ledger."""


def ledger_key(ledger: UUID | str) -> str:
    """Key of a ledger's hash; the braces keep it in one slot of a Redis Cluster."""
    return f"outlay:ledger:{{{ledger}}}"


def answer_field(path: str, query: Mapping[str, str]) -> str | None:
    """Field of the answer to a canonical query (without `ledger`), or None where none is kept."""
    if frozenset(query) not in CACHEABLE.get(path, ()):
        return None
    text = f"{SHAPE} {path}?{urlencode(sorted(query.items()))}"
    return "a:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_REVISION = re.compile(rb"[0-9]{1,15}")
"""At most 15 digits: Redis' scripts compute with doubles."""
_LINE = re.compile(rb'([0-9]{1,15}) ("[\x21\x23-\x7e]{1,64}") ([0-9]{1,11}\.[0-9]{3})')


def read_head(text: bytes | None) -> int | None:
    """The revision in a field `head`; None where there is none, or anything but a revision."""
    return int(text) if text is not None and _REVISION.fullmatch(text) else None


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
        """Reads what `pack` wrote. Raises ValueError on anything else, and where the body is not that of the ETag."""
        line, _, body = packed.partition(b"\n")
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError("no ready answer")
        revision, etag, computed_at = found.groups()
        if etag != etag_of(body).encode():
            raise ValueError("the body is another one")
        return cls(int(revision), etag.decode(), float(computed_at), body)


def etag_of(body: bytes) -> str:
    """A strong ETag: a hash of the body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
