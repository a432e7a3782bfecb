"""How a person is known at one origin: by the municipality and their resident record code."""

from renkei.codes import Institution, ResidentRecordCode


def person_at(origin: Institution, code: ResidentRecordCode) -> str:
    """What a blind index hashes of such a person."""
    return f"{origin}/{code.digits}"
