"""`python -m bench.attack KIND BASE TOKEN`: runs an attack by a hostile account until the process is killed."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp

PAUSE = 0.02
"""Seconds between a response and the next request. The attacker ignores Retry-After."""
BURST = 300
BATCHES, FEEDS, EXPORTS, STREAMS = 3, 12, 8, 200
AT_ONCE, TOO_LARGE = 500, 413
BATCH = "/api/v1/expenses/batch"


class Attack:
    """The requests of the hostile account. Responses are read to the end and discarded."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def batches(self) -> None:
        """Repeatedly corrects as many expenses with long notes in a batch as the service accepts."""
        ids, numbers = await self._ids(), itertools.count(1)

        async def correct() -> None:
            amount = f"{next(numbers)}.00"
            if await self._post(BATCH, {"update": [{"id": id_, "amount": amount} for id_ in ids]}) == TOO_LARGE:
                del ids[len(ids) // 2 :]

        await _side_by_side(correct, BATCHES)

    async def _ids(self) -> list[str]:
        ids: list[str] = []
        cursor: str | None = ""
        while cursor is not None and len(ids) < AT_ONCE:
            more = f"&cursor={cursor}" if cursor else ""
            async with self._session.get(f"/api/v1/expenses?limit=500{more}") as response:
                page = await response.json()
            ids += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
        return ids[:AT_ONCE]

    async def categories(self) -> None:
        """Records expenses in a ledger of 15,000 categories."""
        await _side_by_side(self._record, BATCHES)

    async def burst(self) -> None:
        """Sends 300 requests at once, a third of them writes, a third long lists."""
        numbers = range(BURST // 3)

        async def send() -> None:
            await asyncio.gather(
                *(self._record() for _ in numbers),
                *(self._get("/api/v1/expenses?limit=500") for _ in numbers),
                *(self._get(f"/api/v1/trends?from=2010-01-01&to=2010-02-{day % 28 + 1:02}") for day in numbers),
            )

        await _side_by_side(send, 1)

    async def feeds(self) -> None:
        """Reads the longest pages of the journal."""
        await _side_by_side(lambda: self._get("/api/v1/journal?limit=500"), FEEDS)

    async def exports(self) -> None:
        """Fetches exports and hardly reads them."""

        async def fetch() -> None:
            async with self._session.get("/api/v1/export") as response:
                async for _ in response.content.iter_chunked(1024):
                    await asyncio.sleep(0.1)

        await _side_by_side(fetch, EXPORTS)

    async def streams(self) -> None:
        """Opens as many live streams as it gets."""
        await _side_by_side(lambda: self._get("/api/v1/live"), STREAMS)

    async def _record(self) -> None:
        await self._post("/api/v1/expenses", {"amount": "1.00", "category": "Food", "spent_on": "2026-03-01"})

    async def _get(self, path: str) -> None:
        async with self._session.get(path) as response:
            async for _ in response.content.iter_any():
                pass

    async def _post(self, path: str, body: Any) -> int:  # noqa: ANN401 - JSON
        async with self._session.post(path, json=body) as response:
            await response.read()
            return response.status


async def _side_by_side(step: Callable[[], Awaitable[None]], count: int) -> None:
    async def repeat() -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await step()
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(repeat() for _ in range(count)))


KINDS: Mapping[str, Callable[[Attack], Awaitable[None]]] = {
    "batches": Attack.batches,
    "categories": Attack.categories,
    "burst": Attack.burst,
    "feeds": Attack.feeds,
    "exports": Attack.exports,
    "streams": Attack.streams,
}


async def main(kind: str, base: str, token: str) -> None:
    headers, connector = {"Authorization": f"Bearer {token}"}, aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(base, headers=headers, connector=connector, timeout=timeout) as session:
        await KINDS[kind](Attack(session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
