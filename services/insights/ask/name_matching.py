"""Names that people gave to categories and merchants, and how what they ask about is found among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from contracts.text import fold

MAX_NAME_LENGTH = 200
MAX_CANDIDATES = 5


class MatchedName(NamedTuple):
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
class NameIndex:
    """All names of a ledger."""

    categories: Mapping[UUID, str]
    merchants: Sequence[str]
    """Each spelling once."""

    def find(self, asked: str) -> list[MatchedName]:
        """What is meant: one, several to choose from, or none. Categories go before merchants."""
        required = fold(asked)
        for candidates in (self._categories(), self.by_merchant()):
            for form in _forms(required):
                if form in candidates:
                    return [candidates[form]]
        for candidates in (self._categories(), self.by_merchant()):
            parts = required.split()
            near = [target for name, target in candidates.items() if _contains_words(name, parts)]
            if near:
                return near[:MAX_CANDIDATES]
        return []

    def _categories(self) -> dict[str, MatchedName]:
        found: dict[str, MatchedName] = {}
        for id_, name in sorted(self.categories.items()):
            same = found.get(fold(name), MatchedName(name))
            found[fold(name)] = same._replace(categories=(*same.categories, id_))
        return found

    def by_merchant(self) -> dict[str, MatchedName]:
        """Merchants by their folded names."""
        spellings: dict[str, list[str]] = {}
        for merchant in sorted(self.merchants):
            spellings.setdefault(fold(merchant), []).append(merchant)
        return {name: MatchedName(found[0], spellings=tuple(found)) for name, found in spellings.items()}


def _forms(name: str) -> list[str]:
    """The name as it was asked for, and with another ending: "coffees" for "Coffee"."""
    return [name, name.removesuffix("s"), name.removesuffix("es"), f"{name}s"]


def _contains_words(name: str, parts: Sequence[str]) -> bool:
    words = name.split()
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)
