"""Guessing gets slower and slower, and nobody is locked out.

A try counts as wrong when it begins and is taken back when it proves right, so that of many at once none slips
through. After some wrong ones each further one closes the door for twice as long, up to a bound. What is refused
meanwhile is not counted: whoever keeps knocking makes it no worse.
"""

import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.errors import TooManyRequests
from chassis.process.clock import Clock, remaining
from services.auth import attempts_repository
from services.auth.throttling.client_info import household

FORGOTTEN_AFTER = timedelta(days=1)
"""A day without a wrong try, and all is as if there had been none."""

_DOUBLINGS = 20
"""No pause needs more; beyond, the figures only get large."""


@dataclass(frozen=True)
class Patience:
    """How many tries cost nothing, and how long the pause after a later one may become."""

    free: int
    longest: timedelta

    def pause(self, tries: int) -> timedelta:
        """How long the door stays closed after that many: 1 s after the first too many, then twice as long each."""
        beyond = tries - self.free
        if beyond <= 0:
            return timedelta(0)
        return min(self.longest, timedelta(seconds=2 ** min(beyond - 1, _DOUBLINGS)))


PASSWORD = Patience(free=10, longest=timedelta(minutes=5))
"""For one account, or one session that is asked for its password: some 300 guesses a day, wherever they come from."""

PLACE = Patience(free=30, longest=timedelta(minutes=5))
"""For one address, behind which may be a whole household."""

LETTERS = Patience(free=3, longest=timedelta(hours=1))
"""For one account: a mailbox is not to be flooded with letters that anybody can ask for."""

LETTERS_FROM = Patience(free=20, longest=timedelta(hours=1))
"""For one address that asks for letters."""


class Counted(NamedTuple):
    """One thing that tries are counted for."""

    key: bytes
    patience: Patience


class Tries:
    """Counts, within the caller's transaction."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        """`key` keeps what is counted unreadable in the database."""
        self._key = key
        self._clock = clock

    def of_account(self, email_key: str) -> Counted:
        """Passwords for the account with that address, whether there is one or not."""
        return self._counted("account", email_key, PASSWORD)

    def of_session(self, id_: UUID) -> Counted:
        """Passwords asked for in a session; whoever tries to sign in elsewhere does not slow that down."""
        return self._counted("session", id_.hex, PASSWORD)

    def of_place(self, address: str) -> Counted:
        """Passwords from that address, for whatever account."""
        return self._counted("place", household(address), PLACE)

    def of_letters(self, email_key: str) -> Counted:
        """Letters to the account with that address."""
        return self._counted("letters", email_key, LETTERS)

    def of_verifications(self, email_key: str) -> Counted:
        """Verification mails to that address; apart, so that they use up no reset mail."""
        return self._counted("verifications", email_key, LETTERS)

    def of_letters_from(self, address: str) -> Counted:
        """Letters asked for from that address."""
        return self._counted("letters from", household(address), LETTERS_FROM)

    def begin(self, session: Session, counted: Iterable[Counted]) -> None:
        """Counts a try. Raises TooManyRequests, and let that roll back what was counted."""
        now = self._clock()
        for key, patience in counted:
            tries = attempts_repository.count_try(session, key, now, patience.longest, FORGOTTEN_AFTER)
            if tries is None:
                open_at = attempts_repository.open_at(session, key) or now
                raise TooManyRequests(math.ceil(remaining(open_at, now, patience.longest).total_seconds()))
            attempts_repository.close_until(session, key, now + patience.pause(tries))

    def proved_right(self, session: Session, counted: Iterable[Counted]) -> None:
        """Takes the try back. For an account or a session all is forgotten, for a place only this one."""
        for key, patience in counted:
            if patience is PLACE:
                attempts_repository.uncount_try(session, key, self._clock())
            else:
                attempts_repository.forget_tries(session, key)

    def forget_account(self, session: Session, email_key: str) -> None:
        """Its password is a new one: what was guessed before says nothing."""
        attempts_repository.forget_tries(session, self.of_account(email_key).key)

    def forget_old(self, session: Session) -> None:
        """Tries of the day before."""
        attempts_repository.delete_old_tries(session, self._clock() - FORGOTTEN_AFTER)

    def _counted(self, what: str, name: str, patience: Patience) -> Counted:
        return Counted(hmac.digest(self._key, f"{what}/{name}".encode(), "sha256"), patience)
