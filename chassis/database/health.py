"""The state of the storage under a database, reported in /readyz and once in the log."""

import logging

from chassis.database.faults import StorageFault

log = logging.getLogger(__name__)

_ADVICE = {
    StorageFault.FULL: "is on a disk that is full: nothing is stored until there is room",
    StorageFault.READ_ONLY: "cannot be written to: nothing is stored until that is mended",
    StorageFault.FAILING: "cannot be read or written as it should, since the disk or its file system fails",
}


class DatabaseHealth:
    """Keeps damage until a check finds none, and other faults until a write succeeds."""

    def __init__(self, name: str, *, derived: bool) -> None:
        """`derived`: the data can be derived again from the expenses service's journal."""
        self._name = name
        self._derived = derived
        self.damage: str | None = None
        """The database's message about the damage; None if no damage is known."""
        self.fault: StorageFault | None = None
        """The fault that prevents writing."""
        self._reason = ""

    def record_fault(self, fault: StorageFault, reason: str) -> None:
        """Records a fault. Logs it once for as long as it lasts."""
        if fault is StorageFault.DAMAGED:
            self.record_check(reason)
        elif self.fault is not fault:
            self.fault, self._reason = fault, reason
            log.error("%s", self.report()["detail"])

    def record_check(self, damage: str | None) -> None:
        """Records a check of the whole file; `damage` is the database's message, None for a sound file."""
        if damage and self.damage is None:
            log.critical("%s", self._sentence(damage))
        if self.damage and damage is None:
            log.warning("no damage of the database %s is known any more", self._name)
        self.damage = damage

    def record_write(self) -> None:
        """Records a committed transaction, which ends any fault but damage."""
        if self.fault is not None:
            log.warning("the database %s can be written to again", self._name)
            self.fault = None

    def report(self) -> dict[str, str]:
        """Returns the body of /readyz: `status` is `ready` or `damaged`; `detail` is a sentence for operators."""
        if self.damage:
            return {"status": "damaged", "detail": self._sentence(self.damage)}
        if self.fault:
            detail = f"The database {self._name} {_ADVICE[self.fault]} ({self._reason})."
            return {"status": "ready", "detail": detail}
        return {"status": "ready"}

    def _sentence(self, damage: str) -> str:
        remedy = (
            "Stop Outlay and delete it: it is rebuilt from the expenses service"
            if self._derived
            else "Stop Outlay, keep a copy of it, and put a backup in its place"
        )
        return (
            f"The database {self._name} is damaged ({damage}). Requests that need the damaged part are refused; others "
            f"still work. {remedy}; see “Damaged and full disks” in docs/operations.md."
        )
