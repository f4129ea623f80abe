"""SQLite and PostgreSQL: connections, transactions, migrations, storage health."""
