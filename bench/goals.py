"""What is measured, and what each figure should be: a table to read. `make bench` fills it in."""

from collections.abc import Mapping
from typing import NamedTuple


class GoalRow(NamedTuple):
    """A figure. Without a goal it only explains another one."""

    name: str
    what: str
    unit: str = ""
    least: float | None = None
    most: float | None = None


class BenchPart(NamedTuple):
    """Figures that are measured together."""

    title: str
    rows: tuple[GoalRow, ...]
    databases: bool = False
    """Whether they are measured on SQLite and on PostgreSQL."""


BENCH_PARTS: Mapping[str, BenchPart] = {
    "gateway": BenchPart(
        "The gateway",
        (
            GoalRow("cached_to_hello", "cached summary ÷ bare FastAPI “hello”, requests/s, one worker each", least=1.0),
            GoalRow("cached_to_classic", "the same ÷ the classic design", least=5),
            GoalRow("cached_to_threaded", "the same ÷ the classic design with threads, which keep connections open"),
            GoalRow("proxied_to_direct", "a page of expenses: through the gateway ÷ from the service", least=0.5),
            GoalRow("lightest_to_direct", "the same with the lightest answer there is, the public keys"),
            GoalRow("cached_rate", "cached summary", "requests/s"),
            GoalRow("hello_rate", "bare FastAPI “hello”", "requests/s"),
            GoalRow("classic_rate", "classic design, cached", "requests/s"),
            GoalRow("threaded_rate", "classic design with threads, cached", "requests/s"),
            GoalRow("cached_work", "processor time of a cached summary", "µs"),
            GoalRow("hello_work", "processor time of a “hello”", "µs"),
        ),
    ),
    "summary": BenchPart(
        "Summaries that are not ready",
        (
            GoalRow("month_growth", "one month: 1,000,000 expenses ÷ 1,000, p50", most=1.3),
            GoalRow("all_growth", "all time: 1,000,000 expenses ÷ 1,000, p50", most=1.3),
            GoalRow("month", "one month, 1,000,000 expenses, p50", "ms", most=5),
            GoalRow("all", "all time, 1,000,000 expenses, p50", "ms", most=5),
            GoalRow("month_of_few", "one month, 1,000 expenses, p50", "ms"),
            GoalRow("all_of_few", "all time, 1,000 expenses, p50", "ms"),
        ),
        databases=True,
    ),
    "visible": BenchPart(
        "From a write to the summary",
        (
            GoalRow("p50", "write acknowledged → in the summary that another member reads, p50", "ms", most=20),
            GoalRow("p99", "the same, p99", "ms", most=250),
            GoalRow("write", "the write itself, p50", "ms"),
            GoalRow("own", "the first summary that its author reads, who names the revision, p50", "ms"),
        ),
    ),
    "rebuild": BenchPart(
        "From the journal to the totals",
        (
            GoalRow("rebuilt", "totals of 100,000 expenses rebuilt, 500 to an entry", "s", most=5),
            GoalRow("entries", "taken in, one expense to an entry", "entries/s", least=5_000),
            GoalRow("expenses", "taken in, 500 to an entry", "expenses/s"),
        ),
        databases=True,
    ),
    "list": BenchPart(
        "1,000,000 expenses of one ledger",
        (
            GoalRow("newest", "the newest 50, p95", "ms", most=50),
            GoalRow("older", "50 from the middle, by cursor, p95", "ms", most=50),
            GoalRow("period", "of one month, p95", "ms", most=50),
            GoalRow("category", "of one category, p95", "ms", most=50),
            GoalRow("merchant", "of one merchant, p95", "ms", most=50),
            GoalRow("tag", "with a tag that one in a hundred has, p95", "ms", most=50),
            GoalRow("rare_tag", "with a tag that ten have, p95", "ms", most=50),
            GoalRow("word", "text that one in a hundred has, p95", "ms", most=50),
            GoalRow("rare_word", "text that ten have, p95", "ms", most=50),
            GoalRow("no_word", "text that none has, p95", "ms", most=50),
        ),
        databases=True,
    ),
    "start": BenchPart(
        "`make run`",
        (
            GoalRow("ready", "warm start to ready", "s", most=6),
            GoalRow("memory", "memory of the whole stack, idle (PSS)", "MB", most=450),
        ),
    ),
    "trouble": BenchPart(
        "Parts that hang",
        (
            GoalRow("recording", "recording an expense while `insights` is stopped ÷ before, p50", most=1.25),
            GoalRow("recording_before", "recording an expense before, p50", "ms"),
            GoalRow("recording_during", "recording an expense while `insights` is stopped, p50", "ms"),
            GoalRow("refused", "summaries refused meanwhile, with Retry-After", "of all", least=1),
            GoalRow(
                "stall", "Redis stopped: longest wait for `/livez`, beside sign-ins, reads and writes", "ms", most=100
            ),
            GoalRow("stall_before", "the same while Redis runs", "ms"),
        ),
    ),
    "sign-in": BenchPart(
        "Signing in",
        (
            GoalRow("unknown_to_known", "unknown account ÷ known account, wrong password, median", least=0.9, most=1.1),
            GoalRow("known", "known account, wrong password, median", "ms"),
            GoalRow("unknown", "unknown account, median", "ms"),
        ),
    ),
    "revocation": BenchPart(
        "Who is refused, and how soon",
        (
            GoalRow("session", "a session is ended → its token is refused, 100 times under load, p50", "ms"),
            GoalRow("session_longest", "the same, the longest", "ms", most=1_000),
            GoalRow("member", "a member is removed → the token is refused, 100 times under load, p50", "ms"),
            GoalRow("member_longest", "the same, the longest", "ms", most=1_000),
        ),
    ),
    "hostile": BenchPart(
        "One hostile account",
        (
            GoalRow("before", "neighbours' writes while nothing else happens, p95", "ms"),
            GoalRow("batches", "the same ÷ before, during batches that correct 500 expenses with long notes", most=2),
            GoalRow("categories", "during writes to a ledger of 15,000 categories, if it may have them", most=2),
            GoalRow("burst", "during 300 requests at once, again and again", most=2),
            GoalRow("feeds", "during 12 readers of long journal pages", most=2),
            GoalRow("exports", "during 8 exports by slow readers", most=2),
            GoalRow("streams", "during 200 live streams", most=2),
            GoalRow("refused", "neighbours' writes that were refused under all of it", most=0),
            GoalRow("memory_gateway", "largest memory of `gateway` under all of it", "MB", most=300),
            GoalRow("memory_auth", "of `auth`", "MB", most=250),
            GoalRow("memory_expenses", "of `expenses`", "MB", most=450),
            GoalRow("memory_insights", "of `insights`", "MB", most=300),
            GoalRow("memory_consumer", "of `consumer`", "MB", most=300),
            GoalRow("memory_worker", "of `worker`", "MB", most=250),
            GoalRow("memory_redis", "of Redis", "MB", most=300),
        ),
    ),
}
