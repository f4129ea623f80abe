"""Types of ids, so that the type checker finds swapped ones. At run time each is a UUID."""

from typing import NewType
from uuid import UUID

LedgerId = NewType("LedgerId", UUID)
UserId = NewType("UserId", UUID)
"""The id of an account."""
ExpenseId = NewType("ExpenseId", UUID)
CategoryId = NewType("CategoryId", UUID)
ActionId = NewType("ActionId", UUID)
"""The id of what a user did, in all its entries."""
