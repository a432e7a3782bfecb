"""Layouts as data (データ標準レイアウト): what a sub-copy of each information may hold (PRV-10).

One TOML file is one version of a layout; each item bears its mark and its source, by the keys of
`docs/sources.md`. The official layouts were not found. What household information covers is
`documented`, and so are names of items of local tax information; nearly all codes, lengths and
dates are of our own making (`invented`).
"""

from importlib import resources

from renkei_server.domain.layouts.layouts import Layout, Layouts


def shipped() -> Layouts:
    """The layouts that come with Renkei; raises LayoutError."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    return Layouts.of(
        Layout.parse(file.read_text("utf-8")) for file in files if file.name.endswith(".toml")
    )
