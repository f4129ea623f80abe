"""Clients: threads that write and read like a household with too much to do, each from a seed of its own."""

import random
import threading
from collections.abc import Set as AbstractSet

from tests.chaos.callers import ChaosCaller, Operation, OperationResult
from tests.chaos.workload import Workload

PAUSE = 0.06
"""Mean seconds between two operations of a client."""
TRIES = 25
"""How often a write that has a key is sent again while its outcome is unknown: for ten seconds and more."""
AGAIN = 0.05
"""How often one is sent again although it was answered, as by a browser whose page was reloaded."""


class ClientGate:
    """Lets clients work, or holds them so that a ledger comes to rest."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside = 0
        self._shut = False

    def __enter__(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: not self._shut)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._inside -= 1
            self._condition.notify_all()

    def close(self, patience: float) -> bool:
        """No new operation begins; whether those in flight ended in time."""
        with self._condition:
            self._shut = True
            return self._condition.wait_for(lambda: not self._inside, patience)

    def open(self) -> None:
        with self._condition:
            self._shut = False
            self._condition.notify_all()


class ChaosClient:
    """One thread."""

    def __init__(self, caller: ChaosCaller, seed: str, gate: ClientGate, done: threading.Event) -> None:
        self._caller = caller
        self._chance = random.Random(seed)
        self._gate = gate
        self._done = done
        self._known = caller.account.known
        self._workload = Workload(caller.name, self._known, self._chance)
        self._seen = 0
        self.thread = threading.Thread(target=self._work, name=caller.name, daemon=True)

    def _work(self) -> None:
        while not self._done.is_set():
            with self._gate:
                self._something()
            self._done.wait(self._chance.expovariate(1 / PAUSE))

    def _something(self) -> None:
        if self._chance.random() < 0.45:
            self._read(self._seen)
            return
        result = self._write()
        if result.kind == "ok" and self._chance.random() < 0.6:
            self._read(self._seen)

    def _write(self) -> OperationResult:
        operation = self._workload.write()
        result = self._try(operation)
        if result.kind == "ok":
            self._learn(operation, result)
        elif result.kind == "fail":  # what it named is not there any more
            self._forget({operation.asked.get("id"), *_named(operation)})
        return result

    def _try(self, operation: Operation) -> OperationResult:
        result = self._caller.call(operation)
        tries = TRIES if operation.key and self._chance.random() < 0.7 else 0
        while result.kind == "unknown" and tries and not self._done.wait(self._chance.uniform(0.1, 0.8)):
            result = self._caller.call(operation)
            tries -= 1
        if result.kind == "ok" and operation.key and self._chance.random() < AGAIN:
            self._caller.call(operation)
        return result

    def _learn(self, operation: Operation, result: OperationResult) -> None:
        self._saw(result.revision)
        if result.action:
            self._known.actions = [*self._known.actions[-30:], result.action]
        made = [result.body] if operation.do == "create" else result.body["created"] if operation.do == "batch" else []
        self._forget(
            {operation.asked.get("id")} if operation.do == "remove" else set(operation.asked.get("delete", ()))
        )
        self._known.ids = self._known.ids + [item["id"] for item in made]

    def _forget(self, gone: AbstractSet[str | None]) -> None:
        self._known.ids = [id_ for id_ in self._known.ids if id_ not in gone]

    def _saw(self, revision: int) -> None:
        self._seen = max(self._seen, revision)
        self._known.seen = max(self._known.seen, revision)

    def _read(self, minimum: int) -> None:
        if self._chance.random() < 0.15:
            minimum = 0
        elif self._chance.random() < 0.2:
            minimum = max(minimum, self._known.seen)  # what another client of the ledger has seen
        result = self._caller.call(self._workload.read(minimum))
        if result.kind == "ok":
            self._saw(result.revision)


def _named(operation: Operation) -> list[str]:
    """The expenses that a batch wanted to change."""
    return [item["id"] for item in operation.asked.get("update", ())] + list(operation.asked.get("delete", ()))
