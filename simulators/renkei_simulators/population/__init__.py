"""Synthetic residents of any municipality: made from a seed, never taken from life."""
