"""Storms and rests: faults in the order and at the moments that a seed says, then a while in which all must heal."""

import random
import time
from collections.abc import Callable, Mapping, Sequence

from tests.chaos import clock_faults, faults, redis_faults
from tests.chaos.faults import Fault, FaultFunction, FaultTargets
from tests.chaos.history import ChaosHistory
from tests.support.waiting import until

BURST_SECONDS = 18.0
"""Seconds of faults before a rest."""
SETTLING = 2.0
"""Seconds of work without new faults before the clients are held."""
BLACKOUT_EVERY = 4
"""After this many storms everything is killed at once, the supervisor first."""


class FaultBurst:
    """Inflicts faults from one thread, and mends those that last."""

    def __init__(
        self,
        targets: FaultTargets,
        history: ChaosHistory,
        seed: str,
        rate: float,
        aim: str = "",
        only: Sequence[str] = (),
    ) -> None:
        """`rate` is faults a second while a storm lasts; with an aim, that program is killed and nothing else.

        `only` names the faults that there are to be, where not all are wanted.
        """
        self._targets = targets
        self._history = history
        self._chance = random.Random(seed)
        self._rate = rate
        self._mends: list[tuple[float, Callable[[], None]]] = []
        on_postgres = bool(targets.server.urls())
        of_storage = {**(faults.ON_POSTGRES if on_postgres else {}), **(faults.ON_A_SMALL_DISK if targets.disk else {})}
        usual = {**faults.EVERYWHERE, **redis_faults.WEIGHTS, **clock_faults.WEIGHTS, **of_storage}
        if only:
            usual = {fault: weight for fault, weight in usual.items() if fault.__name__ in only}
        self._weights: Mapping[FaultFunction, int] = {faults.kill_only(aim): 1} if aim else usual

    def inflict_for(self, seconds: float) -> None:
        """Faults for so long."""
        end = time.monotonic() + seconds
        next_at = time.monotonic() if self._rate else float("inf")
        while (now := time.monotonic()) < end:
            self._mend(now)
            if now >= next_at:
                next_at += self._chance.expovariate(self._rate)
                inflict = self._chance.choices(list(self._weights), list(self._weights.values()))[0]
                self._note(inflict(self._targets, self._chance))
            time.sleep(0.02)

    def mend_and_wait(self) -> None:
        """Mends everything and waits until every program is there."""
        self._mend(float("inf"))
        until(self._targets.stack.is_whole, what="every program to be there", timeout=60)

    def mend_all(self) -> None:
        """Mends what is left: a stopped process could not be ended in peace."""
        self._mend(float("inf"))

    def black_out(self) -> None:
        """The supervisor dies, and with it everything; then the stack is started again."""
        self._mend(float("inf"))
        count = len(self._targets.processes())
        self._history.record("fault", what="kill", target="everything at once", seconds=0, count=count + 1)
        self._targets.stack.black_out()
        self._targets.stack.start()

    def _note(self, fault: Fault | None) -> None:
        if fault is None:
            return
        self._history.record("fault", what=fault.what, target=fault.target, seconds=round(fault.seconds, 2))
        if fault.mend:
            self._mends.append((time.monotonic() + fault.seconds, fault.mend))

    def _mend(self, now: float) -> None:
        due = [mend for at, mend in self._mends if at <= now]
        self._mends = [(at, mend) for at, mend in self._mends if at > now]
        for mend in due:
            mend()
