"""The sentences of answers, in the user's language. Numbers, days and names are slots, which code fills."""

from collections.abc import Mapping
from enum import StrEnum


class Template(StrEnum):
    """The sentences that an answer consists of."""

    SPENT = "spent"
    SPENT_ON = "spent_on"
    COUNTED = "counted"
    COUNTED_ON = "counted_on"
    NOTHING = "nothing"
    NOTHING_ON = "nothing_on"
    BESIDES = "besides"
    TOP_CATEGORIES = "top_categories"
    TOP_MERCHANTS = "top_merchants"
    ROW = "row"
    MORE = "more"
    MORE_ON = "more_on"
    LESS = "less"
    LESS_ON = "less_on"
    SAME = "same"
    SAME_ON = "same_on"
    GREW_CATEGORIES = "grew_categories"
    GREW_MERCHANTS = "grew_merchants"
    GREW_ROW = "grew_row"
    GREW_NEW = "grew_new"
    GREW_NONE = "grew_none"
    NO_BEFORE = "no_before"
    UNKNOWN = "unknown"
    WHICH = "which"
    CANNOT = "cannot"


ENGLISH: Mapping[Template, str] = {
    Template.SPENT: "From {since} to {until} you spent {value}, in {count}.",
    Template.SPENT_ON: "From {since} to {until} you spent {value} on {about}, in {count}.",
    Template.COUNTED: "From {since} to {until}: {count}, {value} together.",
    Template.COUNTED_ON: "From {since} to {until}: {count} for {about}, {value} together.",
    Template.NOTHING: "From {since} to {until} nothing is written down.",
    Template.NOTHING_ON: "From {since} to {until} nothing is written down for {about}.",
    Template.BESIDES: "Besides that it was {value}: currencies are never added up.",
    Template.TOP_CATEGORIES: "Where most of it went from {since} to {until}:",
    Template.TOP_MERCHANTS: "Who got most of it from {since} to {until}:",
    Template.ROW: "{name}: {value}, in {count}.",
    Template.MORE: "{value} from {since} to {until}, {before} from {earlier} to {then}: {difference} more.",
    Template.MORE_ON: "{about}: {value} from {since} to {until}, {before} from {earlier} to {then}: {difference} more.",
    Template.LESS: "{value} from {since} to {until}, {before} from {earlier} to {then}: {difference} less.",
    Template.LESS_ON: "{about}: {value} from {since} to {until}, {before} from {earlier} to {then}: {difference} less.",
    Template.SAME: "{value} from {since} to {until}, and {before} from {earlier} to {then}: the same.",
    Template.SAME_ON: "{about}: {value} from {since} to {until}, and {before} from {earlier} to {then}: the same.",
    Template.GREW_CATEGORIES: "What grew most from {since} to {until}, against {earlier} to {then}:",
    Template.GREW_MERCHANTS: "Who got more from {since} to {until} than from {earlier} to {then}:",
    Template.GREW_ROW: "{name}: {difference} more, {value} after {before}.",
    Template.GREW_NEW: "{name}: {value}, after nothing.",
    Template.GREW_NONE: "Nothing grew from {since} to {until}, against {earlier} to {then}.",
    Template.NO_BEFORE: "From {earlier} to {then} nothing is written down, so there is nothing to hold it against.",
    Template.UNKNOWN: "There is no category or merchant called “{about}” here.",
    Template.WHICH: "Which one do you mean? {names}",
    Template.CANNOT: "That is not a question that can be answered from the figures here. What can be: {names}",
}

GERMAN: Mapping[Template, str] = {
    Template.SPENT: "Vom {since} bis {until} hast du {value} ausgegeben, in {count}.",
    Template.SPENT_ON: "Vom {since} bis {until} hast du {value} für {about} ausgegeben, in {count}.",
    Template.COUNTED: "Vom {since} bis {until}: {count}, zusammen {value}.",
    Template.COUNTED_ON: "Vom {since} bis {until}: {count} für {about}, zusammen {value}.",
    Template.NOTHING: "Vom {since} bis {until} ist nichts eingetragen.",
    Template.NOTHING_ON: "Vom {since} bis {until} ist für {about} nichts eingetragen.",
    Template.BESIDES: "Daneben waren es {value}: Währungen werden nie zusammengezählt.",
    Template.TOP_CATEGORIES: "Wohin vom {since} bis {until} das meiste ging:",
    Template.TOP_MERCHANTS: "Wer vom {since} bis {until} das meiste bekam:",
    Template.ROW: "{name}: {value}, in {count}.",
    Template.MORE: "{value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} mehr.",
    Template.MORE_ON: "{about}: {value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} mehr.",
    Template.LESS: "{value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} weniger.",
    Template.LESS_ON: (
        "{about}: {value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} weniger."
    ),
    Template.SAME: "{value} vom {since} bis {until} und {before} vom {earlier} bis {then}: gleich viel.",
    Template.SAME_ON: "{about}: {value} vom {since} bis {until} und {before} vom {earlier} bis {then}: gleich viel.",
    Template.GREW_CATEGORIES: (
        "Was vom {since} bis {until} am meisten wuchs, gegenüber der Zeit vom {earlier} bis {then}:"
    ),
    Template.GREW_MERCHANTS: "Wer vom {since} bis {until} mehr bekam als vom {earlier} bis {then}:",
    Template.GREW_ROW: "{name}: {difference} mehr, {value} nach {before}.",
    Template.GREW_NEW: "{name}: {value}, nach nichts.",
    Template.GREW_NONE: "Vom {since} bis {until} ist gegenüber der Zeit vom {earlier} bis {then} nichts gewachsen.",
    Template.NO_BEFORE: "Vom {earlier} bis {then} ist nichts eingetragen, also gibt es nichts zum Vergleichen.",
    Template.UNKNOWN: "Eine Kategorie oder einen Händler namens „{about}“ gibt es hier nicht.",
    Template.WHICH: "Was davon ist gemeint? {names}",
    Template.CANNOT: "Das lässt sich aus den Zahlen hier nicht beantworten. Was geht: {names}",
}

LANGUAGES: Mapping[str, Mapping[Template, str]] = {"en": ENGLISH, "de": GERMAN}
"""By language code. Other languages use English sentences, with numbers and days as in their locale."""

PAYMENTS: Mapping[str, tuple[str, str]] = {"en": ("payment", "payments"), "de": ("Zahlung", "Zahlungen")}
"""Singular and plural of the counted noun."""
