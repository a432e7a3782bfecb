"""Numbers of synthetic persons, unique over the whole nation by construction (invented).

Each person has one index in the nation: the first of the municipality's own block,
plus the place within it. Blocks do not overlap, so neither do indexes. A keyed
permutation (an alternating Feistel network) of the whole number space turns the
index into the body of a number: being a permutation it gives no body twice, nobody
need be remembered, and neighbours have nothing alike. Individual Numbers and
resident record codes have a key each, so that neither tells of the other; the
check digit comes last. The real rules of the making of numbers are not public.
"""

from hashlib import blake2b
from operator import mul

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode

_BLOCKS = (
    (range(100, 160, 10), 5_000_000),  # designated cities: 100, 130, 150; found before the next
    (range(100, 160), 1_000_000),  # wards
    (range(200, 260), 800_000),  # other cities
    (range(300, 700), 75_000),  # towns and villages
)
"""The last three digits of five-digit codes, and how many persons each has room for."""

_OF_A_PREFECTURE = sum(len(numbers) * room for numbers, room in _BLOCKS)
_PREFECTURES = 47
_ROUNDS = 4

_RECORD_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3)
_ADDRESS_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3)
_LAST_WEIGHT = 2
_BEYOND_DOUBT = tuple(
    [digit for digit in range(10) if (before + _LAST_WEIGHT * digit) % 11 >= 2]
    for before in range(11)
)
"""By the remainder of the digits before it, the last digits of a record code's body, at least 8."""
_WITH_CHECK_DIGIT = tuple(
    [digit for digit in range(10) if (before + _LAST_WEIGHT * digit) % 11 != 1]
    for before in range(11)
)
"""By the remainder of the digits before it, the last digits of an address serial, at least 9."""


def national_index(municipality: str, index: int) -> int:
    """The person's place among all persons of the nation.

    A designated city has room for 5,000,000 persons, a ward for 1,000,000, another
    city for 800,000, a town or village for 75,000. Raises ValueError where there is
    no room.
    """
    prefecture, number = int(municipality[:2]), int(municipality[2:5])
    first = (prefecture - 1) * _OF_A_PREFECTURE
    for numbers, room in _BLOCKS:
        if number in numbers and 1 <= prefecture <= _PREFECTURES:
            if index >= room:
                msg = f"{municipality} has room for {room:,} persons"
                raise ValueError(msg)
            return first + numbers.index(number) * room + index
        first += len(numbers) * room
    msg = f"{municipality} is no municipality that the model has room for"
    raise ValueError(msg)


class Numbers:
    """The numbers of one seed."""

    def __init__(self, seed: int) -> None:
        self._individual = _Permutation(f"{seed} individual number", 10**5, 10**6)
        self._record = _Permutation(f"{seed} resident record code", 80_000, 100_000)

    def individual_number(self, national: int) -> IndividualNumber:
        """An Individual Number: eleven permuted digits and the check digit."""
        body = f"{self._individual(national):011d}"
        return IndividualNumber(f"{body}{IndividualNumber.check_digit(body)}")

    def resident_record_code(self, national: int) -> ResidentRecordCode:
        """A resident record code whose check digit is beyond doubt: remainder 2 or more."""
        prefix, choice = divmod(self._record(national), 8)
        nine = f"{prefix:09d}"
        before = sum(map(mul, map(int, nine), _RECORD_WEIGHTS)) % 11
        digit = _BEYOND_DOUBT[before][choice]
        return ResidentRecordCode(f"{nine}{digit}{-(before + _LAST_WEIGHT * digit) % 11}")


def local_address_number(municipality: str, index: int) -> LocalAddressNumber:
    """A zero, the municipality's five digits, eight digits of a rising serial, the check digit.

    A serial whose check digit would be ten is skipped. Source: standard specification
    of resident record systems 1.1.13, modulus 11, weights 2 to 7, remainder 0 gives 0
    (documented); the skip and the layout of the serial (invented).
    """
    tens, choice = divmod(index + 1, 9)
    prefix = f"0{municipality[:5]}{tens:07d}"
    before = sum(map(mul, map(int, prefix), _ADDRESS_WEIGHTS)) % 11
    digit = _WITH_CHECK_DIGIT[before][choice]
    return LocalAddressNumber(f"{prefix}{digit}{-(before + _LAST_WEIGHT * digit) % 11}")


class _Permutation:
    """A keyed permutation of the numbers below left times right."""

    def __init__(self, key: str, left: int, right: int) -> None:
        self._left, self._right = left, right
        secret = blake2b(key.encode()).digest()
        self._rounds = [
            blake2b(key=secret, salt=bytes([turn]), digest_size=8) for turn in range(_ROUNDS)
        ]

    def __call__(self, index: int) -> int:
        left, right = divmod(index, self._right)
        for turn in range(0, _ROUNDS, 2):
            left = (left + self._mixed(turn, right)) % self._left
            right = (right + self._mixed(turn + 1, left)) % self._right
        return left * self._right + right

    def _mixed(self, turn: int, value: int) -> int:
        mixing = self._rounds[turn].copy()
        mixing.update(value.to_bytes(8, "big"))
        return int.from_bytes(mixing.digest(), "big")
