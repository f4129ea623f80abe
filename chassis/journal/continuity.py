"""Tells whether a page of a journal continues what was read before, or whether the journal was replaced."""

from typing import NamedTuple
from uuid import UUID

from contracts.journal import FeedPage


class Checkpoint(NamedTuple):
    """A revision and the id of the entry at it. The start is revision 0 without an entry."""

    revision: int
    entry_id: UUID | None


START = Checkpoint(0, None)


def continues(checkpoint: Checkpoint, page: FeedPage) -> bool:
    """Whether a page that was requested after the checkpoint belongs to the same history.

    False after a backup of the journal was restored: it ends before the checkpoint, or has another entry there.
    """
    if page.entries:
        return page.entries[0].previous == checkpoint.entry_id
    return Checkpoint(page.head, page.tail) == checkpoint
