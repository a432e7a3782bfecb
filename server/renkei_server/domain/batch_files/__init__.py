"""Files by which many persons are inquired about, answered or registered at once.

- `layouts`: what a sub-copy may hold (データ標準レイアウト).
- `registration`, `copy_data`, `messages`: sub-copies on their way to the middle server (副本登録).
- `inquiry`, `result`: one line for each person asked about, and one for each answer.
- `lines`, `elements`, `columns`, `faults`: how lines, XML and fields are read, and what is wrong.
- `numbering`, `runs`: names, split numbers and record numbers; which run may follow which state.
- `sides`: how a file names a person on either side of the linkage platform, which translates.

Everything here is pure: bytes come in as an iterable of chunks and go out as an iterator, and
what is held at once is bounded. A reader never stops at the first bad line: it yields what is
good and tells what is not, and whoever calls it decides whether the rest may still count.

Source: programs published with the names, order and lengths of the fields (MSG). Those names are
`documented`; the official interface specifications were not found.
"""
