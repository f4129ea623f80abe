"""Every kind of entity in a ledger, with its service and its routes. A new kind is a folder, and its lines here."""

from contracts.book import CATEGORY, EXPENSE
from services.expenses.categories import endpoints as category_endpoints
from services.expenses.categories.csv import CATEGORIES_CSV
from services.expenses.categories.repository import CategoryRepository
from services.expenses.categories.service import CategoryService
from services.expenses.ledger.entities import Entity, EntityRegistry
from services.expenses.payments import endpoints as expense_endpoints
from services.expenses.payments.csv import EXPENSES_CSV
from services.expenses.payments.repository import ExpenseRepository
from services.expenses.payments.service import ExpenseService

ENTITIES = EntityRegistry(
    Entity(CATEGORY, CategoryRepository, CATEGORIES_CSV),
    Entity(EXPENSE, ExpenseRepository, EXPENSES_CSV, references={"category": CATEGORY}),
)
SERVICES = (ExpenseService, CategoryService)
ROUTERS = (expense_endpoints.router, category_endpoints.router, expense_endpoints.internal, category_endpoints.internal)
