"""Clock, queue and a real worker: whatever is killed or wiped, a wanted run is done."""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from kombu.exceptions import OperationalError

from chassis.database.engine import Database
from chassis.process.clock import utc_now
from chassis.redis.client import connect
from contracts.ids import LedgerId
from contracts.live import LiveKind, LiveNotice
from services.insights.insights import broker, jobs
from services.insights.insights import repository as insight_repository
from services.insights.insights.broker import KEYS, QUEUE
from services.insights.insights.dispatcher import JobDispatcher
from services.insights.insights.facts.snapshot import own_day
from services.insights.insights.repository import SavedInsights
from tests.support.ledgers import ReadLedger
from tests.support.llm_clients import give_consent
from tests.support.model_server import FakeModelMode, ModelServer
from tests.support.redis import RedisServer
from tests.support.waiting import until
from tests.support.worker import CeleryWorker

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def clock(database: Database, redis_url: str) -> Iterator[JobDispatcher]:
    """One that the story ticks by hand."""
    found = JobDispatcher(database, redis_url)
    yield found
    found.close()


@pytest.fixture
def ledger(database: Database) -> ReadLedger:
    """With one payment of its own today."""
    found = ReadLedger(database, time_zone="UTC")
    found.spend(own_day("UTC", utc_now()), "12.50")
    return found


def kept(database: Database, ledger: LedgerId) -> SavedInsights | None:
    with database.snapshot() as session:
        return insight_repository.saved(session, ledger)


def is_done(database: Database, ledger: LedgerId) -> bool:
    with database.snapshot() as session:
        return kept(database, ledger) is not None and not jobs.state(session, ledger).waiting


def let_time_pass(database: Database) -> None:
    """All debounces, leases and waits for lost tasks are over."""
    past = utc_now() - dt.timedelta(seconds=1)
    with database.write() as session:
        table = jobs._JOBS
        session.execute(sa.update(table).where(table.c.run_after.is_not(None)).values(run_after=past))
        session.execute(sa.update(table).where(table.c.leased_until.is_not(None)).values(leased_until=past))


def outcomes(worker: CeleryWorker) -> list[str]:
    return [line["outcome"] for line in worker.lines() if line["event"] == "insights run"]


def queued(client: redis.Redis) -> int:
    return int(client.llen(KEYS + QUEUE))  # type: ignore[arg-type]  # not awaited here


def test_a_wanted_run_is_sent_done_and_told(
    database: Database, totals_url: str, redis_url: str, ledger: ReadLedger, clock: JobDispatcher, tmp_path: Path
) -> None:
    with connect(redis_url).pubsub(ignore_subscribe_messages=True) as heard:  # type: ignore[no-untyped-call]  # redis-py's own gap
        heard.subscribe("outlay:live")
        heard.get_message(timeout=5)
        with CeleryWorker(tmp_path, totals_url, redis_url) as worker:
            let_time_pass(database)
            assert clock.tick() == 1
            assert clock.tick() == 0, "sent once"
            clock.beat()
            until(lambda: is_done(database, ledger.id), what="the insights")
            found = kept(database, ledger.id)
            assert found is not None
            assert (found.revision, found.items[0].value) == (2, "12.50")
            told = until(lambda: heard.get_message(timeout=1), what="browsers to be told")
            expected = LiveNotice(ledger=ledger.id, kind=LiveKind.INSIGHTS, revision=2, computed_at=found.computed_at)
            assert LiveNotice.decode(told["data"]) == expected
            until(lambda: "outlay_worker_heartbeat_timestamp_seconds 1" in worker.metrics(), what="a sign of life")
            assert 'outlay_insight_runs_total{outcome="done"} 1.0' in worker.metrics()
            assert ("\nprocess_resident_memory_bytes " in worker.metrics()) == Path("/proc/self/statm").exists()
            (ran,) = [line for line in worker.lines() if line["event"] == "insights run"]
            assert (ran["outcome"], len(ran["request_id"]), ran["process"]) == ("done", 32, "insights-worker")


@only_sqlite
def test_a_worker_killed_in_the_middle_is_followed_by_another_and_the_run_is_done_once(
    database: Database, totals_url: str, redis_url: str, ledger: ReadLedger, clock: JobDispatcher, tmp_path: Path
) -> None:
    """The model hangs, so that the run is in its middle; then parent and pool get a SIGKILL."""
    with ModelServer(FakeModelMode.HANGING) as model:
        words = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "small"}
        give_consent(database, ledger.id, model)
        let_time_pass(database)
        clock.tick()
        with CeleryWorker(tmp_path, totals_url, redis_url, **words) as killed:
            until(lambda: model.requests, what="the run to reach the model")
            killed.kill()
        before = kept(database, ledger.id)
        assert before is not None
        assert before.items[0].source == "template", "there for people before any model answers"
        ledger.spend(own_day("UTC", utc_now()), "7.50")
        let_time_pass(database)
        with CeleryWorker(tmp_path, totals_url, redis_url) as other:
            clock.tick()
            until(lambda: is_done(database, ledger.id), what="the other worker to finish")
            after = kept(database, ledger.id)
            assert after is not None
            assert (after.revision, after.items[0].value) == (3, "20.00")
            until(lambda: outcomes(other), what="the log to say so")
        assert outcomes(other).count("done") == 1


@only_sqlite
def test_a_task_that_redis_forgot_is_sent_again(
    database: Database, totals_url: str, redis_server: RedisServer, ledger: ReadLedger, tmp_path: Path
) -> None:
    clock = JobDispatcher(database, redis_server.url)
    let_time_pass(database)
    clock.tick()
    redis_server.clear()
    assert clock.tick() == 0

    let_time_pass(database)
    clock.tick()

    with CeleryWorker(tmp_path, totals_url, redis_server.url):
        until(lambda: is_done(database, ledger.id), what="the insights")
    clock.close()


@only_sqlite
def test_while_the_broker_is_away_nothing_is_lost_and_the_log_says_it_once(
    database: Database, redis_server: RedisServer, ledger: ReadLedger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = JobDispatcher(database, redis_server.url, interval=0.05)
    redis_server.stop()
    let_time_pass(database)
    with pytest.raises((OperationalError, redis.RedisError)):
        clock.tick()

    clock.start()
    until(lambda: "background work waits" in caplog.messages, what="the clock to notice")
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        until(lambda: queued(client), what="the job to be sent")
    until(lambda: "background work goes on" in caplog.messages, what="the clock to say so")
    clock.stop()

    assert caplog.messages.count("background work waits") == 1


@only_sqlite
def test_with_no_worker_about_jobs_wait_in_the_database_and_not_in_redis(
    database: Database, redis_url: str, clock: JobDispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "MAX_QUEUED", 3)
    for _ in range(5):
        ReadLedger(database)
    for _ in range(4):
        let_time_pass(database)
        clock.tick()
        clock.beat()

    with redis.Redis.from_url(redis_url) as client:
        assert queued(client) == 3
        message = json.loads(client.lrange(KEYS + QUEUE, 0, 0)[0])
    assert message["headers"]["expires"] is not None
    with database.snapshot() as session:
        assert len(jobs.due(session, utc_now() + dt.timedelta(hours=1))) == 5


def test_a_worker_without_settings_refuses_to_start_and_names_them(tmp_path: Path, redis_url: str) -> None:
    with CeleryWorker(tmp_path, "", redis_url, METRICS_PORT="no") as worker:
        assert worker.wait() != 0
        assert "metrics_port" in worker.log.read_text("utf-8").lower()
