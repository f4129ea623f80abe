"""Composition root of auth: the only file that knows all of it."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

from fastapi import FastAPI

from chassis import logging, metrics, migrations
from chassis.app import create_app
from chassis.clock import Clock, SteadyClock, require_set, utc_now
from chassis.database import Database
from chassis.database_maintenance import DatabaseMaintenance
from chassis.feed import ServiceClient
from chassis.journal import Journal
from chassis.redis import connect
from chassis.relay import Relay
from chassis.service_tokens import ServiceTokens
from chassis.stream_writer import StreamWriter
from chassis.tokens import AccessVerifier
from contracts.identity_journal import IDENTITY_STREAM
from services.auth import account_routes, erasure_routes, ledger_routes, routes, token_routes
from services.auth.access_tokens import AccessTokens
from services.auth.account_routes import AccountDesk
from services.auth.admission import Admission
from services.auth.api_tokens import ApiTokens
from services.auth.cookies import CookieJar
from services.auth.email_verification import EmailVerification
from services.auth.erasing import Erasing
from services.auth.erasure_sweep import ErasureSweep
from services.auth.exporting import Exporting
from services.auth.housekeeping import Forgetful, Forgetting, Housekeeping
from services.auth.identity_journal import IdentityJournal
from services.auth.inviting import Inviting
from services.auth.keys import READ_AGAIN, SigningKeys
from services.auth.ledger_links import LedgerLinks
from services.auth.links import Links
from services.auth.mail import Outbox
from services.auth.migrations import FOLDER
from services.auth.models import EntryRow, JournalRow
from services.auth.own_account import OwnAccount
from services.auth.passwords import Passwords
from services.auth.presence import Presence
from services.auth.proving import Proving
from services.auth.recovery import Recovery
from services.auth.refresh_tokens import RefreshTokens
from services.auth.registration_policy import RegistrationPolicy
from services.auth.reset_links import ResetLinks
from services.auth.sealing import Seal, derive
from services.auth.service import Identity
from services.auth.session_list import SessionDesk
from services.auth.sessions import SessionLife, Sessions
from services.auth.settings import Settings
from services.auth.sharing import Sharing
from services.auth.stopwatch import Stopwatch
from services.auth.tries import Tries
from services.auth.verification_mails import VerificationMails

ROUTERS = (
    *(routes.router, routes.public, routes.internal, account_routes.router),
    *(token_routes.router, token_routes.internal),
    *(ledger_routes.router, ledger_routes.invitations),
    *(erasure_routes.router, erasure_routes.public),
)


class Thread(Protocol):
    """What runs beside the requests."""

    def start(self) -> None:
        """Begins."""

    def stop(self) -> None:
        """Ends what is in hand, and then itself."""


def create(
    settings: Settings | None = None, clock: Clock = utc_now, monotonic: Callable[[], float] = time.monotonic
) -> FastAPI:
    """The service, told by the environment unless settings are given."""
    require_set(clock)
    parts = _Parts(settings or Settings(), clock, monotonic)
    logging.configure("auth", parts.settings.log_level)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(parts.database, FOLDER)
        parts.keys.load()
        parts.journal.open()
        metrics.serve(parts.settings)
        for thread in parts.threads:
            thread.start()
        yield
        for thread in parts.threads:
            thread.stop()
        parts.redis.close()
        parts.database.close()

    return create_app(
        "Outlay: who you are",
        ROUTERS,
        database=parts.database,
        lifespan=lifespan,
        state={
            "verifier": AccessVerifier(parts.keys),
            "service_tokens": parts.service_tokens,
            "keys": parts.keys,
            "cookies": CookieJar(parts.settings.cookies, cross_site=parts.settings.gateway_cross_site),
            **parts.desks(),
        },
    )


class _Parts:
    """Everything that the desks share, made once."""

    def __init__(self, settings: Settings, clock: Clock, monotonic: Callable[[], float]) -> None:
        secret = settings.outlay_secret_key.get_secret_value()
        self.settings, self.clock = settings, clock
        self.database = Database(settings.database_url, pool_size=settings.database_pool_size)
        self.keys = SigningKeys(self.database, Seal(secret), timedelta(days=settings.key_rotation_days), clock)
        journal = Journal(JournalRow, EntryRow)
        self.redis = connect(settings.redis_url)
        stream = StreamWriter(self.redis, settings.stream_max_bytes)
        relay = Relay(self.database, journal, stream, lambda _: IDENTITY_STREAM)
        self.journal = IdentityJournal(self.database, journal, relay.wake)
        life = SessionLife(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_life_days))
        tokens, stopwatch = RefreshTokens(derive(secret, "refresh-tokens")), Stopwatch(clock, monotonic)
        self.sessions = Sessions(tokens, life, clock, stopwatch)
        self.presence = Presence(self.sessions, clock)
        self.tries = Tries(derive(secret, "tries"), clock)
        self.proving = Proving(self.database, Passwords(), self.tries, self.sessions)
        self.tokens = AccessTokens(self.keys, clock)
        self.service_tokens = ServiceTokens("auth", settings.service_keys)
        self.outbox, self.links = _outbox(settings), Links(settings.outlay_public_url)
        mails = VerificationMails(self.links, self.tries, self.outbox, clock)
        self.verification = EmailVerification(self.database, self.journal, self.presence, mails, clock)
        policy = RegistrationPolicy(settings.outlay_registration, secret)
        self.admission = Admission(
            self.database,
            self.sessions,
            self.links,
            self.verification,
            policy,
            clock,
        )
        self.reset_links = ResetLinks(self.database, self.links, self.tries, self.outbox, clock)
        self.sweep = ErasureSweep(self.database, self._others(), clock)
        maintenance = DatabaseMaintenance(self.database)
        self.threads: Sequence[Thread] = [
            *(relay, self._housekeeping(), maintenance, self.sweep),
            *filter(None, [self.outbox]),
        ]

    def desks(self) -> dict[str, object]:
        """What the routes find in `app.state`."""
        database, journal, presence, clock = self.database, self.journal, self.presence, self.clock
        sessions = SessionDesk(database, journal, self.sessions)
        links = LedgerLinks(self.links, self.tries, self.outbox)
        api_tokens = ApiTokens(database, journal, presence, self.proving, self.tokens, clock)
        return {
            "identity": Identity(database, journal, self.admission, self.proving, self.sessions, self.tokens),
            "account_desk": AccountDesk(
                own=OwnAccount(database, journal, presence, self.proving, self.sessions, self.verification),
                sessions=sessions,
                reset_links=self.reset_links,
                recovery=Recovery(database, journal, self.proving, self.sessions, self.outbox, clock),
                admission=self.admission,
                verification=self.verification,
            ),
            "api_tokens": api_tokens,
            "sharing": Sharing(database, journal, presence, clock),
            "inviting": Inviting(database, journal, presence, clock, links),
            "erasing": Erasing(database, journal, presence, self.proving, clock, self.sweep.wake),
            "exporting": Exporting(database, journal, presence, sessions, api_tokens, clock),
        }

    def _housekeeping(self) -> Housekeeping:
        keepers: list[Forgetful] = [self.sessions, self.tries, self.admission, self.reset_links, self.verification]
        forgetting = Forgetting(self.database, keepers, SteadyClock(self.clock))
        return Housekeeping([self.keys.keep, forgetting], READ_AGAIN)

    def _others(self) -> dict[str, ServiceClient]:
        """The services that are told of erasures."""
        addresses = {"expenses": self.settings.expenses_url, "insights": self.settings.insights_url}
        return {name: ServiceClient(url, name, self.service_tokens) for name, url in addresses.items()}


def _outbox(settings: Settings) -> Outbox | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Outbox.at(settings.smtp_url.get_secret_value(), settings.mail_from)
