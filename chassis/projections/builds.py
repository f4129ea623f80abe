"""Projection builds: the rows that were derived of one ledger, from the start of its journal."""

import secrets
import time
from typing import NamedTuple

import sqlalchemy as sa

from contracts.ids import LedgerId

_RANDOM_BITS = 20


class ProjectionBuild(NamedTuple):
    """The key with which every derived row begins. A ledger's checkpoint names the build that is served."""

    ledger: LedgerId
    generation: int

    def rows(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Returns the condition for the rows of this build in a table."""
        return sa.and_(table.c.ledger == self.ledger, table.c.generation == self.generation)


def new_build(ledger: LedgerId) -> ProjectionBuild:
    """Returns a build with an unused generation: milliseconds since 1970, then 20 random bits.

    Two processes may start builds of a ledger at once, so a counter would need a lock. The order has no meaning.
    """
    milliseconds = time.time_ns() // 1_000_000
    return ProjectionBuild(ledger, milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))
