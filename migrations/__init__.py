"""Alembic's revisions of the catalog's schema."""
