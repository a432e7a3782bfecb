"""Batch files: what is good comes back as it was written, what is not is told without a value."""
