"""On which side of the linkage platform a file travels, and how it names a person there.

Rules:
- A municipality's systems know the local address number (宛名番号) alone, the middle server the
  integrated address number (団体内統合宛名番号) alone; the linkage platform translates both ways
  (STD-C: `documented`).
"""

from enum import Enum

from renkei.codes import IntegratedAddressNumber, LocalAddressNumber

Person = LocalAddressNumber | IntegratedAddressNumber


class Side(Enum):
    """Between whom and the linkage platform a file travels."""

    WARD = "ward"
    MIDDLE_SERVER = "middle server"

    def person(self, digits: str) -> Person:
        """The person as this side numbers them.

        Raises MALFORMED_LOCAL_ADDRESS_NUMBER or MALFORMED_INTEGRATED_ADDRESS_NUMBER.
        """
        if self is Side.WARD:
            return LocalAddressNumber.parse(digits)
        return IntegratedAddressNumber.parse(digits)
