"""Two years of payments of a fictional person: habits, seasons, subscriptions, a price rise and a few anomalies.

The same day always gets the same payments, whichever day the sample ends on. All names are invented.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

YEARS = 2
SEED = "outlay"
DECEMBER = 12
SUMMER, WINTER = (6, 7, 8), (11, 12, 1, 2)

Payment = dict[str, str]
"""The body of a new expense."""


@dataclass(frozen=True)
class Habit:
    """A purchase made now and then; amounts in cents."""

    category: str
    merchants: tuple[str, ...]
    weekdays: float
    """Purchases on a day from Monday to Friday, on average."""
    weekend: float
    least: int
    most: int
    months: tuple[int, ...] = tuple(range(1, 13))


@dataclass(frozen=True)
class Bill:
    """A payment on the same day of every month, from `begins` to `ends` months before the sample's end."""

    category: str
    merchant: str
    day: int
    amount: int
    begins: int = 12 * YEARS
    ends: int = 0
    winter: int = 0
    """Added to the amount in the cold months."""
    later_amount: int = 0
    rises: int = 0
    """How many months before the end `later_amount` starts; 0 means never."""


HABITS = (
    Habit("Groceries", ("Hill Street Market", "Greenleaf Foods", "Harbour Grocer"), 0.34, 0.58, 1_150, 8_400),
    Habit("Bakery", ("Corner Bakery", "Daily Bread"), 0.22, 0.45, 240, 980),
    Habit("Coffee", ("Blue Kettle", "Tin Cup Coffee"), 0.80, 0.40, 280, 620),
    Habit("Lunch", ("Noodle Bar Oki", "The Soup Room", "Pita & Co"), 0.62, 0.10, 780, 1_650),
    Habit("Restaurants", ("Trattoria Lucia", "The Old Ferry", "Saffron House"), 0.06, 0.36, 2_400, 9_800),
    Habit("Transport", ("City Transit",), 0.72, 0.34, 220, 480),
    Habit("Transport", ("Nightline Taxi",), 0.03, 0.14, 1_100, 3_200),
    Habit("Fuel", ("Westgate Fuel",), 0.05, 0.12, 3_900, 7_600),
    Habit("Household", ("Homestead", "Brightside Hardware"), 0.07, 0.20, 450, 6_200),
    Habit("Clothing", ("Thread & Needle", "Northcoat"), 0.02, 0.10, 1_900, 12_900),
    Habit("Books", ("Lantern Books",), 0.04, 0.09, 890, 3_400),
    Habit("Health", ("Park Pharmacy", "Dr. Amari"), 0.05, 0.03, 520, 5_800),
    Habit("Leisure", ("Odeon Palace", "Riverside Pool", "Pixel Arcade"), 0.05, 0.24, 800, 3_600),
    Habit("Travel", ("Seaview Lodge", "Coastline Rail", "Camp Larch"), 0.05, 0.22, 3_500, 24_000, SUMMER),
    Habit("Gifts", ("Paper Lantern", "Toy Attic", "Gold & Grain"), 0.30, 0.60, 1_200, 11_000, (DECEMBER,)),
    Habit("Leisure", ("Ice Rink",), 0.02, 0.18, 900, 1_800, WINTER),
)

BILLS = (
    Bill("Rent", "Maple Court Homes", 1, 98_500, later_amount=102_000, rises=10),
    Bill("Energy", "Northlight Energy", 5, 6_400, winter=5_900),
    Bill("Internet", "Clearline", 8, 3_499),
    Bill("Phone", "Pocket Mobile", 12, 1_900),
    Bill("Insurance", "Evergreen Mutual", 15, 4_250),
    Bill("Subscriptions", "Streamhouse", 17, 1_099, later_amount=1_399, rises=3),
    Bill("Subscriptions", "Tunebox", 20, 999),
    Bill("Subscriptions", "Cloudkeep", 23, 299, begins=9),
    Bill("Fitness", "Pulse Gym", 3, 3_900, ends=2),
)


def payments(today: date) -> list[Payment]:
    """Returns all payments, oldest first, up to and including `today`."""
    first = today - timedelta(days=round(365.25 * YEARS))
    days = (first + timedelta(days=count) for count in range((today - first).days + 1))
    return [payment for day in days for payment in (*_bills(day, today), *_habits(day), *_oddities(day, today))]


def _habits(day: date) -> Iterator[Payment]:
    chance = random.Random(f"{SEED} {day}")  # noqa: S311 - a sample wants repetition, not secrecy
    for habit in HABITS:
        often = habit.weekend if day.weekday() >= 5 else habit.weekdays  # noqa: PLR2004 - Saturday
        if day.month in habit.months and chance.random() < often:
            amount = round(chance.triangular(habit.least, habit.most, habit.least * 1.3))
            yield _payment(day, habit.category, chance.choice(habit.merchants), amount)


def _bills(day: date, today: date) -> Iterator[Payment]:
    ago = (today.year - day.year) * 12 + today.month - day.month
    for bill in BILLS:
        if day.day == bill.day and bill.ends <= ago <= bill.begins:
            amount = bill.later_amount if ago < bill.rises else bill.amount
            yield _payment(day, bill.category, bill.merchant, amount + bill.winter * (day.month in WINTER))


def _oddities(day: date, today: date) -> Iterator[Payment]:
    """Yields payments that insights should notice."""
    match (today - day).days:
        case 400:
            yield _payment(day, "Household", "Homestead", 42_900, "Washing machine")
        case 390:
            yield _payment(day, "Household", "Homestead", -4_500, "Refund: delivery")
        case 12:  # charged twice
            yield _payment(day, "Restaurants", "Saffron House", 6_480)
            yield _payment(day, "Restaurants", "Saffron House", 6_480)
        case 6:
            yield _payment(day, "Groceries", "Greenleaf Foods", 31_250, "Birthday party")
        case 3:
            yield _payment(day, "Leisure", "Kite & Kayak", 7_900, "First time there")


def _payment(day: date, category: str, merchant: str, cents: int, note: str = "") -> Payment:
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    amount = f"{sign}{cents // 100}.{cents % 100:02}"
    payment = {"amount": amount, "category": category, "merchant": merchant, "spent_on": day.isoformat()}
    return payment | {"note": note} if note else payment
