"""Compares spending with fair periods: as many days of earlier months, and the same season where it is known.

A change is told where it is far from what the earlier periods brought (modified z-score, Iglewicz and Hoaglin, 1993)
and beyond all of them; where that holds for the habits in it too - without what comes back by itself, and without
the largest payment -, so that one bill a day late is no change; and where the same season of the year before does
not explain it. Of the period before and the season, the one from which it differs less is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from contracts.money import from_minor
from services.insights.facts import VALUE, Direction, Evidence, Fact, Form, Kind, Proof, Slot
from services.insights.ground import HISTORY, Ground
from services.insights.payments import Payment, total, within
from services.insights.periods import Period
from services.insights.robust import distance, surprise

_FEWEST_PERIODS = 5
_FEWEST_PAYMENTS = 4
_FAR = 4.0
_LEAST_SPREAD = 0.15
"""Of the median: what hardly ever differs must not look far away at once."""
_MATERIAL = 0.03
"""Of a typical month: a smaller difference is true, and nobody minds."""


@dataclass(frozen=True)
class Window:
    """One period's payments of whatever is compared."""

    period: Period
    payments: Sequence[Payment]

    @property
    def total(self) -> int:
        """Minor units."""
        return total(self.payments)


@dataclass(frozen=True)
class Comparison:
    """Now against an earlier period."""

    now: Window
    before: Window
    a_year_ago: bool
    far: float
    """In spreads; negative where it went down."""

    @property
    def difference(self) -> int:
        """Minor units."""
        return self.now.total - self.before.total


def by_month(ground: Ground, payments: Sequence[Payment]) -> Comparison | None:
    """This month so far against the same days of each month before it, as far as the ledger was kept."""
    if not ground.same_days:
        return None
    now, *earlier = (Window(period, within(payments, period)) for period in ground.same_days)
    return compare(ground, now, earlier, earlier[HISTORY - 1] if len(earlier) == HISTORY else None)


def compare(ground: Ground, now: Window, earlier: Sequence[Window], year_ago: Window | None) -> Comparison | None:
    """What is worth telling of a change; `earlier` holds the latest period first, the season's among them or not."""
    usual = median([len(window.payments) for window in earlier]) if earlier else 0
    if len(earlier) < _FEWEST_PERIODS or max(len(now.payments), usual) < _FEWEST_PAYMENTS:
        return None
    far = _far(now, earlier, lambda window: window.total)
    of_habits = _far(now, earlier, lambda window: _habits(ground, window))
    if min(abs(far), abs(of_habits)) < _FAR or far * of_habits < 0:
        return None
    fair = [Comparison(now, earlier[0], a_year_ago=False, far=far)]
    if year_ago:
        fair.append(Comparison(now, year_ago, a_year_ago=True, far=far))
    chosen = min(fair, key=lambda comparison: comparison.difference * far)
    return chosen if chosen.difference * far > 0 and _is_material(ground, chosen) else None


def _far(now: Window, earlier: Sequence[Window], measure: Callable[[Window], int]) -> float:
    """0 where an earlier period was as far."""
    values, value = [measure(window) for window in earlier], measure(now)
    if min(values) <= value <= max(values):
        return 0.0
    return distance(value, values, max(1.0, _LEAST_SPREAD * abs(median(values))))


def _habits(ground: Ground, window: Window) -> int:
    own = [payment.minor for payment in window.payments if payment.id not in ground.charged]
    return sum(own) - max(own, default=0)


def _is_material(ground: Ground, comparison: Comparison) -> bool:
    """Whether it matters, and habits make up half of it: not where a bill fell into one period and not the other."""
    difference = comparison.difference
    of_habits = _habits(ground, comparison.now) - _habits(ground, comparison.before)
    return abs(difference) >= _MATERIAL * ground.typical_month and 2 * of_habits / difference >= 1


def fact_of(
    ground: Ground,
    comparison: Comparison,
    kind: Kind,
    subject: str,
    evidence: Callable[[Period], Evidence],
    name: Slot,
) -> Fact:
    """The fact; `subject` tells it from others of its kind, `evidence` lists the payments of a period."""
    currency = ground.currency
    now, before = evidence(comparison.now.period), evidence(comparison.before.period)
    spent, spent_before = (from_minor(window.total, currency) for window in (comparison.now, comparison.before))
    earlier = "before_year" if comparison.a_year_ago else "before"
    slots = {
        VALUE: Slot(from_minor(comparison.difference, currency), Form.SIZE, currency, now, Proof.BASIS),
        "name": name,
        "now": Slot(spent, Form.AMOUNT, currency, now, templates_only=True),
        earlier: Slot(spent_before, Form.AMOUNT, currency, before, templates_only=True),
        "until": Slot(comparison.now.period.until.isoformat(), Form.DAY, templates_only=True),
        "then": Slot(comparison.before.period.since.isoformat(), Form.MONTH, templates_only=True),
    }
    return Fact(
        id=f"{kind}:{subject}:{ground.today:%Y-%m}",
        kind=kind,
        period=comparison.now.period,
        direction=Direction.of(comparison.difference),
        evidence=now,
        revision=ground.revision,
        slots=slots,
        subject=subject,
        money=abs(comparison.difference),
        surprise=surprise(comparison.far),
    )
