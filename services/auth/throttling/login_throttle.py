"""Slows down the guessing of passwords. No account is ever locked.

An attempt counts as failed when it begins and is removed if the password is right, so that concurrent attempts cannot
slip through. After some failures each further one doubles the pause, up to a limit. Attempts that are refused during a
pause are not counted, so they do not prolong it.
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
from services.auth.throttling import repository
from services.auth.throttling.client_info import network_prefix

RESET_AFTER = timedelta(days=1)
"""A day without a wrong try, and all is as if there had been none."""

_DOUBLINGS = 20
"""No pause needs more; beyond, the figures only get large."""


@dataclass(frozen=True)
class ThrottlePolicy:
    """How many tries cost nothing, and how long the pause after a later one may become."""

    free: int
    max_pause: timedelta

    def pause(self, attempts: int) -> timedelta:
        """How long the door stays closed after that many: 1 s after the first too many, then twice as long each."""
        beyond = attempts - self.free
        if beyond <= 0:
            return timedelta(0)
        return min(self.max_pause, timedelta(seconds=2 ** min(beyond - 1, _DOUBLINGS)))


PASSWORD = ThrottlePolicy(free=10, max_pause=timedelta(minutes=5))
"""For one account, or one session that is asked for its password: some 300 guesses a day, wherever they come from."""

NETWORK = ThrottlePolicy(free=30, max_pause=timedelta(minutes=5))
"""For one address, behind which may be a whole household."""

EMAILS = ThrottlePolicy(free=3, max_pause=timedelta(hours=1))
"""For one account: a mailbox must not be flooded with emails that anyone can request."""

EMAILS_FROM_NETWORK = ThrottlePolicy(free=20, max_pause=timedelta(hours=1))
"""For one address that asks for letters."""


class AttemptKey(NamedTuple):
    """One thing that tries are counted for."""

    key: bytes
    policy: ThrottlePolicy


class LoginThrottle:
    """Counts, within the caller's transaction."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        """`key` keeps what is counted unreadable in the database."""
        self._key = key
        self._clock = clock

    def of_account(self, email_key: str) -> AttemptKey:
        """Passwords for the account with that address, whether there is one or not."""
        return self._attempt_key("account", email_key, PASSWORD)

    def of_session(self, id_: UUID) -> AttemptKey:
        """Passwords given in a session; sign-ins elsewhere do not slow them down."""
        return self._attempt_key("session", id_.hex, PASSWORD)

    def of_network(self, address: str) -> AttemptKey:
        """Passwords from that address, for whatever account."""
        return self._attempt_key("place", network_prefix(address), NETWORK)

    def of_emails(self, email_key: str) -> AttemptKey:
        """Letters to the account with that address."""
        return self._attempt_key("letters", email_key, EMAILS)

    def of_verifications(self, email_key: str) -> AttemptKey:
        """Verification mails to that address; apart, so that they use up no reset mail."""
        return self._attempt_key("verifications", email_key, EMAILS)

    def of_emails_from(self, address: str) -> AttemptKey:
        """Letters asked for from that address."""
        return self._attempt_key("letters from", network_prefix(address), EMAILS_FROM_NETWORK)

    def begin(self, session: Session, counted: Iterable[AttemptKey]) -> None:
        """Counts a try. Raises TooManyRequests, and let that roll back what was counted."""
        now = self._clock()
        for key, patience in counted:
            throttle = repository.count_attempt(session, key, now, patience.max_pause, RESET_AFTER)
            if throttle is None:
                open_at = repository.open_at(session, key) or now
                raise TooManyRequests(math.ceil(remaining(open_at, now, patience.max_pause).total_seconds()))
            repository.close_until(session, key, now + patience.pause(throttle))

    def succeeded(self, session: Session, counted: Iterable[AttemptKey]) -> None:
        """Takes the try back. For an account or a session all is forgotten, for a place only this one."""
        for key, patience in counted:
            if patience is NETWORK:
                repository.uncount_attempt(session, key, self._clock())
            else:
                repository.delete_attempts(session, key)

    def clear_account(self, session: Session, email_key: str) -> None:
        """Its password is a new one: what was guessed before says nothing."""
        repository.delete_attempts(session, self.of_account(email_key).key)

    def prune(self, session: Session) -> None:
        """Tries of the day before."""
        repository.delete_old_attempts(session, self._clock() - RESET_AFTER)

    def _attempt_key(self, what: str, name: str, patience: ThrottlePolicy) -> AttemptKey:
        return AttemptKey(hmac.digest(self._key, f"{what}/{name}".encode(), "sha256"), patience)
