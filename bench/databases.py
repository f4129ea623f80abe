"""Empty databases for measurements, with their default settings, as users of Outlay have them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from tests.support.postgres import postgres_server

NewDatabase = Callable[[], str]
"""A function that returns the DATABASE_URL of a new database."""


@contextmanager
def bench_databases(folder: Path, *, both: bool) -> Iterator[Mapping[str, NewDatabase]]:
    """What the columns of a table are called, and where the databases of each come from."""

    def sqlite() -> str:
        return f"sqlite:///{folder / uuid4().hex}.sqlite"

    if not both:
        yield {"measured": sqlite}
        return
    with postgres_server() as server:
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")

        def postgresql() -> str:
            name = f"bench_{uuid4().hex}"
            with engine.connect() as connection:
                connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
            return server.set(database=name).render_as_string(hide_password=False)

        yield {"SQLite": sqlite, "PostgreSQL": postgresql}
        engine.dispose()
