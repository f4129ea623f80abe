"""One door to both databases."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database, is_transient
from chassis.process.settings import ServiceSettings


def table(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE t (n BIGINT PRIMARY KEY)"))


def count(database: Database) -> int:
    with database.snapshot() as session:
        return int(session.scalar(sa.text("SELECT count(*) FROM t")) or 0)


def test_a_write_is_all_or_nothing(database_url: str) -> None:
    database = Database(database_url)
    table(database)
    twice = sa.text("INSERT INTO t VALUES (1)")

    def write() -> None:
        with database.write() as session:
            session.execute(twice)
            session.execute(twice)

    with pytest.raises(DBAPIError):
        write()
    assert count(database) == 0
    database.close()


def test_an_error_does_not_tell_what_was_to_be_stored(database_url: str) -> None:
    """It ends up in the log, which is no place for what people write, or for a password's hash."""
    database = Database(database_url)
    insert = sa.text("INSERT INTO notes VALUES (1, :note)").bindparams(note="dinner with Eve")
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE notes (n BIGINT PRIMARY KEY, note TEXT)"))
        session.execute(insert)

    with pytest.raises(DBAPIError) as caught, database.write() as session:
        session.execute(insert)

    assert "Eve" not in str(caught.value)
    database.close()


def test_a_snapshot_sees_one_moment(database_url: str) -> None:
    database = Database(database_url)
    table(database)
    with database.snapshot() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM t")) == 0
        with database.write() as writer:
            writer.execute(sa.text("INSERT INTO t VALUES (1)"))
        assert session.scalar(sa.text("SELECT count(*) FROM t")) == 0
    assert count(database) == 1
    database.close()


def test_writers_wait_for_each_other(database_url: str) -> None:
    """Read, then write, in many threads: no writer fails for having come second."""
    database, other = Database(database_url), Database(database_url)
    table(database)
    failures: list[BaseException] = []

    def work(use: Database, start: int) -> None:
        try:
            for number in range(start, start + 25):
                with use.write() as session:
                    session.execute(sa.text("SELECT count(*) FROM t"))
                    session.execute(sa.text("INSERT INTO t VALUES (:n)"), {"n": number})
        except DBAPIError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=((database, other)[n % 2], n * 100)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert count(database) == 150
    database.close()
    other.close()


def test_what_may_succeed_when_tried_again(database_url: str) -> None:
    database = Database(database_url)
    table(database)
    statements = ["SELECT * FROM nowhere", "INSERT INTO t VALUES (NULL), (1), (1)"]
    if database.is_sqlite:  # all of these are OperationalErrors there
        statements += ["SELECT sum(n) FROM (SELECT 9223372036854775807 AS n UNION ALL SELECT 1)", "SELECT json('{')"]
        statements += ["SELECT CAST(x'ff' AS TEXT)"]
    else:
        statements += [
            "SELECT 9223372036854775807 + 1",
            "SELECT CAST('{' AS json)",
            "SELECT convert_from('\\xff', 'UTF8')",
        ]
    for statement in statements:
        with pytest.raises(DBAPIError) as caught, database.write() as session:
            session.execute(sa.text(statement)).all()
        assert not is_transient(caught.value), statement
    database.close()
    unreachable = Database("postgresql+psycopg2://unknown@127.0.0.1:1/none")
    assert not unreachable.is_available()


@pytest.mark.parametrize("secret", ["", "short", "changeme" * 8, "x" * 64])
def test_a_placeholder_is_no_secret(secret: str) -> None:
    values = {"database_url": "sqlite://", "redis_url": "redis://", "service_keys": {"a>b": secret}}
    with pytest.raises(ValueError, match="random value") as caught:
        ServiceSettings.model_validate(values)
    assert secret == "" or secret not in str(caught.value)


def test_a_lock_that_another_holds_is_waited_for_again(database_url: str) -> None:
    database, other = Database(database_url, busy=0.05), Database(database_url, busy=0.05)
    table(database)
    with other.write() as holder:
        holder.execute(sa.text("INSERT INTO t VALUES (1)"))
        waiting = "INSERT INTO t VALUES (1)"
        if not database.is_sqlite:
            waiting = f"SET LOCAL lock_timeout TO 50; {waiting}"
        with pytest.raises(DBAPIError) as caught, database.write() as session:
            session.execute(sa.text(waiting))
    assert is_transient(caught.value)
    database.close()
    other.close()
