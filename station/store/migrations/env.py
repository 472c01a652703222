"""What Alembic runs: the upgrade on the connection, and in the transaction, that it is handed."""

from __future__ import annotations

from alembic import context

from station.store.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
