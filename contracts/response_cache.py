"""Cached responses that insights stores in Redis for the gateway: keys, fields and format.

A hash per ledger holds `head`, the newest known revision, and one field for each response.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple, Self
from urllib.parse import urlencode

from contracts.ids import LedgerId

HEAD = "head"
FENCE = "fence"
"""Field with a random text that lives as long as the hash. A response is stored only if the fence is the same as before
the response was computed, so a response computed before a loss of the head is never stored after it."""

LEASE_KEY = "outlay:{lease}"
"""Key that the relay of expenses renews while every entry older than LEASE has raised its head here."""
LEASE = dt.timedelta(seconds=3)
"""Maximum staleness of a cached response for a client that names no revision. Without the lease none is sent."""

MAX_AGE = dt.timedelta(minutes=5)
"""A response older than this is computed again, whatever its revision."""

MAX_RESPONSES = 32
MAX_RESPONSE_BYTES = 64 * 1024

SHAPE = 1
"""Version of the cached responses' format and meaning: no version of Outlay serves another's responses."""

CACHEABLE: Mapping[str, Collection[frozenset[str]]] = {
    "/api/v1/summary": (frozenset({"from", "to"}),),
    "/api/v1/trends": (frozenset({"from", "to", "by"}), frozenset({"from", "to", "by", "week_start"})),
}
"""Paths with cached responses, each with the sets of parameters that make the response a function of the ledger."""


def ledger_key(ledger: LedgerId | str) -> str:
    """Returns the key of a ledger's hash; the braces keep it in one slot of a Redis Cluster."""
    return f"outlay:ledger:{{{ledger}}}"


def response_field(path: str, query: Mapping[str, str]) -> str | None:
    """Returns the field for a canonical query (without `ledger`); None if its response is not cached."""
    if frozenset(query) not in CACHEABLE.get(path, ()):
        return None
    text = f"{SHAPE} {path}?{urlencode(sorted(query.items()))}"
    return "a:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_REVISION = re.compile(rb"[0-9]{1,15}")
"""At most 15 digits: scripts in Redis compute with doubles."""
_LINE = re.compile(rb'([0-9]{1,15}) ("[\x21\x23-\x7e]{1,64}") ([0-9]{1,11}\.[0-9]{3})')


def read_head(text: bytes | None) -> int | None:
    """Returns the revision in a field `head`; None if the field is missing or invalid."""
    return int(text) if text is not None and _REVISION.fullmatch(text) else None


class CachedResponse(NamedTuple):
    """A cached response: its revision, its ETag, when it was computed (seconds since 1970), its JSON."""

    revision: int
    etag: str
    computed_at: float
    body: bytes

    def pack(self) -> bytes:
        """Encodes the response: one line of metadata, then the body."""
        return f"{self.revision} {self.etag} {self.computed_at:.3f}\n".encode() + self.body

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Decodes the output of `pack`. Raises ValueError on anything else, and if the body does not match the ETag."""
        line, _, body = packed.partition(b"\n")
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError("not a cached response")
        revision, etag, computed_at = match.groups()
        if etag != etag_of(body).encode():
            raise ValueError("the body does not match the ETag")
        return cls(int(revision), etag.decode(), float(computed_at), body)


def etag_of(body: bytes) -> str:
    """Returns a strong ETag: a hash of the body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
