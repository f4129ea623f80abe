"""The internal endpoint of erasure."""

from typing import Annotated

from fastapi import APIRouter, Depends

from chassis.http.authorization import from_service
from chassis.http.components import component
from contracts.erasure import ErasureOrder, ErasureResult
from services.insights.erasure.service import InsightsErasure

router = APIRouter(prefix="/internal", include_in_schema=False)


@router.post("/erasures", dependencies=[from_service("auth")])
def erase(
    order: ErasureOrder, erasure: Annotated[InsightsErasure, Depends(component(InsightsErasure))]
) -> ErasureResult:
    """Deletes everything derived from ledgers, and the account's consents and usage."""
    return erasure.erase(order)
