"""The demo: one world, a thousand persons, two organisations, one crash, and what held."""
