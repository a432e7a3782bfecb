"""What of an identity file is compared with another's, and how it is summed up (F9).

A municipality's set in a file are the persons of whom it told, each as it told last, wherever they
live since: so the sets of municipality, prefecture and nation are the same once all has arrived.
"""

from typing import Final

from renkei.codes import Institution
from renkei.consistency import ComparedPerson, bucket_of
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.files import Key
from renkei_server.store.engine.sums import Share, SumsForm

BEYOND, WITHIN = 0, 1
"""The kinds of digest: of what is compared beyond the municipality, and within it."""


def compared(held: HeldIdentity) -> ComparedPerson:
    """What is compared of a person in such a file."""
    return ComparedPerson(held.items, held.leaves_on is not None, held.municipal)


def _share_of(held: HeldIdentity) -> Share | None:
    if held.municipality is None:
        return None
    person = compared(held)
    own = () if person.municipal is None else (person.digest,)
    digests = (person.beyond.digest, *own)
    return Share(held.municipality.name, bucket_of(person.code), digests)


SUMS: Final = SumsForm[HeldIdentity]("identity_sums", _share_of)


def place_of(municipality: Institution, bucket: int) -> str:
    """How a bucket of a municipality is found."""
    return f"{municipality}/{bucket}"


BY_BUCKET = Key[HeldIdentity, str](
    "bucket",
    lambda held: (
        place_of(held.municipality, bucket_of(held.items.resident_record_code))
        if held.municipality is not None
        else None
    ),
    shared=True,
    of_now=True,
)
