"""What is wrong with a case as it is written."""


class CaseError(Exception):
    """A case cannot be used as it is written; the text says which, and what is wrong."""
