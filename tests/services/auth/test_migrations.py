from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis import migrations
from chassis.database import Database
from services.auth.migrations import FOLDER
from services.auth.models import Base
from tests.support.auth import migrate


def test_the_schema_is_what_the_models_say(database_url: str) -> None:
    migrate(database_url)
    database = Database(database_url)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == migrations.newest(FOLDER)
    database.close()
