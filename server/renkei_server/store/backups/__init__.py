"""Backups of a seat's store and keys: what is in one, and how it is sealed."""
