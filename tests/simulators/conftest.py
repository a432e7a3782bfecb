"""Worlds for whoever looks into them from outside."""

from tests.worlds import worlds

__all__ = ["worlds"]
