"""Composition root of auth: the only file that knows all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

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
from services.auth import routes
from services.auth.clock import Clock, utc_now
from services.auth.cookies import CookieJar
from services.auth.identity_journal import IdentityJournal
from services.auth.keys import SigningKeys
from services.auth.migrations import FOLDER
from services.auth.models import EntryRow, JournalRow
from services.auth.passwords import Passwords
from services.auth.refresh_tokens import RefreshTokens
from services.auth.sealing import Seal, derive
from services.auth.service import Identity
from services.auth.sessions import SessionLife, Sessions
from services.auth.settings import Settings


def create(settings: Settings | None = None, clock: Clock = utc_now) -> FastAPI:
    """The service, told by the environment unless settings are given."""
    settings = settings or Settings()
    logging.configure("auth", settings.log_level)
    secret = settings.outlay_secret_key.get_secret_value()
    database = Database(settings.database_url)
    keys = SigningKeys(database, Seal(secret), clock)
    journal = Journal(JournalRow, EntryRow)
    relay = Relay(database, journal, connect(settings.redis_url), lambda _: IDENTITY_STREAM)
    identity_journal = IdentityJournal(database, journal, relay.wake)
    life = SessionLife(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_life_days))
    sessions = Sessions(RefreshTokens(derive(secret, "refresh-tokens")), life, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        migrations.upgrade(database, FOLDER)
        keys.load()
        identity_journal.open()
        metrics.serve(settings)
        relay.start()
        yield
        relay.stop()
        database.close()

    return create_app(
        "Outlay: who you are",
        [routes.router, routes.public, routes.internal],
        ready=database.answers,
        lifespan=lifespan,
        state={
            "verifier": AccessVerifier(keys),
            "service_tokens": ServiceTokens("auth", settings.service_keys),
            "keys": keys,
            "cookies": CookieJar(settings.cookies, cross_site=settings.gateway_cross_site),
            "identity": Identity(database, identity_journal, Passwords(), sessions, keys, clock),
        },
    )
