"""Names that people gave to categories and merchants, and how what they ask about is found among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from contracts.text import fold

LONGEST = 200
MOST_CANDIDATES = 5


class Target(NamedTuple):
    """A category or a merchant in all its spellings, which are the same name."""

    name: str
    categories: tuple[UUID, ...] = ()
    """Several where a ledger has two of one name, from before they were taken for the same."""
    spellings: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """How `GET /api/v1/expenses` is asked for it."""
        if not self.categories:
            return {"merchant": self.name}
        return {"category": str(self.categories[0]) if len(self.categories) == 1 else self.name}


@dataclass(frozen=True)
class Names:
    """All names of a ledger."""

    categories: Mapping[UUID, str]
    merchants: Sequence[str]
    """Each spelling once."""

    def find(self, asked: str) -> list[Target]:
        """What is meant: one, several to choose from, or none. Categories go before merchants."""
        wanted = fold(asked)
        for candidates in (self._categories(), self.by_merchant()):
            for form in _forms(wanted):
                if form in candidates:
                    return [candidates[form]]
        for candidates in (self._categories(), self.by_merchant()):
            parts = wanted.split()
            near = [target for name, target in candidates.items() if _holds(name, parts)]
            if near:
                return near[:MOST_CANDIDATES]
        return []

    def _categories(self) -> dict[str, Target]:
        found: dict[str, Target] = {}
        for id_, name in sorted(self.categories.items()):
            same = found.get(fold(name), Target(name))
            found[fold(name)] = same._replace(categories=(*same.categories, id_))
        return found

    def by_merchant(self) -> dict[str, Target]:
        """Merchants by their folded names."""
        spellings: dict[str, list[str]] = {}
        for merchant in sorted(self.merchants):
            spellings.setdefault(fold(merchant), []).append(merchant)
        return {name: Target(found[0], spellings=tuple(found)) for name, found in spellings.items()}


def _forms(name: str) -> list[str]:
    """The name as it was asked for, and with another ending: "coffees" for "Coffee"."""
    return [name, name.removesuffix("s"), name.removesuffix("es"), f"{name}s"]


def _holds(name: str, parts: Sequence[str]) -> bool:
    words = name.split()
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)
