"""The form of a world's folder, so that no version misreads what another made.

The folder bears a number of its own: what lies where, and how it is written. It is made anew where
that differs. Each database in it bears the stamp of its store besides, and is upgraded.
"""

from typing import Final

from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.layout import Layout

FORM: Final = 3
"""To be raised with each change of what lies in a world's folder; 1 is a folder without a number."""


def stamp(layout: Layout) -> None:
    """Let a world's folder bear this version's form."""
    layout.form.write_text(f"{FORM}\n", encoding="utf-8")


def require_form(layout: Layout) -> None:
    """Raise WorldError unless a world's folder bears this version's form."""
    found = layout.form.read_text(encoding="utf-8").strip() if layout.form.exists() else "1"
    if found != str(FORM):
        anew = made_anew(layout)
        msg = (
            f"{layout.root} was made by another version (its form is {found}, this version's is "
            f"{FORM}): make it anew with {anew} (what it holds is lost), or name another folder "
            f"with --data."
        )
        raise WorldError(
            msg,
            f"別の版で作られた世界です（形式{found}、この版は{FORM}）。"
            f"{anew}で作り直す（保存内容は失われます）か、--dataで別のフォルダーを指定してください。",
        )


def made_anew(layout: Layout) -> str:
    """The command that makes this folder's world anew, and no other's."""
    return f"`renkei up --fresh --data {layout.root}`"
