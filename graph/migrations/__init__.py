"""Schema changes, in order; shipped with the package and run by `Store.migrate`, with no alembic.ini."""
