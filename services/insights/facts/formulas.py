"""How each kind of fact is computed, in words, with the source of what it rests on: for whoever asks.

The modules named as the kinds say the same more exactly.
"""

from collections.abc import Mapping

from babel import Locale

from services.insights.facts.fact import Fact, Kind

_FAIR = (
    "It is told where, without what comes back by itself and with large payments cut to three times the median, the "
    "sum is more than 3.5 spreads from the median of the earlier periods and beyond all of them (modified z-score: "
    "Iglewicz and Hoaglin, 1993), and where the same season of the year before does not explain it."
)
_SERIES = (
    "Payments to one merchant make a series where the days between them fit one rhythm, weekly to yearly, and the "
    "amounts are alike."
)

ENGLISH: Mapping[Kind, str] = {
    Kind.LARGEST_CATEGORY: (
        "The sum of the category's payments from the 1st to today, and its share: that sum divided by the sum of all "
        "payments of these days."
    ),
    Kind.CHANGE: (
        "The sum from the 1st to today minus the sum of the same days of the month before; the percentage is that "
        "difference divided by the earlier sum."
    ),
    Kind.PACE: (
        "What is spent so far, plus the median of what as many last days brought in each earlier month; the range goes "
        "from the least to the most of them. With fewer than three such months, the days so far stand for those left."
    ),
    Kind.CATEGORY_CHANGE: (
        "The sum of the category's payments this month so far minus that of the same days of that month. " + _FAIR
    ),
    Kind.MERCHANT_CHANGE: (
        "The sum paid to the merchant this month so far minus that of the same days of that month. " + _FAIR
    ),
    Kind.WEEKDAY_CHANGE: (
        "The sum of this weekday's payments in four weeks minus that of four earlier weeks. " + _FAIR
    ),
    Kind.UNUSUAL: (
        "The payment against the median of earlier ones there, or of its category where there are fewer than twenty: "
        "more than 3.5 spreads above it on a logarithmic scale (modified z-score: Iglewicz and Hoaglin, 1993), at "
        "least twice the median, and more than any of them in the year before."
    ),
    Kind.DUPLICATE: (
        "Payments of the same amount to the same merchant on the same day, where no such pair was seen before, and "
        "which either come back by themselves or are above the median of all payments and of an amount not paid there "
        "before."
    ),
    Kind.NEW_MERCHANT: (
        "The sum of all payments to a merchant who was not paid in the 25 months before; told where one of them is "
        "larger than four out of five of all payments."
    ),
    Kind.RECURRING: (
        _SERIES + " A year costs the last charge times the charges in it; where the amounts differ, their mean over "
        "the last year times as many."
    ),
    Kind.PRICE_RISE: (
        _SERIES + " The rise is the first charge at the new price minus the last one at the old, and that times the "
        "charges of a year."
    ),
    Kind.STOPPED: _SERIES + " It has stopped where the next one is overdue by twice the days that it ever varies.",
    Kind.UPCOMING: _SERIES + " The next one is expected one step after the last, on its usual day of the month.",
    Kind.LOWEST_MONTH: (
        "The sum of the last whole month, where it is below 95% of the lowest month before it, of up to twelve."
    ),
    Kind.STREAK: "Whole months up to the last one, each of which came to less than 97% of the one before.",
}

LANGUAGES: Mapping[str, Mapping[Kind, str]] = {"en": ENGLISH}
"""By language code; English serves where a language is missing."""


def formula_for(fact: Fact, locale: Locale) -> str:
    """The formula of the fact's kind, in the person's language where it is known."""
    return LANGUAGES.get(locale.language, ENGLISH)[fact.kind]
