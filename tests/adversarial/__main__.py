"""Words many insights with a model that lies, and counts what people would see that the facts do not hold.

`python -m tests.adversarial [INSIGHTS [SEED]]`; 100,000 otherwise. Exit code 1 if there is anything.
"""

import sys
import time

from tests.adversarial.counting import UntruthCount, count_untruths

MANY = 100_000


def main(arguments: list[str]) -> int:
    many = int(arguments[0]) if arguments else MANY
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    started = time.perf_counter()
    found = count_untruths(many, seed)
    print(report(found, time.perf_counter() - started))
    return 1 if found.untrue else 0


def report(found: UntruthCount, seconds: float) -> str:
    lines = [
        f"{found.insights:,} insights worded in {seconds:.0f} s, {found.texts:,} texts from a model that lies",
        f"{found.by_model:,} shown in its words, {found.insights - found.by_model:,} in ours",
        f"{found.numbers:,} numbers shown, {len(found.untrue):,} that the facts do not hold",
    ]
    return "\n".join(lines + [f"  {text}" for text in found.untrue[:20]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
