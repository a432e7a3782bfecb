"""Synthetic residents."""
