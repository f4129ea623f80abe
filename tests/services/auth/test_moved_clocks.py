"""The clock is put ahead, things happen, and it is put right again: nothing is held for longer than its own bound."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest
import sqlalchemy as sa

from chassis.database.engine import Database
from chassis.process.clock import STEADY_AFTER, SteadyClock
from contracts.identity import Role
from services.auth.accounts import registration_repository
from services.auth.cli import build
from services.auth.identity.tables import LedgerInvitationRow, PasswordResetRow, RegistrationInvitationRow, SessionRow
from services.auth.ledgers import repository as ledger_repository
from services.auth.maintenance import PruneExpiredRows
from services.auth.random_tokens import hash_of, new_secret
from services.auth.settings import INVITATION_LIFETIME, Settings
from services.auth.signing_keys.signing_keys import PUBLISHED_AFTER, PUBLISHED_AHEAD
from services.auth.throttling.login_throttle import PASSWORD
from tests.support import auth as auth_support
from tests.support.auth import SECRET_KEY, Auth, StoppedClock, migrate, service_token, signing_keys, unused_email
from tests.support.clock import FakeClock, steady
from tests.support.ledger_member import LedgerMember

HOURS, YEAR = {"hours": 2}, {"days": 365}
ahead = pytest.mark.parametrize("by", [HOURS, YEAR], ids=["two hours", "a year"])


@pytest.fixture(scope="module")
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(autouse=True)
def _put_right(clock: StoppedClock) -> None:
    clock.back()


@ahead
def test_a_right_password_given_to_a_clock_ahead_shuts_no_user_out(
    auth: Auth, clock: StoppedClock, by: dict[str, float]
) -> None:
    email = unused_email()
    auth.register(email)
    clock.forward(**by)
    assert auth.login(email, Outlay_Address="192.0.2.7").status == 200

    clock.back()

    assert auth.login(email, Outlay_Address="192.0.2.7").status == 200
    assert auth.login(email, "not that one", Outlay_Address="192.0.2.7").status == 401
    assert auth.login(email, Outlay_Address="192.0.2.7").status == 200


@ahead
def test_wrong_passwords_given_to_a_clock_ahead_pause_for_no_longer_than_ever(
    auth: Auth, clock: StoppedClock, by: dict[str, float]
) -> None:
    email = unused_email()
    auth.register(email)
    clock.forward(**by)
    for _ in range(PASSWORD.free + 1):
        auth.login(email, "not that one")
    assert auth.login(email).status == 429

    clock.back()

    assert auth.login(email).status == 200


def test_a_pause_is_kept_though_clocks_differ_a_little_and_is_never_longer_than_its_bound(
    auth: Auth, clock: StoppedClock
) -> None:
    email = unused_email()
    auth.register(email)
    for _ in range(PASSWORD.free + 10):
        clock.forward(minutes=5)
        auth.login(email, "not that one")
    clock.forward(seconds=-20)

    refused = auth.login(email)

    assert refused.status == 429
    assert int(refused.headers["retry-after"]) == PASSWORD.max_pause.total_seconds()


def test_a_day_without_a_wrong_password_begins_anew_whether_or_not_rows_were_deleted(
    auth: Auth, clock: StoppedClock
) -> None:
    email = unused_email()
    auth.register(email)
    for _ in range(PASSWORD.free):
        auth.login(email, "not that one")
    clock.forward(days=1, minutes=1)
    assert [auth.login(email, "not that one").status for _ in range(PASSWORD.free + 1)] == [401] * 11


@ahead
def test_links_made_by_a_clock_ahead_are_good_for_no_longer_than_any_other(
    auth: Auth, told: Settings, clock: StoppedClock, by: dict[str, float]
) -> None:
    parts, email = build(told, clock), unused_email()
    host, guest = LedgerMember(auth, "Ada"), LedgerMember(auth, "Bob")
    auth.register(email)
    ledger = host.make_ledger()
    clock.forward(**by)
    reset, invitation = parts.reset_links.create_link(email), parts.registration.invite_by_operator()
    into = invitation_of_a_clock_ahead(parts.database, host, ledger)
    assert reset is not None

    clock.back()

    used = auth.call("POST", "/api/v1/auth/reset", {"token": reset.partition("#")[2], "password": "another long walk"})
    assert used.body["type"] == "urn:outlay:problem:link-over"
    assert guest.accept(into).status == 404
    assert host.request("GET", f"/ledgers/{ledger}/invitations").body["items"] == []
    with parts.database.snapshot() as session:
        token = hash_of(invitation.link.partition("#")[2])
        assert not registration_repository.is_invited(session, token, clock(), INVITATION_LIFETIME)
    PruneExpiredRows(parts.database, [parts.registration, parts.reset_links], steady())()
    with parts.database.snapshot() as session:
        for row in (PasswordResetRow, RegistrationInvitationRow, LedgerInvitationRow):
            assert session.scalar(sa.select(sa.func.count()).select_from(row)) == 0, row
    parts.database.close()


def invitation_of_a_clock_ahead(database: Database, host: LedgerMember, ledger: str) -> str:
    """The token of an invitation into a ledger, as a clock ahead stored it: access tokens of that clock are refused."""
    token = new_secret()
    now = datetime.now(UTC) + timedelta(hours=2)
    with database.write() as session:
        row = LedgerInvitationRow(
            id=uuid4(),
            ledger=UUID(ledger),
            token_hash=hash_of(token),
            role=Role.EDITOR,
            email=None,
            invited_by=UUID(host.id),
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        ledger_repository.add_invitation(session, row)
    return token


def test_nothing_is_deleted_for_its_age_by_a_clock_that_jumped(told: Settings) -> None:
    wall = FakeClock()
    parts = build(told, wall)
    believed = SteadyClock(wall, wall.monotonic)
    forgetting = PruneExpiredRows(parts.database, [parts.registration], believed)
    parts.registration.invite_by_operator()
    wall.pass_by(seconds=STEADY_AFTER.total_seconds())

    wall.jump(**YEAR)
    forgetting()
    wall.pass_by(minutes=59)
    forgetting()
    wall.jump(days=-365)

    with parts.database.snapshot() as session:
        assert len(registration_repository.invitations(session, wall(), INVITATION_LIFETIME)) == 1
    wall.pass_by(days=8)
    forgetting()
    wall.pass_by(seconds=STEADY_AFTER.total_seconds())
    forgetting()
    with parts.database.snapshot() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RegistrationInvitationRow)) == 0
    parts.database.close()


@ahead
def test_a_key_published_by_a_clock_ahead_does_not_put_off_the_next(database_url: str, by: dict[str, float]) -> None:
    migrate(database_url)
    database, clock = Database(database_url), StoppedClock()
    keys = signing_keys(database, SECRET_KEY, clock)
    keys.load()
    clock.forward(**by)
    future = keys.rotate()
    assert future == clock() + PUBLISHED_AHEAD

    clock.back()
    keys.maintain()

    assert keys.rotate() == clock() + PUBLISHED_AHEAD
    clock.forward(seconds=PUBLISHED_AHEAD.total_seconds())
    newest = keys.jwks()["keys"][-1]["kid"]
    assert jwt.get_unverified_header(keys.sign({"sub": "someone"}))["kid"] == newest
    clock.forward(seconds=PUBLISHED_AFTER.total_seconds())
    keys.maintain()
    assert [key["kid"] for key in keys.jwks()["keys"]] == [newest], "the one of the clock ahead is gone"
    database.close()


def test_a_first_key_of_a_clock_ahead_signs_at_once(database_url: str) -> None:
    migrate(database_url)
    database, clock = Database(database_url), StoppedClock()
    keys = signing_keys(database, SECRET_KEY, clock)
    clock.forward(**YEAR)
    keys.load()

    clock.back()

    assert jwt.get_unverified_header(keys.sign({"sub": "someone"}))["kid"] == keys.jwks()["keys"][0]["kid"]
    database.close()


@ahead
def test_the_last_use_of_a_token_is_noted_again_at_once(auth: Auth, clock: StoppedClock, by: dict[str, float]) -> None:
    ada = auth.register()
    wanted = {"name": "a program", "scopes": ["read"], "password": auth_support.PASSWORD}
    made = auth.signed_in("POST", "/api/v1/auth/tokens", ada.access, wanted)

    def use() -> int:
        secret = {"Authorization": f"Bearer {service_token('gateway')}"}
        return auth.call("POST", "/internal/token-exchange", {"token": made.body["token"]}, **secret).status

    clock.forward(**by)
    assert use() == 200
    clock.back()
    assert use() == 200

    [listed] = auth.get("/api/v1/auth/tokens", ada.access).body["items"]
    assert datetime.fromisoformat(listed["used_at"]) == clock()


@ahead
def test_a_session_begun_by_a_clock_ahead_goes_on_and_lasts_no_longer_than_others(
    auth: Auth, told: Settings, clock: StoppedClock, by: dict[str, float]
) -> None:
    clock.forward(**by)
    token = auth.register().refresh
    clock.back()

    assert auth.refresh(token).status == 200

    database = Database(told.database_url)
    with database.snapshot() as session:
        row = session.get_one(SessionRow, UUID(token.partition(".")[0]))
        assert row.created_at <= clock()
    database.close()
