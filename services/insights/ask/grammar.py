"""Parses common questions without a model: "how much on coffee since May?", "what grew most this year?". Pure.

Questions that match only in part are not parsed: the answer would be that of another question.
"""

import datetime as dt
import re
from collections.abc import Callable

from contracts.text import fold
from services.insights.ask import time_spans
from services.insights.ask.queries import MAX_ROWS, GroupBy, QueryKind, SpendingQuery, comparable_period, year_before
from services.insights.ask.time_spans import Today
from services.insights.insights.facts.snapshot import length, month_before
from services.insights.periods import Period, month_of

EXAMPLES = (
    "How much on coffee since May?",
    "How many payments at Rewe this year?",
    "What grew most this year?",
    "Compare summer to last summer",
    "Top merchants last month",
)
"""Examples that an answer lists if a question was not understood."""

_I = r"(?:i|we|you)\b"
_MONEY = r"(?:money|cash)"
_REST = r"(?P<about>(?: .*)?)"
"""Matches at the start of a word: Costco is not a cost, and doughnuts are not something done."""
_SUM = re.compile(
    rf"(?:how much(?: {_MONEY})?|what)(?: (?:did|do|have|has|was|were|is|are))?(?: {_I})?(?: (?:been))?"
    rf"(?: (?:spend|spent|spending|pay|paid|go|gone|went))?{_REST}"
)
_TOTAL = re.compile(rf"(?:what (?:is|was|are|were) )?(?:my |the |our )?(?:total|spending|expenses?|costs?|sum){_REST}")
_COUNT = re.compile(
    rf"how (?:many (?:payments|expenses|times|purchases|transactions)|often)(?: (?:did|do|have|were|are))?"
    rf"(?: {_I})?(?: (?:there|been|go|gone|went|pay|paid|buy|bought|shop|shopped|spend|spent|eat|eaten))?{_REST}"
)
_TOP = re.compile(
    r"(?:what (?:are|were|is|was) |which (?:are|were) |show )?(?:me )?(?:my |the |our )*"
    r"(?:top|largest|biggest|highest|main|most expensive)(?: (?P<most>\d{1,2}))?(?: spending| expense)?"
    r" (?P<by>categor(?:y|ies)|merchants?|shops?|stores?|places?|payees?)"
)
_WHERE = re.compile(
    rf"(?:where|what) (?:did|does|do|is|has|have) (?:all )?(?:my|our|the) {_MONEY} (?:go|gone|going|went)(?: to| on)?"
)
_MOST_ON = re.compile(
    rf"(?:what|who|where) did {_I} (?:spend|pay) (?:the )?most(?: {_MONEY})?(?P<on> on| at| for| to)?"
)
_GREW = re.compile(
    r"(?:what|which (?P<by>categor(?:y|ies)|merchants?|shops?|stores?|places?)) (?:has |have )?"
    r"(?:grew|grown|rose|risen|increased|went up|gone up|climbed|got more expensive)(?: (?:the )?most)?"
)
_COMPARE = re.compile(r"(?:compare |how (?:does|did|do) )(?P<both>.+)")
_AGAINST = re.compile(r"\s+(?:compared? (?:to|with)|vs\.?|versus|against|to|with|and|than)\s+")
_PREPOSITION = re.compile(r"(?:on|for|at|in|to|with|of|from|by)\s+")
_ARTICLE = re.compile(r"(?:the|my|our|a|an)\s+")


def read(question: str, on: Today) -> list[SpendingQuery]:
    """Returns the queries for a question, or none if it does not match completely."""
    text = _plain(question)
    for parse in _PARSERS:
        if query := parse(text, on):
            return [query]
    return []


def _plain(question: str) -> str:
    text = re.sub(r"[?!…]+|[.,;:]+(?=\s|$)", " ", fold(question))
    text = re.sub(r"\b(what|where|who|how)'s\b", r"\1 is", text)
    return " ".join(re.sub(r"^(?:please |tell me |show me (?!the|my|top))|\bplease$", "", text).split())


