"""Composition root of auth: the only module that imports every other."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Protocol

from fastapi import FastAPI

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.database.maintenance import DatabaseMaintenance
from chassis.http.app import create_app
from chassis.http.components import Components
from chassis.journal.feed import ServiceClient
from chassis.journal.journal import Journal
from chassis.journal.relay import Relay
from chassis.journal.stream_writer import StreamWriter
from chassis.process import logging, metrics
from chassis.process.clock import Clock, SteadyClock, require_set, utc_now
from chassis.redis.client import connect
from chassis.security.access_tokens import AccessVerifier
from chassis.security.service_tokens import ServiceTokens
from contracts.identity_journal import IDENTITY_STREAM
from services.auth.accounts import endpoints as account_endpoints
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.endpoints import AccountServices
from services.auth.accounts.password_reset import PasswordReset
from services.auth.accounts.registration import Registrations
from services.auth.accounts.registration_policy import RegistrationPolicy
from services.auth.accounts.reset_links import ResetLinks
from services.auth.accounts.service import ProfileService
from services.auth.accounts.session_list import SessionService
from services.auth.accounts.verification_emails import VerificationEmails
from services.auth.api_tokens import endpoints as api_token_endpoints
from services.auth.api_tokens import repository as api_token_repository
from services.auth.api_tokens.service import ApiTokenService
from services.auth.erasure import endpoints as erasure_endpoints
from services.auth.erasure.export import AccountExporter
from services.auth.erasure.service import AccountErasure
from services.auth.erasure.sweep import ErasureSweep
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import EntryRow, JournalRow
from services.auth.invitations import endpoints as invitation_endpoints
from services.auth.invitations.links import InvitationLinks
from services.auth.invitations.service import LedgerInvitationService
from services.auth.ledgers import endpoints as ledger_endpoints
from services.auth.ledgers.service import LedgerService
from services.auth.mail.mailer import Outbox
from services.auth.maintenance import MaintenanceLoop, Prunable, PruneExpiredRows
from services.auth.migrations import FOLDER
from services.auth.one_time_links import OneTimeLinks
from services.auth.passwords.hashes import PasswordHashes
from services.auth.passwords.verification import PasswordVerifier
from services.auth.sessions.access_tokens import AccessTokens
from services.auth.sessions.cookies import CookieJar
from services.auth.sessions.current_user import UserAuthenticator
from services.auth.sessions.refresh_tokens import RefreshTokens
from services.auth.sessions.sessions import SessionLifetime, Sessions
from services.auth.settings import Settings
from services.auth.sign_in import endpoints as sign_in_endpoints
from services.auth.sign_in.service import SignInService
from services.auth.signing_keys.encryption import Encryption, derive
from services.auth.signing_keys.signing_keys import RELOAD_INTERVAL, SigningKeys
from services.auth.stopwatch import Stopwatch
from services.auth.throttling.login_throttle import LoginThrottle

ROUTERS = (
    *(sign_in_endpoints.router, sign_in_endpoints.public, sign_in_endpoints.internal, account_endpoints.router),
    *(api_token_endpoints.router, api_token_endpoints.internal),
    *(ledger_endpoints.router, invitation_endpoints.router, invitation_endpoints.links),
    *(erasure_endpoints.router, erasure_endpoints.ledgers, erasure_endpoints.public),
)


class BackgroundThread(Protocol):
    """A thread that runs beside the requests."""

    def start(self) -> None:
        """Starts the thread."""

    def stop(self) -> None:
        """Finishes the current work, then ends the thread."""


def create(
    settings: Settings | None = None, clock: Clock = utc_now, monotonic: Callable[[], float] = time.monotonic
) -> FastAPI:
    """Creates the service, configured by the environment unless settings are given."""
    require_set(clock)
    container = _Components(settings or Settings(), clock, monotonic)
    logging.configure("auth", container.settings.log_level)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(container.database, FOLDER)
        container.keys.load()
        container.journal.open()
        metrics.serve(container.settings)
        for thread in container.threads:
            thread.start()
        yield
        for thread in container.threads:
            thread.stop()
        container.redis.close()
        container.database.close()

    return create_app(
        "Outlay: who you are",
        ROUTERS,
        database=container.database,
        lifespan=lifespan,
        components=Components(
            AccessVerifier(container.keys),
            container.service_tokens,
            container.keys,
            CookieJar(container.settings.cookies, cross_site=container.settings.gateway_cross_site),
            *container.services(),
        ),
    )


class _Components:
    """Components that the services share."""

    def __init__(self, settings: Settings, clock: Clock, monotonic: Callable[[], float]) -> None:
        secret = settings.outlay_secret_key.get_secret_value()
        self.settings, self.clock = settings, clock
        self.database = Database(settings.database_url, pool_size=settings.database_pool_size)
        self.keys = SigningKeys(self.database, Encryption(secret), timedelta(days=settings.key_rotation_days), clock)
        journal = Journal(JournalRow, EntryRow)
        self.redis = connect(settings.redis_url)
        stream = StreamWriter(self.redis, settings.stream_max_bytes)
        relay = Relay(self.database, journal, stream, lambda _: IDENTITY_STREAM)
        self.journal = IdentityJournal(self.database, journal, relay.wake)
        life = SessionLifetime(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_life_days))
        tokens, stopwatch = RefreshTokens(derive(secret, "refresh-tokens")), Stopwatch(clock, monotonic)
        self.sessions = Sessions(tokens, life, clock, stopwatch)
        self.authenticator = UserAuthenticator(self.sessions, partial(api_token_repository.is_valid, clock=clock))
        self.throttle = LoginThrottle(derive(secret, "tries"), clock)
        self.passwords = PasswordVerifier(self.database, PasswordHashes(), self.throttle, self.sessions)
        self.access_tokens = AccessTokens(self.keys, clock)
        self.service_tokens = ServiceTokens("auth", settings.service_keys)
        self.outbox, self.links = _outbox(settings), OneTimeLinks(settings.outlay_public_url)
        verification_emails = VerificationEmails(self.links, self.throttle, self.outbox, clock)
        self.verification = EmailVerification(
            self.database, self.journal, self.authenticator, verification_emails, clock
        )
        policy = RegistrationPolicy(settings.outlay_registration, secret)
        self.registration = Registrations(
            self.database,
            self.sessions,
            self.links,
            self.verification,
            policy,
            clock,
        )
        self.reset_links = ResetLinks(self.database, self.links, self.throttle, self.outbox, clock)
        self.sweep = ErasureSweep(self.database, self._other_services(), clock)
        maintenance = DatabaseMaintenance(self.database)
        self.threads: Sequence[BackgroundThread] = [
            *(relay, self._maintenance(), maintenance, self.sweep),
            *filter(None, [self.outbox]),
        ]

    def services(self) -> Sequence[object]:
        """Returns the services that endpoints use."""
        database, journal, authenticator, clock = self.database, self.journal, self.authenticator, self.clock
        sessions = SessionService(database, journal, self.sessions)
        links = InvitationLinks(self.links, self.throttle, self.outbox)
        api_tokens = ApiTokenService(database, journal, authenticator, self.passwords, self.access_tokens, clock)
        return (
            SignInService(database, journal, self.registration, self.passwords, self.sessions, self.access_tokens),
            AccountServices(
                profile=ProfileService(
                    database, journal, authenticator, self.passwords, self.sessions, self.verification
                ),
                sessions=sessions,
                reset_links=self.reset_links,
                password_reset=PasswordReset(database, journal, self.passwords, self.sessions, self.outbox, clock),
                registration=self.registration,
                verification=self.verification,
            ),
            api_tokens,
            LedgerService(database, journal, authenticator, clock),
            LedgerInvitationService(database, journal, authenticator, clock, links),
            AccountErasure(database, journal, authenticator, self.passwords, clock, self.sweep.wake),
            AccountExporter(database, journal, authenticator, sessions, api_tokens, clock),
        )

    def _maintenance(self) -> MaintenanceLoop:
        prunables: list[Prunable] = [
            self.sessions,
            self.throttle,
            self.registration,
            self.reset_links,
            self.verification,
        ]
        prune = PruneExpiredRows(self.database, prunables, SteadyClock(self.clock))
        return MaintenanceLoop([self.keys.maintain, prune], RELOAD_INTERVAL)

    def _other_services(self) -> dict[str, ServiceClient]:
        """Returns clients of the services that receive erasure orders."""
        addresses = {"expenses": self.settings.expenses_url, "insights": self.settings.insights_url}
        return {name: ServiceClient(url, name, self.service_tokens) for name, url in addresses.items()}


def _outbox(settings: Settings) -> Outbox | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Outbox.at(settings.smtp_url.get_secret_value(), settings.mail_from)
