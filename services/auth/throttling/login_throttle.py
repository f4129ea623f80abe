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
"""Failures count as consecutive if they are at most this far apart."""

_DOUBLINGS = 20
"""No pause needs more doublings; higher powers would only be large numbers."""


@dataclass(frozen=True)
class ThrottlePolicy:
    """The number of free attempts, and the longest pause after a later one."""

    free: int
    max_pause: timedelta

    def pause(self, attempts: int) -> timedelta:
        """Returns the pause after that many attempts: 1 s after the first beyond `free`, then twice as long each."""
        beyond = attempts - self.free
        if beyond <= 0:
            return timedelta(0)
        return min(self.max_pause, timedelta(seconds=2 ** min(beyond - 1, _DOUBLINGS)))


PASSWORD = ThrottlePolicy(free=10, max_pause=timedelta(minutes=5))
"""For one account, or one session's password checks: some 300 guesses a day from anywhere."""

NETWORK = ThrottlePolicy(free=30, max_pause=timedelta(minutes=5))
"""For one IP address or prefix, which several people may share."""

EMAILS = ThrottlePolicy(free=3, max_pause=timedelta(hours=1))
"""For one account: a mailbox must not be flooded with emails that anyone can request."""

EMAILS_FROM_NETWORK = ThrottlePolicy(free=20, max_pause=timedelta(hours=1))
"""For emails requested from one IP address or prefix."""


class AttemptKey(NamedTuple):
    """The key under which attempts are counted, and its policy."""

    key: bytes
    policy: ThrottlePolicy


class LoginThrottle:
    """Counts attempts, within the caller's transaction."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        """`key` is the HMAC key that hides subjects in the database."""
        self._key = key
        self._clock = clock

    def of_account(self, email_key: str) -> AttemptKey:
        """Password attempts for the account with that address, whether it exists or not."""
        return self._attempt_key("account", email_key, PASSWORD)

    def of_session(self, id_: UUID) -> AttemptKey:
        """Password checks in a session. Sign-ins elsewhere do not slow them down."""
        return self._attempt_key("session", id_.hex, PASSWORD)

    def of_network(self, address: str) -> AttemptKey:
        """Password attempts from that IP address, for any account."""
        return self._attempt_key("place", network_prefix(address), NETWORK)

    def of_emails(self, email_key: str) -> AttemptKey:
        """Emails to the account with that address."""
        return self._attempt_key("letters", email_key, EMAILS)

    def of_verifications(self, email_key: str) -> AttemptKey:
        """Verification emails to that address, counted apart from reset emails."""
        return self._attempt_key("verifications", email_key, EMAILS)

    def of_emails_from(self, address: str) -> AttemptKey:
        """Emails requested from that IP address."""
        return self._attempt_key("letters from", network_prefix(address), EMAILS_FROM_NETWORK)

    def begin(self, session: Session, keys: Iterable[AttemptKey]) -> None:
        """Counts an attempt. Raises TooManyRequests, which must roll the transaction back."""
        now = self._clock()
        for key, policy in keys:
            attempts = repository.count_attempt(session, key, now, policy.max_pause, RESET_AFTER)
            if attempts is None:
                open_at = repository.open_at(session, key) or now
                raise TooManyRequests(math.ceil(remaining(open_at, now, policy.max_pause).total_seconds()))
            repository.close_until(session, key, now + policy.pause(attempts))

    def succeeded(self, session: Session, keys: Iterable[AttemptKey]) -> None:
        """Clears failures after a correct password. For an IP address, removes only this attempt."""
        for key, policy in keys:
            if policy is NETWORK:
                repository.uncount_attempt(session, key, self._clock())
            else:
                repository.delete_attempts(session, key)

    def clear_account(self, session: Session, email_key: str) -> None:
        """Clears the failures of an account whose password was changed."""
        repository.delete_attempts(session, self.of_account(email_key).key)

    def prune(self, session: Session) -> None:
        """Deletes attempts older than RESET_AFTER."""
        repository.delete_old_attempts(session, self._clock() - RESET_AFTER)

    def _attempt_key(self, kind: str, name: str, policy: ThrottlePolicy) -> AttemptKey:
        return AttemptKey(hmac.digest(self._key, f"{kind}/{name}".encode(), "sha256"), policy)
