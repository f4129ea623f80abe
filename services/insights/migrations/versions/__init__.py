"""Alembic's revisions, numbered."""
