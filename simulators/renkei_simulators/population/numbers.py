"""Numbers of synthetic persons, unique over the whole nation by construction (invented).

Each person has one index in the nation: the municipality's block, then the place
within it. A keyed permutation of the whole number space turns the index into the
body of a number, so that no two persons can share one, none need be remembered,
and neighbours have nothing alike. Each kind of number has a permutation of its
own. The real rules of the making of numbers are not public.
"""

from hashlib import blake2b

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode

_ROUNDS = 6
_CITY_CAPACITY, _TOWN_CAPACITY = 1_200_000, 60_000
_CITY_SLOTS, _TOWN_SLOTS = 120, 400
_PREFECTURE_CAPACITY = _CITY_SLOTS * _CITY_CAPACITY + _TOWN_SLOTS * _TOWN_CAPACITY


def national_index(municipality: str, index: int) -> int:
    """The person's place among all persons of the nation.

    A city or ward (codes ..100 to ..159 and ..200 to ..259) has room for
    1,200,000 persons, a town or village (..300 to ..699) for 60,000. Raises
    ValueError where there is no room.
    """
    prefecture, number = int(municipality[:2]) - 1, int(municipality[2:5])
    group, place = divmod(number, 100)
    if group in {1, 2} and place < _CITY_SLOTS // 2:
        slot, capacity = (group - 1) * _CITY_SLOTS // 2 + place, _CITY_CAPACITY
        first = slot * _CITY_CAPACITY
    elif 3 <= group < 3 + _TOWN_SLOTS // 100:
        slot, capacity = number - 300, _TOWN_CAPACITY
        first = _CITY_SLOTS * _CITY_CAPACITY + slot * _TOWN_CAPACITY
    else:
        msg = f"{municipality} is no municipality that the model has room for"
        raise ValueError(msg)
    if index >= capacity:
        msg = f"{municipality} has room for {capacity:,} persons"
        raise ValueError(msg)
    return prefecture * _PREFECTURE_CAPACITY + first + index


class Numbers:
    """The numbers of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def individual_number(self, national: int) -> IndividualNumber:
        """An Individual Number: eleven permuted digits and the check digit."""
        body = f"{self._permuted('individual number', national, 10**5, 10**6):011d}"
        return IndividualNumber(f"{body}{IndividualNumber.check_digit(body)}")

    def resident_record_code(self, national: int) -> ResidentRecordCode:
        """A resident record code whose check digit is beyond doubt (remainder 2 or more)."""
        permuted = self._permuted("resident record code", national, 80_000, 100_000)
        prefix, choice = f"{permuted // 8:09d}", permuted % 8
        weights = (5, 4, 3, 2, 7, 6, 5, 4, 3)
        sum_of_nine = sum(int(one) * weight for one, weight in zip(prefix, weights, strict=True))
        good = [digit for digit in range(10) if (sum_of_nine + 2 * digit) % 11 >= 2]
        body = f"{prefix}{good[choice]}"
        (check,) = ResidentRecordCode.check_digits(body)
        return ResidentRecordCode(f"{body}{check}")

    def local_address_number(self, municipality: str, index: int) -> LocalAddressNumber:
        """Thirteen permuted digits, one that makes the check digit possible, the check digit.

        Source: standard specification of resident record systems 1.1.13, modulus 11,
        weights 2 to 7 (documented); a serial with remainder 1 is skipped.
        """
        prefix = f"{self._permuted(f'local {municipality}', index, 10**6, 10**7):013d}"
        for digit in "0123456789":
            body = prefix + digit
            weighted = sum(int(one) * (2 + place % 6) for place, one in enumerate(reversed(body)))
            if weighted % 11 != 1:
                check = -weighted % 11
                return LocalAddressNumber(f"{body}{check}")
        msg = "of ten digits in a row at most one gives remainder 1"
        raise AssertionError(msg)

    def _permuted(self, kind: str, index: int, left_size: int, right_size: int) -> int:
        """A keyed permutation (alternating Feistel) of the numbers below left x right."""
        left, right = divmod(index, right_size)
        for turn in range(_ROUNDS):
            if turn % 2:
                right = (right + self._mixed(kind, turn, left)) % right_size
            else:
                left = (left + self._mixed(kind, turn, right)) % left_size
        return left * right_size + right

    def _mixed(self, kind: str, turn: int, value: int) -> int:
        told = f"{self._seed} {kind} {turn} {value}".encode()
        return int.from_bytes(blake2b(told, digest_size=8).digest())
