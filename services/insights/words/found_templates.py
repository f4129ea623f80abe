"""The sentences for what is found in single payments and in months: for each kind, the fullest one first."""

from collections.abc import Mapping

from services.insights.facts.fact import Direction, Kind

Key = tuple[Kind, Direction]

_UP, _DOWN, _NONE = Direction.UP, Direction.DOWN, Direction.NONE

ENGLISH: Mapping[Key, tuple[str, ...]] = {
    (Kind.CATEGORY_CHANGE, _UP): (
        "{name}: {now} up to {until}, {value} more than in the same days of {then} ({before}).",
        "{name}: {now} up to {until}, {value} more than in the same days a year ago ({before_year}).",
    ),
    (Kind.CATEGORY_CHANGE, _DOWN): (
        "{name}: {now} up to {until}, {value} less than in the same days of {then} ({before}).",
        "{name}: {now} up to {until}, {value} less than in the same days a year ago ({before_year}).",
    ),
    (Kind.MERCHANT_CHANGE, _UP): (
        "{name} got {now} up to {until}: {value} more than in the same days of {then} ({before}).",
        "{name} got {now} up to {until}: {value} more than in the same days a year ago ({before_year}).",
    ),
    (Kind.MERCHANT_CHANGE, _DOWN): (
        "{name} got {now} up to {until}: {value} less than in the same days of {then} ({before}).",
        "{name} got {now} up to {until}: {value} less than in the same days a year ago ({before_year}).",
    ),
    (Kind.WEEKDAY_CHANGE, _UP): (
        "{name} grew dear: {now} in the last four weeks, {value} more than in the four before ({before}).",
        "{name} grew dear: {now} in the last four weeks, {value} more than in those of a year ago ({before_year}).",
    ),
    (Kind.WEEKDAY_CHANGE, _DOWN): (
        "{name} grew quiet: {now} in the last four weeks, {value} less than in the four before ({before}).",
        "{name} grew quiet: {now} in the last four weeks, {value} less than in those of a year ago ({before_year}).",
    ),
    (Kind.UNUSUAL, _NONE): (
        "{value} at {merchant} on {day} is unusual: a typical payment there is {typical_there}.",
        "{value} at {merchant} on {day} is unusual: a typical payment for {category} is {typical}.",
        "{value} on {day} is unusual: a typical payment for {category} is {typical}.",
    ),
    (Kind.DUPLICATE, _NONE): ("{merchant} was paid {value} on {day}, {times} times. Was it charged twice?",),
    (Kind.NEW_MERCHANT, _NONE): (
        "{merchant} is new to your book: {value} in {times} payments since {day}.",
        "{merchant} is new to your book: {value} on {day}.",
    ),
    (Kind.RECURRING, _NONE): (
        "{merchant} keeps coming back: {value} the last time, on {day}; that makes {yearly} a year.",
    ),
    (Kind.PRICE_RISE, _UP): (
        "{merchant} costs {value} more: {now} since {day}, {before} until then. Over a year that makes {yearly}.",
    ),
    (Kind.STOPPED, _NONE): (
        "{merchant} seems to have stopped: nothing since {value} on {day}, where it was expected around {due}.",
    ),
    (Kind.UPCOMING, _NONE): ("{merchant} is expected around {due}: it was {value} the last time, on {day}.",),
    (Kind.LOWEST_MONTH, _DOWN): (
        "{month} was a light month: {value}. The lightest of the {months} before it was {lowest_month}, at {lowest}.",
    ),
    (Kind.STREAK, _DOWN): (
        "{months} months in a row got lighter: from {first} in {first_month} to {value} in {month}.",
    ),
}
