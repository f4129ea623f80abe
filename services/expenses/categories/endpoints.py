"""Endpoints of categories."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.http.authorization import ServiceCaller
from chassis.http.components import component
from contracts.book import SameNames
from contracts.ids import CategoryId
from services.expenses.categories import schemas
from services.expenses.categories.service import CategoryService
from services.expenses.ledger import requests
from services.expenses.ledger.responses import read_response, write_response

router = APIRouter(prefix="/api/v1")
internal = APIRouter(prefix="/internal", include_in_schema=False)

Service = Annotated[CategoryService, Depends(component(CategoryService))]


@router.get("/categories", response_model=schemas.CategoryPage)
def list_categories(
    http: Request, request: requests.Read, service: Service, query: Annotated[schemas.CategoryQuery, Query()]
) -> Response:
    """Categories by name, all of them up to 2,000."""
    return read_response(http, service.list(request, query))


@router.patch(
    "/categories/{category_id}", response_model=schemas.Category, dependencies=[requests.JSON, requests.LEDGER_ONLY]
)
def correct_category(
    http: Request, request: requests.Change, service: Service, category_id: CategoryId, body: schemas.CategoryPatch
) -> Response:
    """Rename a category, or give it another colour or icon."""
    return write_response(http, service.correct(request, category_id, body))


@internal.get("/same-names")
def same_names(_: ServiceCaller, service: Service) -> SameNames:
    """Returns categories with equal names in one ledger, from versions that compared names differently."""
    return service.same_names()
