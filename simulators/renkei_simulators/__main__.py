"""The `renkei` command from its first line: what it needs may not be installed.

`pip install renkei` alone serves a client: the command comes with it, but not what it needs.
"""

import sys
from collections.abc import Mapping
from typing import Final

_EXTRAS: Final[Mapping[str, str]] = {"psycopg": "postgresql"}
"""Which extra of the package brings a module, where it is not `server`."""

_OURS: Final = ("renkei", "tests")


def main() -> None:
    """Run the command; where a package is missing, say in both languages what to install."""
    try:
        from renkei_simulators import cli

        cli.main()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if not missing or missing.startswith(_OURS):
            raise  # a fault of ours
        sys.stderr.write(_what_to_install(missing))
        sys.exit(1)


def _what_to_install(missing: str) -> str:
    extra = f"pip install 'renkei[{_EXTRAS.get(missing, 'server')}]'"
    return (
        f"renkei: this command needs a package that is not installed ({missing}): {extra}\n"
        f"このコマンドに必要なパッケージ（{missing}）がインストールされていません。"
        f"{extra} を実行してください。\n"
    )


if __name__ == "__main__":
    main()
