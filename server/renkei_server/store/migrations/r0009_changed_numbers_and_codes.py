"""9: national server and register keep whose code or number was changed (F13.1, F13.3).

Both tables are new. Of a change that came before nothing is known: who had one is told by the code
that they have now.
"""

from renkei_server.store.migrations.history import Changes

CHANGES: Changes = {}
