"""The neighbours of a seat as it needs them: it is handed them, and knows no client of theirs."""
