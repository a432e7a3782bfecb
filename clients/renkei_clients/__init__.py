"""Typed clients of every service, over mutual TLS."""
