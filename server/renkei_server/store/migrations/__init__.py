"""How a store's tables became what they are: one line of revisions, and the way along it.

To change tables that there are:

1. Write `rNNNN_what_is_so_then.py` with the next number. Its docstring says what changes; its
   `CHANGES` hold, for each table that it alters, a function of Alembic's `Operations` and the
   store's `Sealer`. A function runs where the database has that table, in whichever role; so a
   revision never asks for the role, and touches no other table.
2. Add the module's name to `history.REVISIONS`.
3. Write the databases of the revision down for the tests: `python -m tests.server.store.past`.

A table that is new needs no more than a revision with empty `CHANGES`: after the last one, what is
missing is made as this version declares it. A revision that moves rows to a new table makes that
itself. A new column is declared last, as it will stand in an upgraded table. A change of what a
sealed value holds, such as the fields of a record, is a revision too.

A revision never imports today's tables, which will change: it says what it needs as it was then
(`Table("operations", MetaData(), Column(...))`). It never commits, and nothing leads back: an older
version's database is its backup.

What to know of SQLite, which alters a table by making another (`op.batch_alter_table`):

- `AUTOINCREMENT` and `WITHOUT ROWID` are lost unless told again, as in
  `table_kwargs={"sqlite_autoincrement": True}`; where such a table's numbers stand is kept for it.
- An index keeps its name when its table is renamed, and names are the database's: drop it first.
- References are judged at the end, so a table may be replaced while others refer to it.
- A sealed value and a blind hash are bound to "table.column": who renames either, or moves values,
  covers them anew by the sealer.
"""
