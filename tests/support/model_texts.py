"""What the test server's model writes about a fact that it was told, well or badly."""

from typing import Any

Told = dict[str, Any]
"""A fact as it stands in the request: `fact`, `kind`, `direction`, `slots`."""


def right(fact: Told) -> str:
    name = fact["fact"]
    if fact["kind"] == "largest_category":
        return f"The largest part went to {{{name}.category}}, with {{{name}}} so far in {{{name}.month}}."
    if fact["kind"] == "pace":
        return f"If it goes on like this, the month ends at {{{name}}}."
    way = {"up": "more than", "down": "less than"}.get(fact["direction"])
    if way is None:
        return f"A steady month, {{{name}}} apart."
    return f"You spent {{{name}}} {way} in the same days of {{{name}.previous}}."


def digits(fact: Told) -> str:
    return f"You spent 123.45 in all, {{{fact['fact']}}} of it here."


def number_words(fact: Told) -> str:
    return f"You spent twelve hundred in all, {{{fact['fact']}}} of it here."


def contradicting(fact: Told) -> str:
    way = {"up": "less", "down": "more"}.get(fact["direction"], "more")
    return f"You spent {{{fact['fact']}}} {way} than before."


def unknown_slots(fact: Told) -> str:
    return f"Of {{{fact['fact']}.budget}} you used {{{fact['fact']}}}, and {{f9}} is left."


def links(fact: Told) -> str:
    return f"[{{{fact['fact']}}}](https://evil.example/?q=x) is a lot, see www.evil.example"


def html(fact: Told) -> str:
    return f"<b>{{{fact['fact']}}}</b><script>alert()</script>"


def german(fact: Told) -> str:
    return f"Das sind {{{fact['fact']}}}, also rund zwanzig mal so viel."
