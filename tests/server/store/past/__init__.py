"""Databases as earlier revisions left them, written down, with what is in them.

`python -m tests.server.store.past` writes those of the newest revision, in a folder of its number:
for each role the statements that make its tables on either kind of database, and rows that the
store's own modules wrote under a test's key. An older folder never changes.
"""
