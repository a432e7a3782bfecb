"""A world for somebody's own tests: the pytest fixture `renkei_world` (docs/guides/test-with-pytest.md).

It comes with the package's extra `testing`; pytest finds it by itself.
"""
