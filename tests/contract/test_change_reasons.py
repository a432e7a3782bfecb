"""Why records change: three lists, and whom each reason reaches."""

from renkei.change_reasons import OF_THE_HOUSEHOLD, RECEIVERS, ChangeReason, ReasonList, Receiver
from renkei.type.v1 import identity_pb2


def test_every_reason_is_on_the_wire_under_its_own_name_and_number() -> None:
    told = {
        name.removeprefix("CHANGE_REASON_"): number
        for name, number in identity_pb2.ChangeReason.items()
        if number
    }

    assert told == {reason.name: reason.value for reason in ChangeReason}


def test_each_stands_in_one_list_and_is_called_once_in_it() -> None:
    lists = {kind: [one for one in ChangeReason if one.list is kind] for kind in ReasonList}

    assert {kind: len(some) for kind, some in lists.items()} == {
        ReasonList.ENTRY: 9,
        ReasonList.REMOVAL: 9,
        ReasonList.CORRECTION: 19,
    }
    for some in lists.values():
        assert len({one.japanese for one in some}) == len(some)


def test_those_of_the_household_alone_reach_no_municipal_cs_and_all_others_do() -> None:
    """INP-25."""
    names = {
        "HOUSEHOLD_SPLIT",
        "HOUSEHOLDS_MERGED",
        "HOUSEHOLD_CHANGED",
        "HEAD_OF_HOUSEHOLD_CHANGED",
    }

    assert {one.name for one in OF_THE_HOUSEHOLD} == names
    for one in ChangeReason:
        assert one.reaches(Receiver.MUNICIPAL_CS) is (one.name not in names)


def test_every_reason_reaches_the_ward_s_own_systems_or_is_of_the_code_alone() -> None:
    """The resident record code is told neither departments nor the linkage platform."""
    ward = {Receiver.CONVENIENCE, Receiver.IN_HOUSE, Receiver.LINKAGE}

    outside = {one for one, reached in RECEIVERS.items() if not ward <= reached}

    assert outside == {
        ChangeReason.RESIDENT_RECORD_CODE_CHANGED,
        ChangeReason.RESIDENT_RECORD_CODE_ENTERED,
    }
