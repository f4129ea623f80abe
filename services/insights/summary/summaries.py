"""Computes summaries and trends from totals. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from contracts.days import WeekStart
from contracts.ids import CategoryId
from contracts.money import Money
from services.insights.periods import Bucket, Period, bucket_of
from services.insights.projections.totals import Sum
from services.insights.shares import has_shares
from services.insights.summary.schemas import CategoryTotal, CurrencyTotal, Series, Summary, Trends

_SHARE = Decimal("0.0001")


class Steps(NamedTuple):
    """The buckets of a series: their size, their first days, and the first day of the week."""

    by: Bucket
    starts: Sequence[dt.date]
    week_start: WeekStart = WeekStart.MONDAY


def share(part: int, whole: int) -> str:
    """Returns the share of the whole, to four decimal places."""
    return str((Decimal(part) / Decimal(whole)).quantize(_SHARE, ROUND_HALF_EVEN))


def summarise(
    sums: Mapping[tuple[CategoryId, str], Sum],
    names: Mapping[CategoryId, str],
    currency: str,
    period: Period,
    revision: int,
) -> Summary:
    """Largest category first; other currencies are listed, never added."""
    own = {category: sum_ for (category, code), sum_ in sums.items() if code == currency}
    total = sum(sum_.total for sum_ in own.values())
    shares = has_shares(sum_.total for sum_ in own.values())
    ranked = sorted(own.items(), key=lambda item: (-item[1].total, names[item[0]], item[0]))
    return Summary(
        since=period.since,
        until=period.until,
        currency=currency,
        total=Money(total, currency).amount,
        count=sum(sum_.count for sum_ in own.values()),
        categories=[
            CategoryTotal(
                category=names[category],
                category_id=category,
                total=Money(sum_.total, currency).amount,
                count=sum_.count,
                share=share(sum_.total, total) if shares else None,
            )
            for category, sum_ in ranked
        ],
        other=_others(sums, currency),
        revision=revision,
    )


def _others(sums: Mapping[tuple[CategoryId, str], Sum], currency: str) -> list[CurrencyTotal]:
    others: defaultdict[str, Sum] = defaultdict(Sum)
    for (_, code), sum_ in sums.items():
        if code != currency:
            others[code] += sum_
    return [
        CurrencyTotal(currency=code, total=Money(others[code].total, code).amount, count=others[code].count)
        for code in sorted(others)
    ]


def trend(
    rows: Iterable[tuple[dt.date, CategoryId, int]],
    names: Mapping[CategoryId, str],
    currency: str,
    period: Period,
    steps: Steps,
    revision: int,
) -> Trends:
    """Returns a series for each category, largest first."""
    by, starts, week_start = steps
    place = {step: index for index, step in enumerate(starts)}
    lines: defaultdict[CategoryId, list[int]] = defaultdict(lambda: [0] * len(starts))
    for day, category, minor in rows:
        lines[category][place[bucket_of(day, by, week_start)]] += minor
    ranked = sorted(lines.items(), key=lambda item: (-sum(item[1]), names[item[0]], item[0]))
    return Trends(
        since=period.since,
        until=period.until,
        by=by,
        currency=currency,
        buckets=list(starts),
        series=[
            Series(
                category=names[category],
                category_id=category,
                totals=[Money(minor, currency).amount for minor in line],
            )
            for category, line in ranked
        ],
        totals=[Money(sum(column), currency).amount for column in zip(*lines.values(), strict=True)]
        or [Money(0, currency).amount] * len(starts),
        revision=revision,
    )
