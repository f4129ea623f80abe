"""Compares spending with fair periods: as many days of earlier months, and the same season where it is known.

Compared are habits: without what comes back by itself, so that a bill a day late is no change, and with large amounts
cut down to the usual, so that one is none either. They have changed where their sum is beyond all earlier ones and far
from their median: in spreads (modified z-score, Iglewicz and Hoaglin, 1993) of their square roots, where one is at
least what chance makes of so few payments (Anscombe, 1948). What is told are the whole sums, if habits make up most of
their difference: against the period before or the same season of the year before, whichever differs less.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median, median_low

from contracts.money import Money
from services.insights.insights.facts.fact import (
    VALUE,
    Direction,
    Evidence,
    EvidenceProof,
    Fact,
    FactKind,
    Slot,
    SlotForm,
    day_slot,
    month_slot,
)
from services.insights.insights.facts.payments import Payment, total, within
from services.insights.insights.facts.robust_statistics import distance, surprise
from services.insights.insights.facts.snapshot import HISTORY, FactSnapshot
from services.insights.periods import Period

_FEWEST_PERIODS = 5
_FEWEST_PAYMENTS = 3
_LARGE = 3
"""Amounts above this many medians are cut to it: a few large payments are no change of habit."""
_FAR = 3.5
_MATERIAL = 0.03
"""Smallest difference worth telling, as a fraction of a typical month."""


@dataclass(frozen=True)
class ComparisonWindow:
    """The compared payments of one period."""

    period: Period
    payments: Sequence[Payment]

    @property
    def total(self) -> int:
        """In minor units."""
        return total(self.payments)


@dataclass(frozen=True)
class Comparison:
    """The current period against an earlier one."""

    now: ComparisonWindow
    before: ComparisonWindow
    a_year_ago: bool
    is_far: float
    """Distance in spreads; negative for a decrease."""

    @property
    def difference(self) -> int:
        """In minor units."""
        return self.now.total - self.before.total


def by_month(snapshot: FactSnapshot, payments: Sequence[Payment]) -> Comparison | None:
    """Compares this month so far with the same days of each month before it that the ledger covers."""
    if not snapshot.same_days:
        return None
    now, *earlier = (ComparisonWindow(period, within(payments, period)) for period in snapshot.same_days)
    return compare(snapshot, now, earlier, earlier[HISTORY - 1] if len(earlier) == HISTORY else None)


def compare(
    snapshot: FactSnapshot,
    now: ComparisonWindow,
    earlier: Sequence[ComparisonWindow],
    year_ago: ComparisonWindow | None,
) -> Comparison | None:
    """Returns the change if it is worth telling. `earlier` has the latest period first, and may include `year_ago`."""
    far = far_from(habits(snapshot, now), [habits(snapshot, window) for window in earlier])
    if abs(far) < _FAR:
        return None
    fair = [Comparison(now, earlier[0], a_year_ago=False, is_far=far)]
    if year_ago:
        fair.append(Comparison(now, year_ago, a_year_ago=True, is_far=far))
    chosen = min(fair, key=lambda comparison: comparison.difference * far)
    return chosen if chosen.difference * far > 0 and _is_material(snapshot, chosen) else None


def far_from(now: Sequence[int], earlier: Sequence[Sequence[int]]) -> float:
    """Returns the distance in spreads; 0 if an earlier period was as far, or there is too little data."""
    usual = median([len(amounts) for amounts in earlier]) if earlier else 0
    busy = sum(1 for amounts in earlier if amounts)
    if len(earlier) < _FEWEST_PERIODS or 2 * busy < len(earlier) or max(len(now), usual) < _FEWEST_PAYMENTS:
        return 0.0
    most = _LARGE * median_low(amount for period in earlier for amount in period)
    now, *earlier = [[min(amount, most) for amount in period] for period in (now, *earlier)]
    amounts = [amount for period in earlier for amount in period]
    unit = sum(amount**2 for amount in amounts) / max(1, sum(amounts))
    # By chance, so many payments of such amounts are a Poisson count of `unit`: twice its root has a spread of 1.
    value, *values = (2 * sqrt(max(0, sum(period)) / unit) for period in (now, *earlier))
    return 0.0 if min(values) <= value <= max(values) else distance(value, values, 1.0)


def habits(snapshot: FactSnapshot, window: ComparisonWindow) -> Sequence[int]:
    """Returns the amounts without those of recurring series."""
    return [payment.minor for payment in window.payments if payment.id not in snapshot.charged]


def _is_material(snapshot: FactSnapshot, comparison: Comparison) -> bool:
    """Whether it matters, and habits make up half of it: not where a bill fell into one period and not the other."""
    difference = comparison.difference
    of_habits = sum(habits(snapshot, comparison.now)) - sum(habits(snapshot, comparison.before))
    return abs(difference) >= _MATERIAL * snapshot.typical_month and 2 * of_habits / difference >= 1


def fact_of(
    snapshot: FactSnapshot,
    comparison: Comparison,
    kind: FactKind,
    subject: str,
    evidence: Callable[[Period], Evidence],
    name: Slot,
) -> Fact:
    """Returns the fact. `subject` identifies it within its kind; `evidence` lists the payments of a period."""
    currency = snapshot.currency
    now, before = evidence(comparison.now.period), evidence(comparison.before.period)
    spent, spent_before = (Money(window.total, currency).amount for window in (comparison.now, comparison.before))
    earlier = "before_year" if comparison.a_year_ago else "before"
    slots = {
        VALUE: Slot.of(Money(comparison.difference, currency), SlotForm.SIZE, now, EvidenceProof.BASIS),
        "name": name,
        "now": Slot(spent, SlotForm.AMOUNT, currency, now, templates_only=True),
        earlier: Slot(spent_before, SlotForm.AMOUNT, currency, before, templates_only=True),
        "until": day_slot(comparison.now.period.until, snapshot.today),
        "then": month_slot(comparison.before.period.since, snapshot.today, templates_only=True),
    }
    return Fact(
        id=f"{kind}.{subject}.{snapshot.today:%Y-%m}",
        kind=kind,
        period=comparison.now.period,
        direction=Direction.of(comparison.difference),
        evidence=now,
        revision=snapshot.revision,
        slots=slots,
        subject=subject,
        money=abs(comparison.difference),
        surprise=surprise(comparison.is_far),
    )
