"""A model is asked, and never believed: whatever its server does, there is either the asked-for JSON or a reason."""

import base64
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from deploy.locks import ROOT
from services.insights.insights.wording.phrasing import ModelWordings
from services.insights.llm.client import LlmClient, LlmError
from services.insights.llm.http_transport import HttpTransport
from services.insights.llm.sdk_transport import SdkTransport
from services.insights.llm_server import LlmMode, LlmServer
from tests.support import llm_clients
from tests.support.model_server import FakeModelMode, ModelServer

ASKED = [
    {"role": "system", "content": "words, please"},
    {"role": "user", "content": '{"facts": [{"fact": "f1", "kind": "pace", "direction": "none", "slots": {}}]}'},
]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture(params=["sdk", "http"])
def model(request: pytest.FixtureRequest) -> Callable[..., LlmClient]:
    """The worker's way to it, and the API's."""
    return partial(llm_clients.model, sdk=request.param == "sdk")


@pytest.mark.parametrize("mood", [FakeModelMode.RIGHT, FakeModelMode.FENCED])
def test_an_answer_is_read(server: ModelServer, model: Callable[..., LlmClient], mood: FakeModelMode) -> None:
    server.mode = mood

    answer = model(server).complete(ASKED, ModelWordings).value

    assert [item.fact for item in answer.insights] == ["f1"]
    (request,) = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["response_format"]["json_schema"]["schema"]["properties"].keys() == {"insights"}


def test_a_server_without_schemas_is_asked_without_them_from_then_on(
    server: ModelServer, model: Callable[..., LlmClient]
) -> None:
    server.mode = FakeModelMode.WITHOUT_SCHEMAS
    asking = model(server)

    answers = [asking.complete(ASKED, ModelWordings).value for _ in range(2)]

    assert all(answer.insights for answer in answers)
    assert ["response_format" in request for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        (FakeModelMode.NOT_FOUND, "refused"),
        (FakeModelMode.TOO_MANY, "refused"),
        (FakeModelMode.BROKEN, "refused"),
        (FakeModelMode.REFUSING, "malformed"),
        (FakeModelMode.TRUNCATED, "malformed"),
        (FakeModelMode.OTHER_SHAPE, "malformed"),
        (FakeModelMode.HTML_PAGE, "malformed"),
        (FakeModelMode.HUGE, "too_large"),
    ],
)
def test_anything_else_is_an_error_with_its_reason_and_asked_once(
    server: ModelServer, model: Callable[..., LlmClient], mood: FakeModelMode, reason: str
) -> None:
    server.mode = mood

    with pytest.raises(LlmError) as caught:
        model(server).complete(ASKED, ModelWordings)

    assert caught.value.reason == reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("mood", [FakeModelMode.HANGING, FakeModelMode.DRIPPING])
def test_no_call_waits_for_ever(server: ModelServer, model: Callable[..., LlmClient], mood: FakeModelMode) -> None:
    server.mode = mood

    with pytest.raises(LlmError) as caught:
        model(server, timeout=0.3).complete(ASKED, ModelWordings)

    assert caught.value.reason == "timeout"


def test_no_server_at_all(model: Callable[..., LlmClient]) -> None:
    with ModelServer() as gone:
        asking = model(gone)

    with pytest.raises(LlmError) as caught:
        asking.complete(ASKED, ModelWordings)

    assert caught.value.reason == "unreachable"


def test_the_api_never_loads_the_workers_client() -> None:
    """It would cost that process 31 MB."""
    loaded = "import sys, services.insights.app; sys.exit('openai' in sys.modules or 'celery' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("sdk", [True, False], ids=["worker", "API"])
@pytest.mark.parametrize(
    ("user", "sent"), [("", "Bearer key"), ("ada:p%40ss@", f"Basic {base64.b64encode(b'ada:p@ss').decode()}")]
)
def test_a_user_and_password_in_the_address_go_into_the_header_alone(
    server: ModelServer, *, sdk: bool, user: str, sent: str
) -> None:
    endpoint = LlmServer(server.url.replace("http://", f"http://{user}"), "key", "small", LlmMode.PLAIN)
    transport = SdkTransport(endpoint) if sdk else HttpTransport(endpoint)

    LlmClient(endpoint, transport).complete(ASKED, ModelWordings)

    assert server.authorizations[-1] == sent
    assert user not in endpoint.url or not user
