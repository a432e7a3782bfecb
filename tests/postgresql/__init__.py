"""A real PostgreSQL for tests and benchmarks: one that they start themselves, or one given."""

from tests.postgresql.cluster import GIVEN, Cluster

__all__ = ["GIVEN", "Cluster"]
