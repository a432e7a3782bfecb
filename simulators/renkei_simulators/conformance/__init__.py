"""The conformance kit: cases that are data, run against a world's own servers or somebody else's."""
