"""Revisions that no version has: they follow the newest, and do to real tables what real ones do."""
