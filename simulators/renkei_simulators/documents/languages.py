"""The languages in which the READMEs are written."""

from enum import Enum

from renkei.roles import Name


class Language(Enum):
    """A language; the value is the README in it."""

    ENGLISH = "README.md"
    JAPANESE = "README.ja.md"

    def of(self, name: Name) -> str:
        """A name in this language."""
        return name.english if self is Language.ENGLISH else name.japanese
