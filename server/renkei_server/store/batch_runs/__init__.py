"""Runs of batch files and their lines."""
