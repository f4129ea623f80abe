"""The endpoint of questions. An answer is a stream of events."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from chassis.http.app import json_body
from chassis.http.authorization import LedgerParameter, ReadAccess
from chassis.http.components import component
from contracts.days import WeekStart
from services.insights.ask.service import AskService
from services.insights.summary.endpoints import Revisions

router = APIRouter(prefix="/api/v1")

MAX_QUESTION_LENGTH = 300
"""In characters."""


class Question(BaseModel):
    """A question about spending."""

    model_config = ConfigDict(extra="forbid")

    week_start: WeekStart = Field(
        default=WeekStart.MONDAY, description='First day of the week, for "this week" and "last week".'
    )
    question: str = Field(min_length=1, max_length=MAX_QUESTION_LENGTH, examples=["How much on coffee since May?"])


def _service(
    caller: ReadAccess, required: Revisions, service: Annotated[AskService, Depends(component(AskService))]
) -> AskService:
    service.require_revision(
        caller.ledger, required
    )  # a response that has begun to stream can no longer be a 412 or 503
    return service


Ask = Annotated[AskService, Depends(_service)]


@router.post("/ask", response_class=EventSourceResponse, dependencies=[Depends(json_body)])
def ask(caller: ReadAccess, service: Ask, request: Question, _: LedgerParameter) -> Iterator[ServerSentEvent]:
    """Answers a question about spending. Events are `reading` (a model is asked), `understood`, `sentence` and `done`.

    Every number in a sentence is the sum or the count of the list that its evidence opens. A difference comes with
    the two sums that it is computed from. For any other question, the answer lists examples.
    """
    for event in service.answer(caller.ledger, request.question, caller.account, request.week_start):
        yield ServerSentEvent(event=event.event, data=event.model_dump(mode="json", exclude_none=True))
