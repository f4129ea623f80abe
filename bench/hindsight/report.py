"""Prints what became of what was told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import mean, median

from bench.hindsight.forecasts import BASELINES, DAYS, ForecastCase
from bench.hindsight.walk import KindOutcome, WalkResult
from services.insights.insights.facts.fact import FactKind

FEWEST = 20
"""Fewer tellings than this say too little about a kind."""
_Z = 1.96


def interval(right: int, count: int) -> tuple[float, float]:
    """Returns the 95 % interval of a fraction (Wilson, 1927)."""
    part = right / count
    middle = part + _Z**2 / (2 * count)
    reach = _Z * sqrt(part * (1 - part) / count + _Z**2 / (4 * count**2))
    return (middle - reach) / (1 + _Z**2 / count), (middle + reach) / (1 + _Z**2 / count)


def print_kinds(results: Sequence[WalkResult], *, examples: int) -> None:
    """Prints a line for each kind, pooled over ledgers; and examples of what was false or missed."""
    columns = ("told", "true", "false", "open", "precision", "95 %", "plain", "told", "found", "recall")
    print(f"{'kind':17}" + "".join(f"{column:>11}" for column in columns))
    for kind in FactKind:
        outcomes = [result.kinds[kind] for result in results]
        verdicts = sum((outcome.verdicts for outcome in outcomes), Counter())
        right, wrong = verdicts[True], verdicts[False]
        plain = sum(outcome.plain for outcome in outcomes)
        told = sum(outcome.plain_told for outcome in outcomes)
        cells = (
            *(verdicts.total(), right, wrong, verdicts[None], *_precision(right, right + wrong)),
            *(plain, told, sum(outcome.plain_found for outcome in outcomes), _part(told, plain)),
        )
        print(f"{kind:17}" + "".join(f"{cell:>11}" for cell in cells))
        for title, lines in (("false", _all(o.false for o in outcomes)), ("missed", _all(o.missed for o in outcomes))):
            print(
                *(f"    {title}: {line}" for line in _spread(lines, examples)),
                sep="\n",
                end="\n" if lines and examples else "",
            )
    _print_costs([result.kinds[FactKind.RECURRING] for result in results])


def _precision(right: int, count: int) -> tuple[str, str]:
    if not count:
        return "-", ""
    low, high = interval(right, count)
    few = " (few)" if count < FEWEST else ""
    return f"{right / count:.0%}{few}", f"{low:.0%}-{high:.0%}"


def _print_costs(outcomes: Iterable[KindOutcome]) -> None:
    costs = sum((outcome.costs for outcome in outcomes), Counter())
    print(
        f"cost of a year within 10 %: {_part(costs[True], costs[True] + costs[False])} of {costs[True] + costs[False]}"
    )


def print_forecasts(result: WalkResult) -> None:
    """Prints the median error of each forecast, over all days and for each day, and how often the range held."""
    cases = result.forecasts
    if not cases:
        print(f"{result.ledger.name}: no forecasts")
        return
    rules = ("told", *BASELINES)
    print(f"{result.ledger.name}: {len(cases)} forecasts; median error in %")
    print(f"  {'day':>6}" + "".join(f"{rule:>15}" for rule in rules) + f"{'best one':>12}")
    print(_line("all", cases))
    for day in DAYS:
        print(_line(str(day), [case for case in cases if case.day == day]))
    ranges = [case for case in cases if case.covered is not None]
    if ranges:
        held, nominal = sum(bool(case.covered) for case in ranges), mean(case.nominal for case in ranges)
        print(f"  ranges held {_part(held, len(ranges))} of {len(ranges)}; nominal {nominal:.0%}")


def _line(name: str, cases: Sequence[ForecastCase]) -> str:
    errors = {rule: median(case.errors[rule] for case in cases) for rule in ("told", *BASELINES)}
    best = min(errors[rule] for rule in BASELINES)
    ratio = f"{errors['told'] / best:.2f}" if best else "-"
    return f"  {name:>6}" + "".join(f"{100 * error:>15.1f}" for error in errors.values()) + f"{ratio:>12}"


def print_pages(results: Sequence[WalkResult], *, examples: int) -> None:
    """Prints how many pages there were, those that say too little, and those that contradict themselves."""
    short = sum(len(result.short_pages) for result in results)
    against = _all(result.contradictions for result in results)
    pages = sum(result.pages for result in results)
    print(f"{pages} pages; {short} with fewer than three items; {len(against)} contradictions")
    for line in _spread(against, examples):
        print(f"    {line}")


def _part(some: int, count: int) -> str:
    return f"{some / count:.0%}" if count else "-"


def _all(lists: Iterable[list[str]]) -> list[str]:
    return [line for lines in lists for line in lines]


def _spread(lines: Sequence[str], most: int) -> Sequence[str]:
    """Returns some of the lines, evenly chosen."""
    step = max(1, -(-len(lines) // most)) if most else len(lines) + 1
    return lines[::step] if most else ()
