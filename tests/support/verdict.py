"""What the verifier makes of a model's words."""

from services.insights.insights.facts.fact import Fact
from services.insights.insights.wording.verifier import UnfitTextError, check
from tests.support.facts import LARGEST


def passes(text: str, fact: Fact = LARGEST) -> bool:
    """Whether they may be shown."""
    try:
        check(text, "f1", fact)
    except UnfitTextError:
        return False
    return True
