"""All kinds of facts: every finder, and nothing else that finds."""

from collections.abc import Callable

from services.insights.category_change import category_change
from services.insights.change import change
from services.insights.duplicate import duplicate
from services.insights.facts import Fact
from services.insights.ground import Ground
from services.insights.largest import largest_category
from services.insights.lowest_month import lowest_month
from services.insights.merchant_change import merchant_change
from services.insights.new_merchant import new_merchant
from services.insights.pace import pace
from services.insights.price_rise import price_rise
from services.insights.recurring import recurring
from services.insights.stopped import stopped
from services.insights.streak import streak
from services.insights.unusual import unusual
from services.insights.upcoming import upcoming
from services.insights.weekday_change import weekday_change

FINDERS: tuple[Callable[[Ground], list[Fact]], ...] = (
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


def find(ground: Ground) -> list[Fact]:
    """Everything that is true and could be worth knowing about a ledger on its own day."""
    return [fact for finder in FINDERS for fact in finder(ground)]
