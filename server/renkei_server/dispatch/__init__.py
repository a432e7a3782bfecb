"""Calls that a seat owes: how they are sent, and what they carry."""
