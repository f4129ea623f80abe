"""The HTTP door of a ledger's export."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from chassis.access import OneLedger, Reader
from contracts.headers import REVISION
from services.expenses.exporting import Export, Exporting

router = APIRouter(prefix="/api/v1")

ZIP = "application/zip"


class ZipResponse(StreamingResponse):
    """Sends an export, and gives its connection back even where the client left before the end."""

    media_type = ZIP

    def __init__(self, export: Export, name: str) -> None:
        headers = {REVISION: str(export.revision), "Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(export.content, headers=headers)
        self._export = export

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As any streamed answer."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._export.content.close)


@router.get("/export", status_code=200, response_class=ZipResponse)
def export_ledger(request: Request, caller: Reader, _: OneLedger) -> ZipResponse:
    """The whole ledger as a zip file: its journal, and its expenses and categories as tables.

    In the tables a text that a spreadsheet would compute has an apostrophe before it: take one away where a cell begins
    with apostrophes and then a tab, a line break, or one of `= + - @`, with blanks before it or of full width. The tags
    of an expense are one cell, itself a line of CSV: `a, b` are two tags, `"a, b"` is one. The journal has JSON lists.
    """
    exporting: Exporting = request.app.state.exporting
    return ZipResponse(exporting.export(caller.ledger), "outlay-ledger.zip")
