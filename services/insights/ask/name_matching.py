"""Finds categories and merchants by the name in a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.ids import CategoryId
from contracts.text import fold

MAX_NAME_LENGTH = 200
MAX_CANDIDATES = 5


class MatchedName(NamedTuple):
    """A category or a merchant, with all spellings that compare as equal."""

    name: str
    categories: tuple[CategoryId, ...] = ()
    """Several if a ledger has two categories whose names compare as equal."""
    spellings: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """The query of `GET /api/v1/expenses` for it."""
        if not self.categories:
            return {"merchant": self.name}
        return {"category": str(self.categories[0]) if len(self.categories) == 1 else self.name}


@dataclass(frozen=True)
class NameIndex:
    """The names of all categories and merchants of a ledger."""

    categories: Mapping[CategoryId, str]
    merchants: Sequence[str]
    """Each spelling once."""

    def find(self, name: str) -> list[MatchedName]:
        """Returns the matches: one, several to choose from, or none. Categories take precedence over merchants."""
        folded = fold(name)
        for candidates in (self._categories(), self.by_merchant()):
            for form in _forms(folded):
                if form in candidates:
                    return [candidates[form]]
        for candidates in (self._categories(), self.by_merchant()):
            words = folded.split()
            near = [match for key, match in candidates.items() if _contains_words(key, words)]
            if near:
                return near[:MAX_CANDIDATES]
        return []

    def _categories(self) -> dict[str, MatchedName]:
        matches: dict[str, MatchedName] = {}
        for id_, name in sorted(self.categories.items()):
            same = matches.get(fold(name), MatchedName(name))
            matches[fold(name)] = same._replace(categories=(*same.categories, id_))
        return matches

    def by_merchant(self) -> dict[str, MatchedName]:
        """Returns the merchants by their folded names."""
        spellings: dict[str, list[str]] = {}
        for merchant in sorted(self.merchants):
            spellings.setdefault(fold(merchant), []).append(merchant)
        return {key: MatchedName(names[0], spellings=tuple(names)) for key, names in spellings.items()}


def _forms(name: str) -> list[str]:
    """Returns the name with other endings: "coffees" finds "Coffee"."""
    return [name, name.removesuffix("s"), name.removesuffix("es"), f"{name}s"]


def _contains_words(name: str, parts: Sequence[str]) -> bool:
    words = name.split()
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)
