"""A kind of entity that only tests have, in the six files that a new kind needs: each part begins with its file."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from chassis.http.components import component
from chassis.journal.journal import new_entry_id
from contracts.book import CATEGORY, Image
from services.expenses.entities import ENTITIES
from services.expenses.ledger import requests
from services.expenses.ledger.csv import image_table
from services.expenses.ledger.entities import Entity, EntityRegistry, EntityRepository
from services.expenses.ledger.reader import LedgerReader
from services.expenses.ledger.responses import empty_response, write_response
from services.expenses.ledger.unit_of_work import LedgerWriter, WriteResult

GOAL = "goal"


# contracts/book.py


class GoalImage(Image):
    name: str
    minor: int
    category: UUID | None = None


# goals/tables.py


class GoalRepository(EntityRepository[UUID, GoalImage]):
    table = sa.Table(
        "goals",
        sa.MetaData(),
        sa.Column("ledger", sa.Uuid, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(100)),
        sa.Column("minor", sa.BigInteger),
        sa.Column("category", sa.Uuid),
    )
    image = GoalImage


# goals/service.py


class GoalIn(requests.RequestSchema):
    name: str
    minor: int
    category: UUID | None = None


class Goal(BaseModel):
    id: UUID
    name: str
    minor: int


class GoalService:
    def __init__(self, _: LedgerReader, writer: LedgerWriter) -> None:
        self._writer = writer

    def record(self, request: requests.WriteRequest, body: GoalIn) -> WriteResult:
        with self._writer.begin(request, "record_goal", body) as uow:
            if uow.replay:
                return uow.replay
            id_, image = new_entry_id(), GoalImage.model_validate(body.model_dump())
            uow.save(GOAL, id_, None, image)
            return uow.commit(Goal(id=id_, name=image.name, minor=image.minor))

    def correct(self, request: requests.WriteRequest, id_: UUID, body: GoalIn) -> WriteResult:
        with self._writer.begin(request, "correct_goal") as uow:
            before = uow.repository(GoalRepository).get(id_)
            after = GoalImage.model_validate(body.model_dump())
            uow.save(GOAL, id_, before, after)
            return uow.commit(Goal(id=id_, name=after.name, minor=after.minor))

    def remove(self, request: requests.WriteRequest, id_: UUID) -> WriteResult:
        with self._writer.begin(request, "remove_goal") as uow:
            uow.save(GOAL, id_, uow.repository(GoalRepository).get(id_), None)
            return uow.commit(requests.RequestSchema())


# goals/endpoints.py

router = APIRouter(prefix="/api/v1/goals")
Service = Annotated[GoalService, Depends(component(GoalService))]


@router.post("", dependencies=[requests.JSON])
def record_goal(http: Request, request: requests.Add, service: Service, body: GoalIn) -> Response:
    return write_response(http, service.record(request, body), 201)


@router.put("/{goal_id}", dependencies=[requests.JSON])
def correct_goal(http: Request, request: requests.Change, service: Service, goal_id: UUID, body: GoalIn) -> Response:
    return write_response(http, service.correct(request, goal_id, body))


@router.delete("/{goal_id}")
def remove_goal(request: requests.Change, service: Service, goal_id: UUID) -> Response:
    return empty_response(service.remove(request, goal_id))


# services/expenses/entities.py

GOALS = Entity(GOAL, GoalRepository, image_table("goals.csv", GoalRepository), references={"category": CATEGORY})
ALL = EntityRegistry(*ENTITIES, GOALS)


# services/expenses/migrations/versions/


def create_table(engine: sa.Engine) -> None:
    GoalRepository.table.metadata.create_all(engine)
