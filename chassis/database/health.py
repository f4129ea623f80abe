"""What a process knows of the storage under its database, and says in /readyz and once in its log."""

import logging

from chassis.database.faults import StorageFault

log = logging.getLogger(__name__)

_ADVICE = {
    StorageFault.FULL: "is on a disk that is full: nothing is stored until there is room",
    StorageFault.READ_ONLY: "cannot be written to: nothing is stored until that is mended",
    StorageFault.FAILING: "cannot be read or written as it should, since the disk or its file system fails",
}


class DatabaseHealth:
    """Damage stays until a check finds none; other faults until something is written again."""

    def __init__(self, name: str, *, derived: bool) -> None:
        """`derived`: all that matters in it can be made again from the book."""
        self._name = name
        self._derived = derived
        self.damage: str | None = None
        """The database's message about the damage; None if no damage is known."""
        self.fault: StorageFault | None = None
        """Why nothing can be written."""
        self._reason = ""

    def noted(self, fault: StorageFault, reason: str) -> None:
        """An error has shown a fault. Logged once for as long as it lasts."""
        if fault is StorageFault.DAMAGED:
            self.checked(reason)
        elif self.fault is not fault:
            self.fault, self._reason = fault, reason
            log.error("%s", self.report()["detail"])

    def checked(self, damage: str | None) -> None:
        """Records a check of the whole file; `damage` is the database's message, None for a sound file."""
        if damage and self.damage is None:
            log.critical("%s", self._sentence(damage))
        if self.damage and damage is None:
            log.warning("no damage of the database %s is known any more", self._name)
        self.damage = damage

    def written(self) -> None:
        """A transaction was committed."""
        if self.fault is not None:
            log.warning("the database %s can be written to again", self._name)
            self.fault = None

    def report(self) -> dict[str, str]:
        """For /readyz: `status` is `ready` or `damaged`; `detail` says what an operator has to know."""
        if self.damage:
            return {"status": "damaged", "detail": self._sentence(self.damage)}
        if self.fault:
            detail = f"The database {self._name} {_ADVICE[self.fault]} ({self._reason})."
            return {"status": "ready", "detail": detail}
        return {"status": "ready"}

    def _sentence(self, damage: str) -> str:
        mend = (
            "Stop Outlay and delete it: it is made anew from the book"
            if self._derived
            else "Stop Outlay, keep a copy of it, and put a backup in its place"
        )
        return (
            f"The database {self._name} is damaged ({damage}). What cannot be read or stored is refused, the rest goes "
            f"on. {mend}; see “Damaged and full disks” in docs/operations.md."
        )
