"""A server process: what it opens, keeps well and closes."""
