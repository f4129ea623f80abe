"""The list of all finders, one for each kind of fact."""

from collections.abc import Callable

from services.insights.insights.facts.fact import Fact
from services.insights.insights.facts.kinds.category_change import category_change
from services.insights.insights.facts.kinds.change import change
from services.insights.insights.facts.kinds.duplicate import duplicate
from services.insights.insights.facts.kinds.largest import largest_category
from services.insights.insights.facts.kinds.lowest_month import lowest_month
from services.insights.insights.facts.kinds.merchant_change import merchant_change
from services.insights.insights.facts.kinds.new_merchant import new_merchant
from services.insights.insights.facts.kinds.pace import pace
from services.insights.insights.facts.kinds.price_rise import price_rise
from services.insights.insights.facts.kinds.recurring import recurring
from services.insights.insights.facts.kinds.stopped import stopped
from services.insights.insights.facts.kinds.streak import streak
from services.insights.insights.facts.kinds.unusual import unusual
from services.insights.insights.facts.kinds.upcoming import upcoming
from services.insights.insights.facts.kinds.weekday_change import weekday_change
from services.insights.insights.facts.snapshot import FactSnapshot

FINDERS: tuple[Callable[[FactSnapshot], list[Fact]], ...] = (
    largest_category,
    change,
    pace,
    category_change,
    merchant_change,
    weekday_change,
    unusual,
    duplicate,
    new_merchant,
    recurring,
    price_rise,
    stopped,
    upcoming,
    lowest_month,
    streak,
)


def find_facts(snapshot: FactSnapshot) -> list[Fact]:
    """Returns all facts about a ledger on its current day."""
    return [fact for finder in FINDERS for fact in finder(snapshot)]
