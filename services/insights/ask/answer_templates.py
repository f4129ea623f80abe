"""The sentences of answers, in the person's language. Slots hold every number, day and name; code fills them."""

from collections.abc import Mapping
from enum import StrEnum


class Say(StrEnum):
    """What is said."""

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


ENGLISH: Mapping[Say, str] = {
    Say.SPENT: "From {since} to {until} you spent {value}, in {count}.",
    Say.SPENT_ON: "From {since} to {until} you spent {value} on {about}, in {count}.",
    Say.COUNTED: "From {since} to {until}: {count}, {value} together.",
    Say.COUNTED_ON: "From {since} to {until}: {count} for {about}, {value} together.",
    Say.NOTHING: "From {since} to {until} nothing is written down.",
    Say.NOTHING_ON: "From {since} to {until} nothing is written down for {about}.",
    Say.BESIDES: "Besides that it was {value}: currencies are never added up.",
    Say.TOP_CATEGORIES: "Where most of it went from {since} to {until}:",
    Say.TOP_MERCHANTS: "Who got most of it from {since} to {until}:",
    Say.ROW: "{name}: {value}, in {count}.",
    Say.MORE: "{value} from {since} to {until}, {before} from {earlier} to {then}: {difference} more.",
    Say.MORE_ON: "{about}: {value} from {since} to {until}, {before} from {earlier} to {then}: {difference} more.",
    Say.LESS: "{value} from {since} to {until}, {before} from {earlier} to {then}: {difference} less.",
    Say.LESS_ON: "{about}: {value} from {since} to {until}, {before} from {earlier} to {then}: {difference} less.",
    Say.SAME: "{value} from {since} to {until}, and {before} from {earlier} to {then}: the same.",
    Say.SAME_ON: "{about}: {value} from {since} to {until}, and {before} from {earlier} to {then}: the same.",
    Say.GREW_CATEGORIES: "What grew most from {since} to {until}, against {earlier} to {then}:",
    Say.GREW_MERCHANTS: "Who got more from {since} to {until} than from {earlier} to {then}:",
    Say.GREW_ROW: "{name}: {difference} more, {value} after {before}.",
    Say.GREW_NEW: "{name}: {value}, after nothing.",
    Say.GREW_NONE: "Nothing grew from {since} to {until}, against {earlier} to {then}.",
    Say.NO_BEFORE: "From {earlier} to {then} nothing is written down, so there is nothing to hold it against.",
    Say.UNKNOWN: "There is no category or merchant called “{about}” here.",
    Say.WHICH: "Which one do you mean? {names}",
    Say.CANNOT: "That is not a question that can be answered from the figures here. What can be: {names}",
}

GERMAN: Mapping[Say, str] = {
    Say.SPENT: "Vom {since} bis {until} hast du {value} ausgegeben, in {count}.",
    Say.SPENT_ON: "Vom {since} bis {until} hast du {value} für {about} ausgegeben, in {count}.",
    Say.COUNTED: "Vom {since} bis {until}: {count}, zusammen {value}.",
    Say.COUNTED_ON: "Vom {since} bis {until}: {count} für {about}, zusammen {value}.",
    Say.NOTHING: "Vom {since} bis {until} ist nichts eingetragen.",
    Say.NOTHING_ON: "Vom {since} bis {until} ist für {about} nichts eingetragen.",
    Say.BESIDES: "Daneben waren es {value}: Währungen werden nie zusammengezählt.",
    Say.TOP_CATEGORIES: "Wohin vom {since} bis {until} das meiste ging:",
    Say.TOP_MERCHANTS: "Wer vom {since} bis {until} das meiste bekam:",
    Say.ROW: "{name}: {value}, in {count}.",
    Say.MORE: "{value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} mehr.",
    Say.MORE_ON: "{about}: {value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} mehr.",
    Say.LESS: "{value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} weniger.",
    Say.LESS_ON: "{about}: {value} vom {since} bis {until}, {before} vom {earlier} bis {then}: {difference} weniger.",
    Say.SAME: "{value} vom {since} bis {until} und {before} vom {earlier} bis {then}: gleich viel.",
    Say.SAME_ON: "{about}: {value} vom {since} bis {until} und {before} vom {earlier} bis {then}: gleich viel.",
    Say.GREW_CATEGORIES: "Was vom {since} bis {until} am meisten wuchs, gegenüber der Zeit vom {earlier} bis {then}:",
    Say.GREW_MERCHANTS: "Wer vom {since} bis {until} mehr bekam als vom {earlier} bis {then}:",
    Say.GREW_ROW: "{name}: {difference} mehr, {value} nach {before}.",
    Say.GREW_NEW: "{name}: {value}, nach nichts.",
    Say.GREW_NONE: "Vom {since} bis {until} ist gegenüber der Zeit vom {earlier} bis {then} nichts gewachsen.",
    Say.NO_BEFORE: "Vom {earlier} bis {then} ist nichts eingetragen, also gibt es nichts zum Vergleichen.",
    Say.UNKNOWN: "Eine Kategorie oder einen Händler namens „{about}“ gibt es hier nicht.",
    Say.WHICH: "Was davon ist gemeint? {names}",
    Say.CANNOT: "Das lässt sich aus den Zahlen hier nicht beantworten. Was geht: {names}",
}

LANGUAGES: Mapping[str, Mapping[Say, str]] = {"en": ENGLISH, "de": GERMAN}
"""By language code; English serves where a language is missing, with its numbers and days as the locale has them."""

PAYMENTS: Mapping[str, tuple[str, str]] = {"en": ("payment", "payments"), "de": ("Zahlung", "Zahlungen")}
"""What is counted: one of it, and more."""
