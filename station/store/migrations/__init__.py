"""The store's schema, revision by revision (Alembic); configured in `station.store.revision`."""
