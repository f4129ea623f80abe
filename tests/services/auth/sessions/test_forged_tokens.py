"""Tokens bent in every way we know, against a verifier that has nothing but auth's published keys."""

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.database.engine import Database
from chassis.errors import Unauthenticated
from chassis.process.clock import utc_now
from chassis.security.access_tokens import AccessVerifier, KeySet
from services.auth.settings import Settings
from services.auth.signing_keys.signing_keys import SigningKey
from tests.support.auth import SERVICE_KEY, Auth, signing_keys

Claims = dict[str, Any]
Forge = Callable[[Claims, SigningKey], str]


@pytest.fixture
def signer(auth: Auth, told: Settings) -> SigningKey:
    """auth's own key, which only auth has."""
    database = Database(told.database_url)
    keys = signing_keys(database)
    keys.load()
    database.close()
    [key] = keys._keys.values()
    return key


def signed(claims: Claims, key: SigningKey, *, typ: str = "at+jwt", **headers: Any) -> str:
    return jwt.encode(claims, key.private, algorithm="ES256", headers={"typ": typ, "kid": key.kid} | headers)


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(claims: Claims, key: SigningKey) -> str:
    return f"{part({'alg': 'none', 'typ': 'at+jwt', 'kid': key.kid})}.{part(claims)}."


def keyed_with_the_public_half(claims: Claims, key: SigningKey) -> str:
    public = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = part({"alg": "HS256", "typ": "at+jwt", "kid": key.kid})
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{header}.{part(claims)}".encode(), public
    )
    return f"{header}.{part(claims)}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def of_another_key(claims: Claims, key: SigningKey) -> str:
    return signed(claims, SigningKey(key.kid, ec.generate_private_key(ec.SECP256R1()), utc_now()))


def of_an_unknown_key(claims: Claims, _: SigningKey) -> str:
    return signed(claims, SigningKey.of(ec.generate_private_key(ec.SECP256R1()), utc_now()))


def with_its_own_key(claims: Claims, _: SigningKey) -> str:
    own = SigningKey.of(ec.generate_private_key(ec.SECP256R1()), utc_now())
    return signed(claims, own, jwk=own.public_jwk())


def changed_afterwards(claims: Claims, key: SigningKey) -> str:
    header, _, signature = signed(claims, key).split(".")
    return f"{header}.{part(claims | {'scope': 'read write admin'})}.{signature}"


def saying(**different: Any) -> Forge:
    return lambda claims, key: signed(claims | different, key)


def without(name: str) -> Forge:
    return lambda claims, key: signed({k: v for k, v in claims.items() if k != name}, key)


def of_type(typ: str) -> Forge:
    return lambda claims, key: signed(claims, key, typ=typ)


FORGED: dict[str, Forge] = {
    "alg none": unsigned,
    "HS256 with the public key": keyed_with_the_public_half,
    "another key": of_another_key,
    "unknown key": of_an_unknown_key,
    "key in the header": with_its_own_key,
    "changed": changed_afterwards,
    "typ JWT": of_type("JWT"),
    "service token's type": of_type("svc+jwt"),
    "other audience": saying(aud="somewhere-else"),
    "other issuer": saying(iss="another-issuer"),
    "expired": saying(iat=1_700_000_000, exp=1_700_000_600),
    "not yet": saying(iat=4_000_000_000, exp=4_000_000_600),
    "no person": saying(sub="unknown"),
    "no role": saying(ledgers={"0190a0a0-0000-7000-8000-000000000000": "god"}),
    "no expiry": without("exp"),
    "no audience": without("aud"),
    "no issuer": without("iss"),
    "no session": without("sid"),
    "service token": lambda claims, _: jwt.encode(claims, SERVICE_KEY, "HS256", {"typ": "svc+jwt"}),
    "no token": lambda _, __: "nonsense",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_it_is_refused(auth: Auth, signer: SigningKey, forge: Forge) -> None:
    genuine = auth.register().access
    claims = jwt.decode(genuine, options={"verify_signature": False})
    verifier = AccessVerifier(KeySet(f"{auth.url}/.well-known/jwks.json"))
    assert verifier.verify(genuine) == verifier.verify(signed(claims, signer))

    forged = forge(claims, signer)

    with pytest.raises(Unauthenticated):
        verifier.verify(forged)
    assert auth.get("/api/v1/auth/me", forged).status == 401
