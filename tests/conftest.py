"""What every test needs."""

import os

import hypothesis
import pytest

import renkei_pki.tls  # noqa: F401  # before anything imports grpc: it makes TLS 1.3 the only one

os.environ.pop("COLUMNS", None)  # else a console made before a test sets its width keeps this one
hypothesis.settings.register_profile("busy", deadline=None)  # a slow machine proves nothing
hypothesis.settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start a world; their files come first, for they take long."""
    for item in items:
        if "worlds" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.world)
    long = {item.path for item in items if item.get_closest_marker("world")}
    items.sort(key=lambda item: item.path not in long)
