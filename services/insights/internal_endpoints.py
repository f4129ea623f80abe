"""The HTTP door for other services."""

from fastapi import APIRouter, Request

from chassis.http.authorization import from_service
from contracts.erasure import ErasureOrder, ErasureResult
from services.insights.erasure import InsightsErasure

router = APIRouter(prefix="/internal", include_in_schema=False)


@router.post("/erasures", dependencies=[from_service("auth")])
def erase(request: Request, order: ErasureOrder) -> ErasureResult:
    """Deletes whatever was derived of ledgers."""
    erasing: InsightsErasure = request.app.state.erasing
    return erasing.erase(order)