def _compare(text: str, on: Today) -> SpendingQuery | None:
    match = _COMPARE.fullmatch(text)
    both = match["both"] if match else text
    for cut in _AGAINST.finditer(both):
        about, now = time_spans.split(both[: cut.start()].split(), on)
        more, before = time_spans.split(both[cut.end() :].split(), on)
        if now and before and not (about and more) and (match or re.match(r"\s+(?:vs|versus|compare)", cut[0])):
            period, earlier = time_spans.pair(now, before, on)
            return SpendingQuery(QueryKind.COMPARE, period, earlier, _about(about or more))
    return None


def _grew(text: str, on: Today) -> SpendingQuery | None:
    rest, span = time_spans.split(text.split(), on)
    match = _GREW.fullmatch(rest)
    if match is None:
        return None
    period = span.period if span else Period(on.day.replace(day=1), on.day)
    return SpendingQuery(QueryKind.GREW, period, _the_time_before(period, on), by=_by(match["by"]))


def _top(text: str, on: Today) -> SpendingQuery | None:
    rest, span = time_spans.split(text.split(), on)
    if match := _TOP.fullmatch(rest):
        by, most = _by(match["by"]), min(int(match["most"] or 5), MAX_ROWS) or 1
    elif _WHERE.fullmatch(rest):
        by, most = GroupBy.CATEGORY, 5
    elif match := _MOST_ON.fullmatch(rest):
        by, most = (GroupBy.MERCHANT if match[0].startswith(("who", "where")) else GroupBy.CATEGORY), 5
    else:
        return None
    return SpendingQuery(
        QueryKind.TOP, span.period if span else Period(on.day.replace(day=1), on.day), by=by, most=most
    )


def _count(text: str, on: Today) -> SpendingQuery | None:
    return _measured(_COUNT, QueryKind.COUNT, text, on)


def _sum(text: str, on: Today) -> SpendingQuery | None:
    return _measured(_TOTAL, QueryKind.SUM, text, on) or _measured(_SUM, QueryKind.SUM, text, on)


def _bare(text: str, on: Today) -> SpendingQuery | None:
    """Parses a name and a time span, and nothing else: "Coffee since May"."""
    rest, span = time_spans.split(text.split(), on)
    if span is None or not rest or len(rest.split()) > 4:  # noqa: PLR2004 - a name, not a sentence
        return None
    return SpendingQuery(QueryKind.SUM, span.period, about=_about(rest))


def _measured(pattern: re.Pattern[str], kind: QueryKind, text: str, on: Today) -> SpendingQuery | None:
    rest, span = time_spans.split(text.split(), on)
    match = pattern.fullmatch(rest)
    about = _about(match["about"]) if match else ""
    if match is None or about.isdigit():  # a day of the month, and no name
        return None
    return SpendingQuery(kind, span.period if span else Period(on.day.replace(day=1), on.day), about=about)


def _about(text: str) -> str:
    about = text.strip()
    if about in {"in all", "in total", "total", "altogether"}:  # "at Total" is a shop
        return ""
    for pattern in (_PREPOSITION, _ARTICLE):
        about = pattern.sub("", about, count=1) if pattern.match(about) else about
    return "" if about in {"all", "everything", "it"} else about


def _by(text: str | None) -> GroupBy:
    return GroupBy.CATEGORY if text is None or text.startswith("categor") else GroupBy.MERCHANT


def _the_time_before(period: Period, on: Today) -> Period:
    """Returns the period to compare with: the month before, or for longer periods the same days a year before."""
    if length(period) > month_of(period.since).until.day:
        return comparable_period(period, year_before(period), on.day)
    if period.since.day == 1:
        return comparable_period(period, month_before(period.since), on.day)
    return Period(period.since - dt.timedelta(days=length(period)), period.since - dt.timedelta(days=1))


_PARSERS: tuple[Callable[[str, Today], SpendingQuery | None], ...] = (_compare, _grew, _top, _count, _sum, _bare)
