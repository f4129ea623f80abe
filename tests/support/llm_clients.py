"""A model at the test server, and the ways to it: with all of our precautions, or with none."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from chassis.database.engine import Database
from chassis.process.clock import utc_now
from contracts.ids import LedgerId, UserId
from services.insights.llm import repository as model_store
from services.insights.llm.call_slots import CallSlots
from services.insights.llm.client import LlmClient, Message
from services.insights.llm.gateway import LlmGateway, LlmResult
from services.insights.llm.http_transport import HttpTransport
from services.insights.llm.repository import Consent
from services.insights.llm.sdk_transport import SdkTransport
from services.insights.llm.spending_limits import NOTHING, SpendingAmount, SpendingLimits
from services.insights.llm_server import LlmMode, LlmServer
from tests.support.model_server import ModelServer

M = TypeVar("M", bound=BaseModel)
NO_LIMITS = SpendingLimits(NOTHING, NOTHING, Decimal(0), Decimal(0))


def model(server: ModelServer, timeout: float = 10, *, sdk: bool = True, mode: LlmMode = LlmMode.AUTO) -> LlmClient:
    """As the worker has it, or as the API does."""
    endpoint = LlmServer(server.url, "key", "small", mode)
    transport = SdkTransport(endpoint, timeout=timeout) if sdk else HttpTransport(endpoint)
    return LlmClient(endpoint, transport, timeout=timeout)


def llm_gateway(
    database: Database, server: ModelServer, limits: SpendingLimits = NO_LIMITS, timeout: float = 5
) -> LlmGateway:
    return LlmGateway(database, model(server, timeout), limits, CallSlots())


def limits_per_user(tokens: int = 0, micros: int = 0, **more: SpendingAmount) -> SpendingLimits:
    """Limits of each person, at a price of one millionth for each token."""
    return NO_LIMITS._replace(
        per_user=SpendingAmount(tokens, micros), price_in=Decimal(1), price_out=Decimal(1), **more
    )


def give_consent(
    database: Database, ledger: LedgerId, server: ModelServer, *, allowed: bool = True, by: UserId | None = None
) -> None:
    """Stores a user's consent to send this ledger's facts to the server, or their refusal."""
    place = LlmServer(server.url, "", "").place
    with database.write() as session:
        model_store.set_consent(session, ledger, Consent(allowed, place, by or UserId(ledger), utc_now()))


class DirectSession:
    """Calls the model directly, for tests of words alone."""

    def __init__(self, model: LlmClient) -> None:
        self._model = model
        self.verdicts: list[Mapping[str, str]] = []

    def ask(self, messages: Sequence[Message], shape: type[M], _: Sequence[str]) -> LlmResult[M]:
        return LlmResult(self._model.complete(messages, shape).value, uuid4())

    def record_verdicts(self, _: UUID, verdicts: Mapping[str, str]) -> None:
        self.verdicts.append(verdicts)
