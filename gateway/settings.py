"""Settings of the gateway."""

import re
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode

from chassis.process.secret_urls import SecretUrl, ServiceUrl, redact, without_password
from chassis.process.settings import CacheSettings, Secret
from contracts.cookies import SessionCookies, session_cookies
from gateway.client_addresses import Network
from gateway.upstreams.concurrency_limits import ConcurrencyShares

_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_ORIGIN = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?/?")


def _base_url(text: str) -> str:
    address = urlsplit(without_password(text))
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValueError("needs an address such as http://127.0.0.1:8001")
    return text.rstrip("/")


def _origin(text: str) -> str:
    """As a browser writes it: in small letters, and without the port that goes without saying."""
    match = _ORIGIN.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{redact(text)} is no origin; write them as https://app.example, with commas between")
    scheme, host, port = match.groups()
    return f"{scheme}://{host}" + (f":{port}" if port and int(port) != _PORTS[scheme] else "")


def _public_url(text: str) -> str:
    """Both have to be known of it: the cookies' names, and how browsers write our own origin."""
    session_cookies(text)
    _origin(text)
    return text


def _origins(value: str | frozenset[str]) -> frozenset[str]:
    names = value.split(",") if isinstance(value, str) else value
    return frozenset(_origin(name) for name in names if name.strip())


def _networks(value: str | frozenset[Network]) -> frozenset[Network]:
    names = value.split(",") if isinstance(value, str) else value
    networks = frozenset(ip_network(name.strip()) if isinstance(name, str) else name for name in names if name)
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("trusting every address means that any client can forge its address; name your own proxies")
    return networks


def _limit(text: str) -> str:
    if not all(item.amount for item in limits.parse_many(text)):
        raise ValueError("a limit of zero would refuse every request")
    return text


def _with_auth(keys: dict[str, Secret]) -> dict[str, Secret]:
    if "gateway>auth" not in keys:
        raise ValueError('needs the key of "gateway>auth"')
    return keys


def _hosts(value: str | frozenset[str]) -> frozenset[str]:
    names = value.split(",") if isinstance(value, str) else value
    hosts = frozenset(name.strip().lower().removesuffix(".") for name in names if name.strip())
    if wrong := sorted(host for host in hosts if not _HOST_NAME.fullmatch(host)):
        raise ValueError(f"{wrong[0]!r} is no name of a host; write them as outlay.example, with commas between")
    return hosts


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Origins = Annotated[frozenset[str], NoDecode, BeforeValidator(_origins)]
Hosts = Annotated[frozenset[str], NoDecode, BeforeValidator(_hosts)]
Networks = Annotated[frozenset[Network], NoDecode, BeforeValidator(_networks)]
LimitText = Annotated[str, AfterValidator(_limit)]
ServiceKeys = Annotated[dict[str, Secret], AfterValidator(_with_auth)]


class Settings(CacheSettings):
    """The environment of the gateway."""

    redis_url: SecretUrl
    jwks_url: ServiceUrl
    """Where auth publishes the keys that verify access tokens."""
    auth_url: BaseUrl
    expenses_url: BaseUrl
    insights_url: BaseUrl
    service_keys: ServiceKeys
    """The key for what the gateway asks of auth, as JSON: `{"gateway>auth": "…"}`."""
    outlay_public_url: Annotated[BaseUrl, AfterValidator(_public_url)]
    """The address at which people reach Outlay; decides the cookies' names and what counts as our own origin."""
    gateway_rate_limit: LimitText = "600/minute"
    """What each caller may do, all routes together, in the notation of `limits`."""
    gateway_sign_in_limit: LimitText = "10/minute"
    """How often each address may try where something can be guessed: register, sign in, use a link."""
    gateway_refresh_limit: LimitText = "120/minute"
    """How often each session may be refreshed."""
    gateway_ask_limit: LimitText = "20/minute"
    """How often each caller may ask a question, or have the model's server looked at."""
    gateway_connections: int = Field(default=4_000, ge=1)
    """Open connections of clients, all together; fewer where the system grants too few file descriptors."""
    gateway_connections_each: int = Field(default=256, ge=1)
    """Of these, how many for each network address."""
    gateway_streams: int = Field(default=1_000, ge=1)
    """Open live streams, all together."""
    gateway_streams_each: int = Field(default=20, ge=1)
    """Of these, how many for each caller."""
    gateway_streams_network: int = Field(default=200, ge=1)
    """Of these, how many for each network address."""
    gateway_allowed_origins: Origins = frozenset()
    """Other origins whose pages may call the API with cookies."""
    gateway_allowed_hosts: Hosts = frozenset()
    """Names under which people, or a proxy, reach this gateway, beside that of OUTLAY_PUBLIC_URL and the machine's."""
    gateway_host_check: Literal["refuse", "warn"] = "refuse"
    """What happens to requests for other names; installations from before only warn, for this version."""
    gateway_loopback: bool = False
    """Whether the gateway listens on the loopback of this machine alone: the first account is then the operator's."""
    gateway_trusted_proxies: Networks = frozenset()
    """Addresses and networks of our own proxies, whose word on a client's address is believed."""
    gateway_web_root: Path = Path("frontend/dist")
    """The built web app."""

    @property
    def streams(self) -> ConcurrencyShares:
        """How live streams are shared."""
        return ConcurrencyShares(self.gateway_streams, self.gateway_streams_each, self.gateway_streams_network)

    @property
    def hosts(self) -> frozenset[str]:
        """The names that the operator gave to this installation."""
        public = urlsplit(self.outlay_public_url).hostname
        return self.gateway_allowed_hosts | ({public} if public else frozenset())

    @cached_property
    def cookies(self) -> SessionCookies:
        """Names of the session cookies."""
        return session_cookies(self.outlay_public_url)

    @cached_property
    def origin(self) -> str:
        """Our own origin."""
        return _origin(self.outlay_public_url)
