"""Composition root of auth: the only file that knows all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

from fastapi import FastAPI

from chassis import logging, metrics, migrations
from chassis.app import create_app
from chassis.database import Database
from chassis.journal import Journal
from chassis.redis import connect
from chassis.relay import Relay
from chassis.service_tokens import ServiceTokens
from chassis.tokens import AccessVerifier
from contracts.identity_journal import IDENTITY_STREAM
from services.auth import account_routes, routes
from services.auth.account_routes import AccountDesk
from services.auth.admission import Admission
from services.auth.admitting import AccessTokens
from services.auth.clock import Clock, utc_now
from services.auth.cookies import CookieJar
from services.auth.housekeeping import Forgetting, Housekeeping
from services.auth.identity_journal import IdentityJournal
from services.auth.keys import READ_AGAIN, SigningKeys
from services.auth.links import Links
from services.auth.mail import Outbox
from services.auth.migrations import FOLDER
from services.auth.models import EntryRow, JournalRow
from services.auth.own_account import OwnAccount
from services.auth.passwords import Passwords
from services.auth.proving import Proving
from services.auth.recovery import Recovery
from services.auth.refresh_tokens import RefreshTokens
from services.auth.reset_links import ResetLinks
from services.auth.sealing import Seal, derive
from services.auth.service import Identity
from services.auth.session_list import SessionDesk
from services.auth.sessions import SessionLife, Sessions
from services.auth.settings import Settings
from services.auth.tries import Tries


class Thread(Protocol):
    """What runs beside the requests."""

    def start(self) -> None:
        """Begins."""

    def stop(self) -> None:
        """Ends what is in hand, and then itself."""


def create(settings: Settings | None = None, clock: Clock = utc_now) -> FastAPI:
    """The service, told by the environment unless settings are given."""
    settings = settings or Settings()
    logging.configure("auth", settings.log_level)
    secret = settings.outlay_secret_key.get_secret_value()
    database = Database(settings.database_url)
    keys = SigningKeys(database, Seal(secret), timedelta(days=settings.key_rotation_days), clock)
    journal = Journal(JournalRow, EntryRow)
    relay = Relay(database, journal, connect(settings.redis_url), lambda _: IDENTITY_STREAM)
    identity_journal = IdentityJournal(database, journal, relay.wake)
    life = SessionLife(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_life_days))
    sessions = Sessions(RefreshTokens(derive(secret, "refresh-tokens")), life, clock)
    tries = Tries(derive(secret, "tries"), clock)
    proving = Proving(database, Passwords(), tries, sessions)
    outbox = _outbox(settings)
    links = Links(settings.outlay_public_url)
    admission = Admission(database, sessions, links, outbox, settings.outlay_registration, clock)
    reset_links = ResetLinks(database, links, tries, outbox, clock)
    desk = AccountDesk(
        own=OwnAccount(identity_journal, proving, sessions, outbox),
        sessions=SessionDesk(database, identity_journal, sessions),
        reset_links=reset_links,
        recovery=Recovery(database, identity_journal, proving, sessions, outbox, clock),
        admission=admission,
    )
    housekeeping = Housekeeping(
        [keys.keep, Forgetting(database, [sessions, tries, admission, reset_links])], READ_AGAIN
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(database, FOLDER)
        keys.load()
        identity_journal.open()
        metrics.serve(settings)
        threads: list[Thread] = [relay, housekeeping, *([outbox] if outbox else [])]
        for thread in threads:
            thread.start()
        yield
        for thread in threads:
            thread.stop()
        database.close()

    return create_app(
        "Outlay: who you are",
        [routes.router, account_routes.router, routes.public, routes.internal],
        ready=database.answers,
        lifespan=lifespan,
        state={
            "verifier": AccessVerifier(keys),
            "service_tokens": ServiceTokens("auth", settings.service_keys),
            "keys": keys,
            "cookies": CookieJar(settings.cookies, cross_site=settings.gateway_cross_site),
            "identity": Identity(database, identity_journal, admission, proving, sessions, AccessTokens(keys, clock)),
            "account_desk": desk,
        },
    )


def _outbox(settings: Settings) -> Outbox | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Outbox.at(settings.smtp_url.get_secret_value(), settings.mail_from)
