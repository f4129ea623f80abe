"""The behaviour of generated users: habits, bills, and how both differ from user to user.

Amounts are minor units. Nothing here knows how facts are found.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlantedHabit:
    """A repeated purchase without a schedule."""

    category: str
    merchants: tuple[str, ...]
    weekdays: float
    """How often on a day from Monday to Friday."""
    weekend: float
    typical: int
    sigma: float
    """Of the logarithm of amounts; 0 where there is a price list."""
    prices: tuple[int, ...] = ()
    pairs: float = 0.0
    """How often two are bought at once, as two payments."""
    strangers: float = 0.0
    """How often at a merchant never seen before."""
    months: tuple[int, ...] = ()
    """In these alone; empty: always."""


@dataclass(frozen=True)
class PlantedBill:
    """A recurring bill."""

    category: str
    merchant: str
    every: int
    """Months; 0 is weekly."""
    amount: int
    wobble: float = 0.0
    """By how much the amount differs each time, as a part of it."""
    winter: float = 0.0
    """What the cold months add, as a part of the amount."""
    late: int = 1
    """Days by which a charge may be late."""


@dataclass(frozen=True)
class SimulatedUser:
    """Who keeps a ledger."""

    habits: list[PlantedHabit] = field(default_factory=list)
    bills: list[PlantedBill] = field(default_factory=list)


HABITS = (
    PlantedHabit("Groceries", ("Aldgate", "Fresh Basket", "Market Hall", "Corner Store"), 0.35, 0.60, 2_900, 0.55),
    PlantedHabit("Bakery", ("Crust", "Morning Loaf"), 0.25, 0.50, 520, 0.40, pairs=0.02),
    PlantedHabit("Coffee", ("Bean There", "Steam"), 0.60, 0.30, 380, 0.0, (320, 350, 380, 420, 480), 0.06),
    PlantedHabit("Lunch", ("Noodles", "Soup Bar", "Pita", "Canteen"), 0.55, 0.08, 1_150, 0.30),
    PlantedHabit("Restaurants", ("Lucia", "Old Ferry", "Saffron"), 0.06, 0.35, 4_600, 0.50, strangers=0.12),
    PlantedHabit("Transport", ("City Transit",), 0.65, 0.30, 290, 0.0, (290, 290, 290, 520), 0.35),
    PlantedHabit("Taxi", ("Nightline",), 0.03, 0.14, 1_900, 0.40),
    PlantedHabit("Fuel", ("Westgate", "Mill Road"), 0.06, 0.12, 5_600, 0.22),
    PlantedHabit("Household", ("Homestead", "Brightside"), 0.07, 0.22, 2_100, 0.85, strangers=0.06),
    PlantedHabit("Clothing", ("Thread", "Northcoat"), 0.02, 0.10, 4_800, 0.80, strangers=0.15),
    PlantedHabit("Books", ("Lantern",), 0.05, 0.10, 1_700, 0.45),
    PlantedHabit("Health", ("Park Pharmacy", "Dr. Amari"), 0.05, 0.03, 1_800, 0.80),
    PlantedHabit(
        "Leisure", ("Odeon", "Pool", "Arcade"), 0.05, 0.24, 1_700, 0.0, (1_200, 1_450, 1_700, 2_400), 0.18, 0.05
    ),
    PlantedHabit("Online", ("Everything Store",), 0.14, 0.16, 2_300, 0.90),
    PlantedHabit("Children", ("Toy Attic", "Little Steps"), 0.06, 0.18, 2_600, 0.70, strangers=0.05),
    PlantedHabit("Pets", ("Paws",), 0.04, 0.10, 3_200, 0.40),
    PlantedHabit(
        "Travel", ("Seaview", "Coastline Rail", "Camp Larch"), 0.06, 0.22, 8_500, 0.80, strangers=0.2, months=(6, 7, 8)
    ),
    PlantedHabit("Gifts", ("Paper Lantern", "Gold & Grain"), 0.28, 0.55, 3_400, 0.70, strangers=0.1, months=(12,)),
    PlantedHabit("Garden", ("Green Thumb",), 0.04, 0.25, 2_600, 0.60, months=(3, 4, 5, 6)),
    PlantedHabit("Beauty", ("Salon Vera",), 0.02, 0.06, 4_200, 0.25),
)

BILLS = (
    PlantedBill("Rent", "Maple Court", 1, 98_500),
    PlantedBill("Energy", "Northlight", 1, 6_400, wobble=0.10, winter=0.9),
    PlantedBill("Internet", "Clearline", 1, 3_499),
    PlantedBill("Phone", "Pocket Mobile", 1, 2_150, wobble=0.12),
    PlantedBill("Insurance", "Evergreen", 1, 4_250),
    PlantedBill("Subscriptions", "Streamhouse", 1, 1_099),
    PlantedBill("Subscriptions", "Tunebox", 1, 999),
    PlantedBill("Subscriptions", "Cloudkeep", 1, 299),
    PlantedBill("Subscriptions", "Overseas Press", 1, 1_420, wobble=0.015),
    PlantedBill("Fitness", "Pulse Gym", 1, 3_900, late=3),
    PlantedBill("Home", "Window Cleaner", 0, 2_500, late=1),
    PlantedBill("Water", "Waterworks", 3, 7_800, wobble=0.08, late=4),
    PlantedBill("Insurance", "Car Shield", 12, 41_200, late=5),
    PlantedBill("Subscriptions", "Yearly Pass", 12, 8_900, late=2),
    PlantedBill("Children", "Music School", 1, 8_500, late=2),
    PlantedBill("Donations", "Lifeboats", 1, 1_500, late=0),
)
