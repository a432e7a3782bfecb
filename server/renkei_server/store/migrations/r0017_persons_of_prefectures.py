"""17: a linkage platform has a table for persons of its own, which a prefecture's alone has (F1)."""

from renkei_server.store.migrations.history import Changes

CHANGES: Changes = {}
