"""An erasure waits for Redis, which holds the newest entries, and leaves none of them in it."""

from uuid import UUID

import redis
import sqlalchemy as sa

from chassis.database.engine import Database
from contracts.journal import journal_stream
from services.expenses.payments.tables import ExpenseRow
from tests.support.all_services import AllServices, SignedInUser, all_services
from tests.support.auth import PASSWORD
from tests.support.databases import Databases
from tests.support.redis import RedisServer
from tests.support.waiting import until


def test_an_erasure_is_confirmed_once_redis_has_nothing_of_it(databases: Databases, redis_server: RedisServer) -> None:
    with all_services(databases, redis_server.url) as services, redis.Redis.from_url(redis_server.url) as client:
        user = services.new_user("Ada")
        user.spend(user.id, note="my secret")
        until(lambda: b"my secret" in repr(client.xrange(journal_stream(0))).encode(), what="the announcement")
        with redis_server.hanging():
            receipt: str = user.request("POST", "/auth/erase", {"password": PASSWORD}).body["receipt"]
            until(lambda: book_erased(services, user), what="the book's rows to go")
            parts = {part["service"]: part for part in services.receipt(receipt)["parts"]}
            assert parts["expenses"]["confirmed_at"] is None

        deleted = services.finished(receipt)

        assert deleted["expenses"]["expenses"] == 1
        assert client.xlen(journal_stream(0)) == 0


def book_erased(services: AllServices, user: SignedInUser) -> bool:
    database = Database(services.expenses_settings.database_url)
    with database.snapshot() as session:
        left = session.scalar(sa.select(sa.func.count()).where(ExpenseRow.ledger == UUID(user.id)))
    database.close()
    return left == 0
