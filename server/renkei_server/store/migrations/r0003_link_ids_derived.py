"""3: link ids follow from resident record codes, and the core's code key is in its key store.

No table changes its shape. What an older database holds of both is moved when the seat opens, for
which its key store has to be at hand (`store.codes.links`): the code key goes to the key store, and
link ids that were drawn are found under a key of it. An older version would draw another code key
then; by this number it knows to keep out.
"""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
