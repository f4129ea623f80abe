"""Whether a page continues what was read."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.journal.continuity import START, Checkpoint, continues
from contracts.ids import ActionId, LedgerId
from contracts.journal import FeedPage, JournalEntry, Via

LEDGER = LedgerId(UUID(int=1))
FIRST, SECOND, THIRD, OTHER = (UUID(int=number) for number in (11, 12, 13, 99))


def entry(revision: int, id_: UUID, previous: UUID | None) -> JournalEntry:
    return JournalEntry(
        id=id_,
        ledger=LEDGER,
        revision=revision,
        previous=previous,
        action_id=ActionId(id_),
        action="record",
        actor=None,
        via=Via.SYSTEM,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        pairs=(),
    )


def page(head: int, tail: UUID, *entries: JournalEntry) -> FeedPage:
    return FeedPage(ledger=LEDGER, head=head, tail=tail, entries=entries)


@pytest.mark.parametrize(
    ("checkpoint", "requested", "expected"),
    [
        pytest.param(START, page(1, FIRST, entry(1, FIRST, None)), True, id="first-entry"),
        pytest.param(Checkpoint(1, FIRST), page(2, SECOND, entry(2, SECOND, FIRST)), True, id="next-entry"),
        pytest.param(Checkpoint(1, FIRST), page(3, THIRD, entry(2, SECOND, FIRST)), True, id="more-pages-follow"),
        pytest.param(Checkpoint(2, SECOND), page(2, SECOND), True, id="nothing-new"),
        pytest.param(Checkpoint(2, SECOND), page(2, OTHER), False, id="another-entry-at-the-head"),
        pytest.param(Checkpoint(2, SECOND), page(1, FIRST), False, id="ends-before-the-checkpoint"),
        pytest.param(Checkpoint(2, SECOND), page(3, THIRD, entry(3, THIRD, OTHER)), False, id="another-history"),
        pytest.param(START, page(3, THIRD, entry(3, THIRD, SECOND)), False, id="does-not-begin-at-the-start"),
    ],
)
def test_a_page_continues_only_the_history_that_was_read(
    checkpoint: Checkpoint, requested: FeedPage, *, expected: bool
) -> None:
    assert continues(checkpoint, requested) is expected
