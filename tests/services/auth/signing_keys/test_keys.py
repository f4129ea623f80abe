"""The keys that sign: made once, sealed at rest, the same for every instance."""

import secrets
from contextlib import ExitStack

import jwt
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pydantic import SecretStr

from chassis.database.engine import Database
from chassis.security.access_tokens import AccessVerifier, KeySet
from services.auth.errors import WrongSecretKeyError
from services.auth.settings import Settings
from services.auth.signing_keys.encryption import Encryption
from tests.support.auth import SECRET_KEY, Auth, concurrently, migrate, running_auth, settings, signing_keys

JWKS = "/.well-known/jwks.json"


def kid(token: str) -> str:
    found: str = jwt.get_unverified_header(token)["kid"]
    return found


def test_public_halves_are_published_and_nothing_more(auth: Auth) -> None:
    answer = auth.call("GET", JWKS)

    [key] = answer.body["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert key["kid"] == kid(auth.register().access)
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_a_restart_keeps_the_key_and_every_session(told: Settings) -> None:
    with running_auth(told) as before:
        signed_in = before.register()
    with running_auth(told) as after:
        assert after.get("/api/v1/auth/me", signed_in.access).status == 200
        again = after.refresh(signed_in.refresh)

    assert kid(again.access) == kid(signed_in.access)


def test_instances_that_start_together_agree_on_one_key(database_url: str) -> None:
    migrate(database_url)
    databases = [Database(database_url) for _ in range(4)]
    instances = [signing_keys(database) for database in databases]

    concurrently(*[keys.load for keys in instances])

    assert len({str(keys.jwks()) for keys in instances}) == 1
    token = instances[0].sign({"sub": "someone"})
    assert all(keys.get(kid(token)) is not None for keys in instances)
    for database in databases:
        database.close()


def test_two_instances_on_an_empty_database_start_and_verify_each_other(database_url: str) -> None:
    told = settings(database_url)
    with ExitStack() as stack:
        one, other = concurrently(*[lambda: stack.enter_context(running_auth(told))] * 2)

        assert other.get("/api/v1/auth/me", one.register().access).status == 200


def test_another_secret_key_is_noticed_at_the_start(database_url: str) -> None:
    migrate(database_url)
    database = Database(database_url)
    signing_keys(database).load()

    with pytest.raises(WrongSecretKeyError):
        signing_keys(database, secrets.token_hex(32)).load()
    database.close()


def test_a_sealed_key_opens_under_its_own_name_alone() -> None:
    seal = Encryption(SECRET_KEY)
    sealed = seal.encrypt(b"a private key", "its name")

    assert seal.decrypt(sealed, "its name") == b"a private key"
    assert b"private" not in sealed
    assert seal.encrypt(b"a private key", "its name") != sealed
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for bad, name in ((sealed, "another"), (changed, "its name")):
        with pytest.raises(WrongSecretKeyError):
            seal.decrypt(bad, name)


def test_the_database_holds_keys_only_sealed(auth: Auth, told: Settings) -> None:
    engine = sa.create_engine(told.database_url.get_secret_value())

    with engine.connect() as connection:
        [sealed] = connection.execute(sa.text("SELECT sealed FROM signing_keys")).scalars()
    engine.dispose()

    with pytest.raises(ValueError, match="deserialize"):
        load_der_private_key(bytes(sealed), password=None)


@pytest.mark.parametrize("secret", ["", "short", "changeme" * 8, "your-secret-key-your-secret-key-0123"])
def test_no_start_without_a_real_secret_key(secret: str) -> None:
    with pytest.raises(ValueError, match="outlay_secret_key"):
        settings("sqlite://", outlay_secret_key=SecretStr(secret))


def test_any_service_verifies_a_token_with_the_published_keys_alone(auth: Auth) -> None:
    answer = auth.register()

    claims = AccessVerifier(KeySet(auth.url + JWKS)).verify(answer.access)

    me = answer.body["user"]["id"]
    assert (str(claims.sub), claims.scope, claims.epoch) == (me, "read write import account", 0)
    assert {str(ledger): role for ledger, role in claims.ledgers.items()} == {me: "owner"}
    assert claims.exp - claims.iat == 600
    assert jwt.get_unverified_header(answer.access)["typ"] == "at+jwt"
