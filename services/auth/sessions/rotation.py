"""Which refresh token of a session is good, and when it is replaced. Decision 0026 has the reasons.

A session issues generations 0, 1, 2 … of its token; one is current. The answer that carries the next one may be lost,
may arrive late, and may be asked for twice at once. So:

- the current token is replaced, unless it was handed out within ROTATION_PAUSE: then it simply stays;
- its predecessor gets the current token again until the first known use of that, and for REPLAY_GRACE afterwards;
- anything else that is genuine was copied, and ends the session.
"""

from enum import StrEnum

from services.auth.identity.tables import SessionRow
from services.auth.settings import REPLAY_GRACE, ROTATION_PAUSE
from services.auth.stopwatch import Stopwatch


class RotationOutcome(StrEnum):
    """What came of presenting a genuine refresh token of a live session."""

    ROTATED = "rotated"
    """The token was current, and has a successor now."""
    KEPT = "kept"
    """It was current, and was handed out a moment ago: it stays as it is."""
    REPEATED = "repeated"
    """It was the predecessor: its successor is handed out again."""
    REUSED = "reused"
    """Two parties hold the session's tokens."""


class Rotation:
    """Moves a session from one generation to the next. The caller holds its row."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch

    def present(self, row: SessionRow, generation: int) -> RotationOutcome:
        """Decides on a token of this generation, and writes on the row what follows from it."""
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
