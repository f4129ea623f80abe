"""All kinds of facts, in the order in which they are shown."""

from collections.abc import Callable

from services.insights.change import change
from services.insights.facts import Fact
from services.insights.ground import Ground
from services.insights.largest import largest_category
from services.insights.pace import pace

FINDERS: tuple[Callable[[Ground], list[Fact]], ...] = (
    largest_category,
    change,
    pace,
)


def find(ground: Ground) -> list[Fact]:
    """Everything worth knowing about a ledger on its own day."""
    return [fact for finder in FINDERS for fact in finder(ground)]
