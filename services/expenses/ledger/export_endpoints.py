"""Endpoint of a ledger's export."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from chassis.http.components import component
from contracts.headers import REVISION
from services.expenses.ledger import requests
from services.expenses.ledger.export import Export, LedgerExporter

router = APIRouter(prefix="/api/v1")

ZIP = "application/zip"
Exporter = Annotated[LedgerExporter, Depends(component(LedgerExporter))]

WRITE_TIMEOUT = 30.0
"""Seconds within which a client has to read a part of the file; a slower one is disconnected."""

log = logging.getLogger(__name__)


class ZipResponse(StreamingResponse):
    """Sends an export, and frees its file even if the client disconnects or stops reading."""

    media_type = ZIP

    def __init__(self, export: Export, name: str, *, write_timeout: float = WRITE_TIMEOUT) -> None:
        headers = {REVISION: str(export.revision), "Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(export.parts(), headers=headers)
        self._export = export
        self._write_timeout = write_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams the response with a deadline for each part."""

        async def in_time(message: Message) -> None:
            async with asyncio.timeout(self._write_timeout):
                await send(message)

        try:
            await super().__call__(scope, receive, in_time)
        except (TimeoutError, ClientDisconnect):  # Starlette makes the second of the first on newer servers
            log.info("an export ended early: its client disconnected or stopped reading")
        finally:
            await run_in_threadpool(self._export.close)


@router.get("/export", status_code=200, response_class=ZipResponse, dependencies=[requests.LEDGER_ONLY])
def export_ledger(request: requests.Read, exporter: Exporter) -> ZipResponse:
    """The whole ledger as a zip file: its journal, and its expenses and categories as tables.

    In the tables a text that a spreadsheet would compute has an apostrophe before it: take one away where a cell begins
    with apostrophes and then a tab, a line break, or one of `= + - @`, with blanks before it or of full width. The tags
    of an expense are one cell, itself a line of CSV: `a, b` are two tags, `"a, b"` is one. The journal has JSON lists.
    """
    return ZipResponse(exporter.export(request.ledger, request.caller.account), "outlay-ledger.zip")
