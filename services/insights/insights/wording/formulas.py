"""How each kind of fact is computed, in words, with its source, for users who want to know.

The modules named as the kinds say the same more exactly.
"""

from collections.abc import Mapping

from babel import Locale

from services.insights.insights.facts.fact import Fact, FactKind

_FAIR = (
    "It is told where, without what comes back by itself and with large payments cut to three times the median, the "
    "sum is more than 3.5 spreads from the median of the earlier periods and beyond all of them (modified z-score: "
    "Iglewicz and Hoaglin, 1993), and where the same season of the year before does not explain it."
)
_SERIES = (
    "Payments to one merchant make a series where the days between them fit one rhythm, weekly to yearly, and the "
    "amounts are alike."
)

ENGLISH: Mapping[FactKind, str] = {
    FactKind.LARGEST_CATEGORY: (
        "The sum of the category's payments from the 1st to today, and its share: that sum divided by the sum of all "
        "payments of these days."
    ),
    FactKind.CHANGE: (
        "The sum from the 1st to today minus the sum of the same days of the month before; the percentage is that "
        "difference divided by the earlier sum."
    ),
    FactKind.PACE: (
        "What is spent so far, plus the median of what as many last days brought in each earlier month; the range goes "
        "from the least to the most of them. With fewer than three such months, the days so far stand for those left."
    ),
    FactKind.CATEGORY_CHANGE: (
        "The sum of the category's payments this month so far minus that of the same days of that month. " + _FAIR
    ),
    FactKind.MERCHANT_CHANGE: (
        "The sum paid to the merchant this month so far minus that of the same days of that month. " + _FAIR
    ),
    FactKind.WEEKDAY_CHANGE: (
        "The sum of this weekday's payments in four weeks minus that of four earlier weeks. " + _FAIR
    ),
    FactKind.UNUSUAL: (
        "The payment against the median of earlier ones there, or of its category where there are fewer than twenty: "
        "more than 3.5 spreads above it on a logarithmic scale (modified z-score: Iglewicz and Hoaglin, 1993), at "
        "least twice the median, and more than any of them in the year before."
    ),
    FactKind.DUPLICATE: (
        "Payments of the same amount to the same merchant on the same day, where no such pair was seen before, and "
        "which either come back by themselves or are above the median of all payments and of an amount not paid there "
        "before."
    ),
    FactKind.NEW_MERCHANT: (
        "The sum of all payments to a merchant who was not paid in the 25 months before; told where one of them is "
        "larger than four out of five of all payments."
    ),
    FactKind.RECURRING: (
        _SERIES + " A year costs the last charge times the charges in it; where the amounts differ, their mean over "
        "the last year times as many."
    ),
    FactKind.PRICE_RISE: (
        _SERIES + " The rise is the first charge at the new price minus the last one at the old, and that times the "
        "charges of a year."
    ),
    FactKind.STOPPED: _SERIES + " It has stopped where the next one is overdue by twice the days that it ever varies.",
    FactKind.UPCOMING: _SERIES + " The next one is expected one step after the last, on its usual day of the month.",
    FactKind.LOWEST_MONTH: (
        "The sum of the last whole month, where it is below 95% of the lowest month before it, of up to twelve."
    ),
    FactKind.STREAK: "Whole months up to the last one, each of which came to less than 97% of the one before.",
}

_GERECHT = (
    " Erzählt wird es, wenn die Summe ohne das, was von selbst wiederkehrt, und mit großen Zahlungen gekappt beim "
    "Dreifachen des Medians, mehr als 3,5 Streuungen vom Median der früheren Zeiträume und jenseits von ihnen allen "
    "liegt (modifizierter z-Wert: Iglewicz und Hoaglin, 1993) und dieselbe Jahreszeit im Vorjahr es nicht erklärt."
)
_REIHE = (
    "Zahlungen an einen Händler bilden eine Reihe, wenn die Tage dazwischen zu einem Rhythmus passen, von wöchentlich "
    "bis jährlich, und die Beträge einander gleichen."
)

