"""Worlds, populations, the demo and the renkei command."""
