"""Keeps a failing service from affecting the others: a circuit breaker, and a retry budget."""

import math
import time
from collections import OrderedDict
from collections.abc import Iterable

from chassis.process.circuit import Circuit, Trial
from gateway.errors import ServiceUnavailable


class CircuitBreaker:
    """Circuit breaker: refuses requests after several consecutive failures, except for a trial request each PAUSE.

    Failed connections count for all callers. A time-out may be caused by the request itself, so a caller's time-outs
    stop that caller alone, until several different callers have timed out with no response to any caller in between.
    """

    FAILURES = 5
    CALLERS = 3
    """Number of different callers whose consecutive time-outs open the circuit for all."""
    PAUSE = 1.0
    """Seconds between two trials."""
    REMEMBERED = 1_000
    """Callers with time-outs."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._connections = Circuit(self.FAILURES)
        self._all_callers = Circuit(self.CALLERS)
        self._late: set[str] = set()
        """Callers whose requests have timed out since the last response to any caller."""
        self._callers: OrderedDict[str, Circuit] = OrderedDict()

    def require_closed(self, caller: str) -> None:
        """Raises ServiceUnavailable while no request of that caller may be sent. Uses up no trial."""
        self._open_circuits(caller, time.monotonic())

    def enter(self, caller: str) -> list[Trial]:
        """Called immediately before a request is sent. Returns the trials that it is. Raises ServiceUnavailable."""
        now = time.monotonic()
        return [circuit.begin_trial(now + self.PAUSE) for circuit in self._open_circuits(caller, now)]

    def abandon(self, trials: Iterable[Trial]) -> None:
        """Called where a request has ended without a response or a failure of the service."""
        for trial in trials:
            trial.circuit.abandon(trial)

    def _open_circuits(self, caller: str, now: float) -> list[Circuit]:
        """The open circuits, all of which are due for a trial. Raises ServiceUnavailable while any of them is not."""
        circuits = [self._connections, self._all_callers]
        if (own := self._callers.get(caller)) is not None:
            circuits.append(own)
        if wait := max(circuit.wait(now) for circuit in circuits):
            raise ServiceUnavailable(self._service, math.ceil(wait))
        return [circuit for circuit in circuits if circuit.is_open]

    def succeeded(self, caller: str) -> None:
        """Called after a response of any status."""
        self._connections.succeeded()
        self._all_callers.succeeded()
        self._late.clear()
        self._callers.pop(caller, None)

    def failed(self) -> None:
        """Called after a connection failed or was closed."""
        self._connections.failed(time.monotonic() + self.PAUSE)

    def timed_out(self, caller: str) -> None:
        """Called after a request of this caller timed out."""
        now = time.monotonic()
        self._callers.setdefault(caller, Circuit(self.FAILURES)).failed(now + self.PAUSE)
        self._callers.move_to_end(caller)
        if len(self._callers) > self.REMEMBERED:
            self._callers.popitem(last=False)
        if caller not in self._late and len(self._late) < self.CALLERS:
            self._late.add(caller)
            self._all_callers.failed(now + self.PAUSE)


class RetryBudget:
    """Limits retries: when every request fails, they must not double the load."""

    MAX = 10.0
    EARNED = 0.1
    """Added by each request: in the long run at most one in ten is retried."""

    def __init__(self) -> None:
        self._remaining = self.MAX

    def earn(self) -> None:
        """Adds to the budget for a request."""
        self._remaining = min(self.MAX, self._remaining + self.EARNED)

    def spend(self) -> bool:
        """Uses the budget for a retry; returns False if it is exhausted."""
        if self._remaining < 1:
            return False
        self._remaining -= 1
        return True
