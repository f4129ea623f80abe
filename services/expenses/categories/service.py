"""Changes and reads of categories. Expenses create them, by name."""

from chassis.errors import Conflict
from contracts.book import CATEGORY, SameNames
from contracts.ids import CategoryId
from contracts.text import fold
from services.expenses.categories.repository import CategoryRepository, same_names
from services.expenses.categories.schemas import Category, CategoryCursor, CategoryPage, CategoryPatch, CategoryQuery
from services.expenses.ledger.reader import LedgerReader, ReadResult
from services.expenses.ledger.requests import ReadRequest, WriteRequest
from services.expenses.ledger.unit_of_work import LedgerWriter, WriteResult

MAX_SAME_NAMES = 100


class CategoryService:
    """Categories of ledgers."""

    def __init__(self, reader: LedgerReader, writer: LedgerWriter) -> None:
        self._reader = reader
        self._writer = writer

    def list(self, request: ReadRequest, query: CategoryQuery) -> ReadResult:
        """Returns a page of categories, by name. Raises UnknownRevision."""
        with self._reader.read(request) as snapshot:
            after = query.cursor.name_key if query.cursor else ""
            images, last = snapshot.repository(CategoryRepository).page(after, query.limit)
            items = [Category.of(id_, image) for id_, image in images.items()]
            cursor = CategoryCursor(name_key=last).encode() if last else None
            return snapshot.result(CategoryPage(items=items, next_cursor=cursor))

    def correct(self, request: WriteRequest, id_: CategoryId, patch: CategoryPatch) -> WriteResult:
        """Changes a category: one pair, however many expenses use it. Raises NotFound, StaleIfMatch, Conflict."""
        with self._writer.begin(request, "correct_category") as uow:
            repository = uow.repository(CategoryRepository)
            before = repository.get(id_)
            request.check_if_match(Category.of(id_, before))
            after = before.model_copy(update={name: getattr(patch, name) for name in patch.model_fields_set})
            others = repository.named([fold(after.name)]).keys() - {id_}
            if others and fold(after.name) != fold(before.name):
                msg = "There is a category of that name already."
                raise Conflict(msg)
            uow.save(CATEGORY, id_, before, after)
            return uow.commit(Category.of(id_, after))

    def same_names(self) -> SameNames:
        """Returns up to MAX_SAME_NAMES categories with equal names in one ledger."""
        with self._reader.every_ledger() as session:
            return SameNames(items=tuple(same_names(session, MAX_SAME_NAMES)))
