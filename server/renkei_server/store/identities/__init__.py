"""Identity files of the resident-register network, and the order in which changes reach them (F3)."""
