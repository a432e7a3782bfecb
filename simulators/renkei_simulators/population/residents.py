from dataclasses import dataclass
from datetime import date
from enum import Enum

from renkei.codes import *


class Sex(Enum):
    MALE = 1
    FEMALE = 2


@dataclass
class Resident:
    index: int
    local_address_number: object
    resident_record_code: object
    individual_number: object
    name: str = "山田　太郎"
    furigana: str = "ヤマダ　タロウ"
    birth_date: date = date(1990, 1, 1)
    sex: object = Sex.MALE
    postal_code: str = "1640001"
    address: str = "東京都中野区中野１丁目"
    removed: object = None


def residents(seed, code, on):
    base = int(code)
    i = 0
    n = 0
    while True:
        b = f"{base % 1000000:06d}{i:05d}"
        num = IndividualNumber(b + str(IndividualNumber.check_digit(b)))
        rb = f"{base % 10000:04d}{i:06d}"
        ds = ResidentRecordCode.check_digits(rb)
        rc = ResidentRecordCode(rb + str(min(ds)))
        i += 1
        yield Resident(n, LocalAddressNumber(f"{base:06d}{i:09d}"), rc, None if n == 7 else num)
        n += 1
