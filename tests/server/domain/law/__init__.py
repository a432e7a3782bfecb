"""The law as data, and how strictly it is read."""
