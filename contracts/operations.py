"""Observations that processes store in Redis for the `outlay` command. If Redis loses them, they are stored again."""

from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

UNNAMED_PROXY = "outlay:unnamed-proxy"
"""The key of the newest UnnamedProxy, as JSON; it expires a day after the header last came."""


class UnnamedProxy(BaseModel):
    """A request had `X-Forwarded-For` while GATEWAY_TRUSTED_PROXIES was empty."""

    model_config = ConfigDict(frozen=True)

    address: str = Field(pattern=r"^([0-9a-fA-F.:]{2,45}|unknown)$")
    """The IP address of the client that sent it."""
    seen_at: AwareDatetime

    @classmethod
    def decode(cls, stored: bytes | None) -> Self | None:
        """Decodes the stored value; None if there is none, or it cannot be decoded."""
        if stored is None:
            return None
        try:
            return cls.model_validate_json(stored)
        except ValidationError:
            return None
