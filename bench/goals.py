"""What is measured, and what each figure should be: a table to read. `make bench` fills it in."""

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """One figure. Without a goal it only explains another one."""

    name: str
    what: str
    unit: str = ""
    least: float | None = None
    most: float | None = None


class Part(NamedTuple):
    """Figures that are measured together."""

    title: str
    rows: tuple[Row, ...]
    databases: bool = False
    """Whether they are measured on SQLite and on PostgreSQL."""


PARTS: Mapping[str, Part] = {
    "gateway": Part(
        "The gateway",
        (
            Row("cached_to_hello", "cached summary ÷ bare FastAPI “hello”, requests/s, one worker each", least=1.0),
            Row("cached_to_classic", "the same ÷ the classic design", least=5),
            Row("cached_to_threaded", "the same ÷ the classic design with threads, which keep connections open"),
            Row("proxied_to_direct", "a page of expenses: through the gateway ÷ from the service", least=0.5),
            Row("lightest_to_direct", "the same with the lightest answer there is, the public keys"),
            Row("cached_rate", "cached summary", "requests/s"),
            Row("hello_rate", "bare FastAPI “hello”", "requests/s"),
            Row("classic_rate", "classic design, cached", "requests/s"),
            Row("threaded_rate", "classic design with threads, cached", "requests/s"),
            Row("cached_work", "processor time of a cached summary", "µs"),
            Row("hello_work", "processor time of a “hello”", "µs"),
        ),
    ),
    "summary": Part(
        "Summaries that are not ready",
        (
            Row("month_growth", "one month: 1,000,000 expenses ÷ 1,000, p50", most=1.3),
            Row("all_growth", "all time: 1,000,000 expenses ÷ 1,000, p50", most=1.3),
            Row("month", "one month, 1,000,000 expenses, p50", "ms", most=5),
            Row("all", "all time, 1,000,000 expenses, p50", "ms", most=5),
            Row("month_of_few", "one month, 1,000 expenses, p50", "ms"),
            Row("all_of_few", "all time, 1,000 expenses, p50", "ms"),
        ),
        databases=True,
    ),
    "visible": Part(
        "From a write to the summary",
        (
            Row("p50", "write acknowledged → in the summary that another member reads, p50", "ms", most=20),
            Row("p99", "the same, p99", "ms", most=250),
            Row("write", "the write itself, p50", "ms"),
            Row("own", "the first summary that its author reads, who names the revision, p50", "ms"),
        ),
    ),
    "rebuild": Part(
        "From the journal to the totals",
        (
            Row("rebuilt", "totals of 100,000 expenses rebuilt, 500 to an entry", "s", most=5),
            Row("entries", "taken in, one expense to an entry", "entries/s", least=5_000),
            Row("expenses", "taken in, 500 to an entry", "expenses/s"),
        ),
        databases=True,
    ),
    "list": Part(
        "1,000,000 expenses of one ledger",
        (
            Row("newest", "the newest 50, p95", "ms", most=50),
            Row("older", "50 from the middle, by cursor, p95", "ms", most=50),
            Row("period", "of one month, p95", "ms", most=50),
            Row("category", "of one category, p95", "ms", most=50),
            Row("merchant", "of one merchant, p95", "ms", most=50),
            Row("tag", "with a tag that one in a hundred has, p95", "ms", most=50),
            Row("rare_tag", "with a tag that ten have, p95", "ms", most=50),
            Row("word", "text that one in a hundred has, p95", "ms", most=50),
            Row("rare_word", "text that ten have, p95", "ms", most=50),
            Row("no_word", "text that none has, p95", "ms", most=50),
        ),
        databases=True,
    ),
    "start": Part(
        "`make run`",
        (
            Row("ready", "warm start to ready", "s", most=6),
            Row("memory", "memory of the whole stack, idle (PSS)", "MB", most=450),
        ),
    ),
    "trouble": Part(
        "Parts that hang",
        (
            Row("recording", "recording an expense while `insights` is stopped ÷ before, p50", most=1.25),
            Row("recording_before", "recording an expense before, p50", "ms"),
            Row("recording_during", "recording an expense while `insights` is stopped, p50", "ms"),
            Row("refused", "summaries refused meanwhile, with Retry-After", "of all", least=1),
            Row("stall", "Redis stopped: longest wait for `/livez`, beside sign-ins, reads and writes", "ms", most=100),
            Row("stall_before", "the same while Redis runs", "ms"),
        ),
    ),
    "sign-in": Part(
        "Signing in",
        (
            Row("unknown_to_known", "unknown account ÷ known account, wrong password, median", least=0.9, most=1.1),
            Row("known", "known account, wrong password, median", "ms"),
            Row("unknown", "unknown account, median", "ms"),
        ),
    ),
    "revocation": Part(
        "Who is refused, and how soon",
        (
            Row("session", "a session is ended → its token is refused, 100 times under load, p50", "ms"),
            Row("session_longest", "the same, the longest", "ms", most=1_000),
            Row("member", "a member is removed → the token is refused, 100 times under load, p50", "ms"),
            Row("member_longest", "the same, the longest", "ms", most=1_000),
        ),
    ),
    "hostile": Part(
        "One hostile account",
        (
            Row("before", "neighbours' writes while nothing else happens, p95", "ms"),
            Row("batches", "the same ÷ before, during batches that correct 500 expenses with long notes", most=2),
            Row("categories", "during writes to a ledger of 15,000 categories, if it may have them", most=2),
            Row("burst", "during 300 requests at once, again and again", most=2),
            Row("feeds", "during 12 readers of long journal pages", most=2),
            Row("exports", "during 8 exports by slow readers", most=2),
            Row("streams", "during 200 live streams", most=2),
            Row("refused", "neighbours' writes that were refused under all of it", most=0),
            Row("memory_gateway", "largest memory of `gateway` under all of it", "MB", most=300),
            Row("memory_auth", "of `auth`", "MB", most=250),
            Row("memory_expenses", "of `expenses`", "MB", most=450),
            Row("memory_insights", "of `insights`", "MB", most=300),
            Row("memory_consumer", "of `consumer`", "MB", most=300),
            Row("memory_worker", "of `worker`", "MB", most=250),
            Row("memory_redis", "of Redis", "MB", most=300),
        ),
    ),
}
