"""The HTTP door of questions: an answer is a stream of events, each a part of it."""

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
"""Characters: a question, not a letter."""


class Question(BaseModel):
    """A question about spending."""

    model_config = ConfigDict(extra="forbid")

    week_start: WeekStart = Field(default=WeekStart.MONDAY, description='Where "this week" begins.')
    question: str = Field(min_length=1, max_length=MAX_QUESTION_LENGTH, examples=["How much on coffee since May?"])


def _service(
    caller: ReadAccess, required: Revisions, asking: Annotated[AskService, Depends(component(AskService))]
) -> AskService:
    asking.require_revision(caller.ledger, required)  # a stream that has begun cannot say 412 or 503 any more
    return asking


Ask = Annotated[AskService, Depends(_service)]


@router.post("/ask", response_class=EventSourceResponse, dependencies=[Depends(json_body)])
def ask(caller: ReadAccess, asking: Ask, asked: Question, _: LedgerParameter) -> Iterator[ServerSentEvent]:
    """Ask about your spending. Events are `reading` (a model is asked), `understood`, `sentence` and `done`.

    Every number in a sentence is the sum or the count of the list that its evidence opens; a difference stands
    beside the two sums that it is of. Where the question is none of ours, the answer says what can be asked.
    """
    for event in asking.answer(caller.ledger, asked.question, caller.account, asked.week_start):
        yield ServerSentEvent(event=type(event).__name__.lower(), data=event.model_dump(mode="json", exclude_none=True))
