"""Sentences for facts about payments and months: for each kind, the fullest one first."""

from collections.abc import Mapping

from services.insights.insights.facts.fact import Direction, FactKind

Key = tuple[FactKind, Direction]

_UP, _DOWN, _NONE = Direction.UP, Direction.DOWN, Direction.NONE

ENGLISH: Mapping[Key, tuple[str, ...]] = {
    (FactKind.CATEGORY_CHANGE, _UP): (
        "{name}: {now} up to {until}, {value} more than in the same days of {then} ({before}).",
        "{name}: {now} up to {until}, {value} more than in the same days a year ago ({before_year}).",
    ),
    (FactKind.CATEGORY_CHANGE, _DOWN): (
        "{name}: {now} up to {until}, {value} less than in the same days of {then} ({before}).",
        "{name}: {now} up to {until}, {value} less than in the same days a year ago ({before_year}).",
    ),
    (FactKind.MERCHANT_CHANGE, _UP): (
        "{name} got {now} up to {until}: {value} more than in the same days of {then} ({before}).",
        "{name} got {now} up to {until}: {value} more than in the same days a year ago ({before_year}).",
    ),
    (FactKind.MERCHANT_CHANGE, _DOWN): (
        "{name} got {now} up to {until}: {value} less than in the same days of {then} ({before}).",
        "{name} got {now} up to {until}: {value} less than in the same days a year ago ({before_year}).",
    ),
    (FactKind.WEEKDAY_CHANGE, _UP): (
        "{name} got more expensive: {now} in the last four weeks, {value} more than in the four before ({before}).",
        (
            "{name} got more expensive: {now} in the last four weeks, {value} more than in those of a year ago "
            "({before_year})."
        ),
    ),
    (FactKind.WEEKDAY_CHANGE, _DOWN): (
        "{name} grew quiet: {now} in the last four weeks, {value} less than in the four before ({before}).",
        "{name} grew quiet: {now} in the last four weeks, {value} less than in those of a year ago ({before_year}).",
    ),
    (FactKind.UNUSUAL, _NONE): (
        "{value} at {merchant} on {day} is unusual: a typical payment there is {typical_there}.",
        "{value} at {merchant} on {day} is unusual: a typical payment for {category} is {typical}.",
        "{value} on {day} is unusual: a typical payment for {category} is {typical}.",
    ),
    (FactKind.DUPLICATE, _NONE): ("{merchant} was paid {value} on {day}, {times} times. Was it charged twice?",),
    (FactKind.NEW_MERCHANT, _NONE): (
        "{merchant} is new to your book: {value} in {times} payments since {day}.",
        "{merchant} is new to your book: {value} on {day}.",
    ),
    (FactKind.RECURRING, _NONE): (
        "{merchant} keeps coming back: {value} the last time, on {day}; that makes {yearly} a year.",
    ),
    (FactKind.PRICE_RISE, _UP): (
        "{merchant} costs {value} more: {now} since {day}, {before} until then. Over a year that makes {yearly}.",
    ),
    (FactKind.STOPPED, _NONE): (
        "{merchant} seems to have stopped: nothing since {value} on {day}, where it was expected around {due}.",
    ),
    (FactKind.UPCOMING, _NONE): ("{merchant} is expected around {due}: it was {value} the last time, on {day}.",),
    (FactKind.LOWEST_MONTH, _DOWN): (
        "{month} was a light month: {value}. The lightest of the {months} before it was {lowest_month}, at {lowest}.",
    ),
    (FactKind.STREAK, _DOWN): (
        "{months} months in a row got lighter: from {first} in {first_month} to {value} in {month}.",
    ),
}

GERMAN: Mapping[Key, tuple[str, ...]] = {
    (FactKind.CATEGORY_CHANGE, _UP): (
        "{name}: {now} bis zum {until}, {value} mehr als an denselben Tagen im {then} ({before}).",
        "{name}: {now} bis zum {until}, {value} mehr als an diesen Tagen vor einem Jahr ({before_year}).",
    ),
    (FactKind.CATEGORY_CHANGE, _DOWN): (
        "{name}: {now} bis zum {until}, {value} weniger als an denselben Tagen im {then} ({before}).",
        "{name}: {now} bis zum {until}, {value} weniger als an diesen Tagen vor einem Jahr ({before_year}).",
    ),
    (FactKind.MERCHANT_CHANGE, _UP): (
        "An {name} gingen {now} bis zum {until}: {value} mehr als an denselben Tagen im {then} ({before}).",
        "An {name} gingen {now} bis zum {until}: {value} mehr als an diesen Tagen vor einem Jahr ({before_year}).",
    ),
    (FactKind.MERCHANT_CHANGE, _DOWN): (
        "An {name} gingen {now} bis zum {until}: {value} weniger als an denselben Tagen im {then} ({before}).",
        "An {name} gingen {now} bis zum {until}: {value} weniger als an diesen Tagen vor einem Jahr ({before_year}).",
    ),
    (FactKind.WEEKDAY_CHANGE, _UP): (
        "Der {name} wurde teurer: {now} in vier Wochen, {value} mehr als davor ({before}).",
        "Der {name} wurde teurer: {now} in vier Wochen, {value} mehr als vor einem Jahr ({before_year}).",
    ),
    (FactKind.WEEKDAY_CHANGE, _DOWN): (
        "Der {name} wurde ruhiger: {now} in vier Wochen, {value} weniger als davor ({before}).",
        "Der {name} wurde ruhiger: {now} in vier Wochen, {value} weniger als vor einem Jahr ({before_year}).",
    ),
    (FactKind.UNUSUAL, _NONE): (
        "{value} bei {merchant} am {day} ist ungewöhnlich: Eine typische Zahlung dort ist {typical_there}.",
        "{value} bei {merchant} am {day} ist ungewöhnlich: Eine typische Zahlung für {category} ist {typical}.",
        "{value} am {day} ist ungewöhnlich: Eine typische Zahlung für {category} ist {typical}.",
    ),
    (FactKind.DUPLICATE, _NONE): (
        "An {merchant} gingen am {day} {value}, und zwar {times}-mal. Wurde doppelt abgebucht?",
    ),
    (FactKind.NEW_MERCHANT, _NONE): (
        "{merchant} ist neu in deinem Buch: {value} in {times} Zahlungen seit dem {day}.",
        "{merchant} ist neu in deinem Buch: {value} am {day}.",
    ),
    (FactKind.RECURRING, _NONE): (
        "{merchant} kehrt immer wieder: zuletzt mit {value} am {day}; das macht {yearly} im Jahr.",
    ),
    (FactKind.PRICE_RISE, _UP): (
        "{merchant} kostet {value} mehr: {now} seit dem {day}, davor {before}. Aufs Jahr macht das {yearly}.",
    ),
    (FactKind.STOPPED, _NONE): (
        "{merchant} scheint aufgehört zu haben: nichts seit {value} am {day}, wo um den {due} etwas zu erwarten war.",
    ),
    (FactKind.UPCOMING, _NONE): ("{merchant} ist um den {due} zu erwarten: Zuletzt waren es {value}, am {day}.",),
    (FactKind.LOWEST_MONTH, _DOWN): (
        "Der {month} war leicht: {value}. Der leichteste von {months} davor, der {lowest_month}, kam auf {lowest}.",
    ),
    (FactKind.STREAK, _DOWN): (
        "{months} Monate in Folge wurden leichter: von {first} im {first_month} auf {value} im {month}.",
    ),
}
