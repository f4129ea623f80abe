"""The parts that other tests stand on."""

import redis
import sqlalchemy as sa

from tests.support.databases import Databases
from tests.support.redis import RedisServer


def make_table(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE prepared (id INTEGER)"))
    engine.dispose()


def tables(url: str) -> list[str]:
    engine = sa.create_engine(url)
    names = sa.inspect(engine).get_table_names()
    engine.dispose()
    return names


def test_every_test_has_a_database_of_its_own(databases: Databases) -> None:
    one, other = databases.fresh(), databases.fresh()

    make_table(one)

    assert (tables(one), tables(other)) == (["prepared"], [])


def test_a_prepared_database_is_prepared_once_and_copied(databases: Databases) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        make_table(url)

    copies = [databases.copy_of("once", prepare) for _ in range(2)]

    assert [tables(url) for url in copies] == [["prepared"], ["prepared"]]
    assert len(prepared) == 1
    assert len({*copies, *prepared}) == 3


def test_redis_starts_empty_and_forgets_when_it_is_stopped(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("kept", "no")
    redis_server.stop()
    redis_server.start()

    with redis.Redis.from_url(redis_server.url) as client:
        assert client.get("kept") is None
