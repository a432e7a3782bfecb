"""Worlds: what they are made of, how they are made, and how they run."""
