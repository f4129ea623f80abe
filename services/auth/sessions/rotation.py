"""Decides which refresh token of a session is valid, and when it is replaced. Decision 0026 has the reasons.

A session issues generations 0, 1, 2 … of its token; one is current. The response with the next token may be lost, may
arrive late, and may be requested twice at once. Therefore:

- the current token is replaced, unless it was issued within ROTATION_PAUSE: then it stays;
- its predecessor gets the current token again until the first known use of that, and for REPLAY_GRACE afterwards;
- any other genuine token must have been copied, and ends the session.
"""

from enum import StrEnum

from services.auth.identity.tables import SessionRow
from services.auth.settings import REPLAY_GRACE, ROTATION_PAUSE
from services.auth.stopwatch import Stopwatch


class RotationOutcome(StrEnum):
    """The outcome of presenting a genuine refresh token of a live session."""

    ROTATED = "rotated"
    """The token was current, and now has a successor."""
    KEPT = "kept"
    """It was current and issued a moment ago, so it stays."""
    REPEATED = "repeated"
    """It was the predecessor, so its successor is issued again."""
    REUSED = "reused"
    """It is older, so two parties hold tokens of the session."""


class Rotation:
    """Moves a session from one generation to the next. The caller must hold the lock on its row."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch

    def present(self, row: SessionRow, generation: int) -> RotationOutcome:
        """Decides the outcome for a token of this generation, and updates the row."""
        if generation == row.generation:
            return self._present_current(row)
        if generation == row.generation - 1 and self._may_repeat(row):
            row.issued_at = self._stopwatch.start(row.id)
            return RotationOutcome.REPEATED
        return RotationOutcome.REUSED

    def _present_current(self, row: SessionRow) -> RotationOutcome:
        if self._stopwatch.age(row.id, row.issued_at, ROTATION_PAUSE) < ROTATION_PAUSE:
            if row.confirmed_at is None:
                row.confirmed_at = self._stopwatch.start(row.id)
            return RotationOutcome.KEPT
        row.generation += 1
        row.issued_at = self._stopwatch.start(row.id)
        row.confirmed_at = None
        return RotationOutcome.ROTATED

    def _may_repeat(self, row: SessionRow) -> bool:
        if row.confirmed_at is None:
            return True
        return self._stopwatch.age(row.id, row.confirmed_at, REPLAY_GRACE) <= REPLAY_GRACE
