"""How much a server takes at once, which callers keep to (invented)."""

MESSAGE_LIMIT = 1 << 20
"""The largest request in bytes; it lies below what grpc itself would refuse without a reason."""

CHUNK_LIMIT = 500
"""The most entries in one chunk of a stream that loads: one transaction, and one short wait for
those beside it."""

BATCH_LIMIT = 200
"""The most requests in one batch: enough that what a call costs is shared, and few enough
that those beside it do not wait long."""

BATCH_ANSWER_LIMIT = 3 << 20
"""The most bytes of answers in one batch; refusals beside them still leave the whole below the
4 MiB that a gRPC client takes where nobody told it otherwise."""
