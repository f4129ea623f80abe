"""How much there may be in the book, and in one change of it."""

from dataclasses import dataclass

MOST_ACTION_BYTES = 1024 * 1024
"""Most bytes of images, before and after, that one request may change."""
MOST_UNDO_BYTES = 32 * 1024 * 1024
"""The same of an undo: an older version accepted actions of more than 8 MB, and they can still be undone."""
MOST_PAGE_BYTES = 1024 * 1024
"""Bytes after which a page ends early; it holds at least one item."""


@dataclass(frozen=True)
class BookLimits:
    """What the operator allows."""

    max_categories: int = 2_000
    """Categories of one ledger."""
    quota_bytes: int = 0
    """Bytes in the journals of all ledgers that one account owns; 0 is no bound."""
    work_per_minute: int = 0
    """Bytes that one account may have written in a minute, as `work_limit` counts them; 0 is no bound."""
