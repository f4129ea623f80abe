"""Limits of a ledger and of one change."""

from dataclasses import dataclass

MAX_ACTION_BYTES = 1024 * 1024
"""Bytes of images, before and after, that one request may change at most."""
MAX_UNDO_BYTES = 32 * 1024 * 1024
"""The same for an undo: an older version accepted actions of more than 8 MB, which can still be undone."""
MAX_PAGE_BYTES = 1024 * 1024
"""Bytes after which a page ends early, with at least one item."""


@dataclass(frozen=True)
class LedgerLimits:
    """Limits that the operator sets."""

    max_categories: int = 2_000
    """Categories of one ledger."""
    quota_bytes: int = 0
    """Bytes in the journals of all ledgers that one account owns; 0 is no limit."""
    work_per_minute: int = 0
    """Bytes that one account may write in a minute, as counted by `work_limit`; 0 is no limit."""