GERMAN: Mapping[FactKind, str] = {
    FactKind.LARGEST_CATEGORY: (
        "Die Summe der Zahlungen der Kategorie vom 1. bis heute, und ihr Anteil: diese Summe geteilt durch die Summe "
        "aller Zahlungen dieser Tage."
    ),
    FactKind.CHANGE: (
        "Die Summe vom 1. bis heute minus die Summe derselben Tage des Vormonats; der Prozentsatz ist dieser "
        "Unterschied geteilt durch die frühere Summe."
    ),
    FactKind.PACE: (
        "Was bisher ausgegeben ist, plus der Median dessen, was ebenso viele letzte Tage in jedem früheren Monat "
        "brachten; die Spanne reicht vom wenigsten bis zum meisten davon. Bei weniger als drei solchen Monaten stehen "
        "die Tage bisher für die, die noch kommen."
    ),
    FactKind.CATEGORY_CHANGE: (
        "Die Summe der Zahlungen der Kategorie in diesem Monat bisher minus die derselben Tage jenes Monats." + _GERECHT
    ),
    FactKind.MERCHANT_CHANGE: (
        "Was der Händler in diesem Monat bisher bekam, minus die Summe derselben Tage jenes Monats." + _GERECHT
    ),
    FactKind.WEEKDAY_CHANGE: (
        "Die Summe der Zahlungen dieses Wochentags in vier Wochen minus die von vier früheren Wochen." + _GERECHT
    ),
    FactKind.UNUSUAL: (
        "Die Zahlung gegen den Median der früheren dort, oder ihrer Kategorie, wo es weniger als zwanzig sind: auf "
        "logarithmischer Skala mehr als 3,5 Streuungen darüber (modifizierter z-Wert: Iglewicz und Hoaglin, 1993), "
        "mindestens das Doppelte des Medians, und mehr als jede von ihnen im Jahr davor."
    ),
    FactKind.DUPLICATE: (
        "Zahlungen desselben Betrags an denselben Händler am selben Tag, wo so ein Paar nie vorkam, und die entweder "
        "von selbst wiederkehren oder über dem Median aller Zahlungen liegen und einen dort neuen Betrag haben."
    ),
    FactKind.NEW_MERCHANT: (
        "Die Summe aller Zahlungen an einen Händler, der in den 25 Monaten davor nichts bekam; erzählt, wenn eine "
        "davon größer ist als vier von fünf aller Zahlungen."
    ),
    FactKind.RECURRING: (
        _REIHE + " Ein Jahr kostet die letzte Zahlung mal die Zahlungen darin; wo die Beträge verschieden sind, ihr "
        "Mittel über das letzte Jahr mal ebenso viele."
    ),
    FactKind.PRICE_RISE: (
        _REIHE + " Der Anstieg ist die erste Zahlung zum neuen Preis minus die letzte zum alten, und das mal die "
        "Zahlungen eines Jahres."
    ),
    FactKind.STOPPED: _REIHE + " Sie hat aufgehört, wenn die nächste doppelt so lange aussteht, wie sie je schwankt.",
    FactKind.UPCOMING: _REIHE
    + " Die nächste wird einen Schritt nach der letzten erwartet, am üblichen Tag des Monats.",
    FactKind.LOWEST_MONTH: (
        "Die Summe des letzten ganzen Monats, wenn sie unter 95 % des niedrigsten Monats davor liegt, von bis zu zwölf."
    ),
    FactKind.STREAK: "Ganze Monate bis zum letzten, von denen jeder weniger als 97 % dessen vor ihm kostete.",
}

LANGUAGES: Mapping[str, Mapping[FactKind, str]] = {"en": ENGLISH, "de": GERMAN}
"""By language code; English serves where a language is missing."""


def formula_for(fact: Fact, locale: Locale) -> str:
    """Returns the formula of the fact's kind, in the user's language or in English."""
    return LANGUAGES.get(locale.language, ENGLISH)[fact.kind]
