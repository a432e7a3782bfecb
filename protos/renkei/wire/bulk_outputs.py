"""Bulk outputs of identity information."""

from renkei import reasons
from renkei.bulk_outputs import Changed, Selection
from renkei.change_reasons import ChangeReason
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import bulk_output_pb2 as pb2
from renkei.wire.codes import require
from renkei.wire.identities import read_enum, within
from renkei.wire.identity_search import read_criteria, write_criteria
from renkei.wire.persons import read_date, write_date


def read_selection(request: pb2.RequestBulkOutputRequest) -> Selection:
    """Read who is put out. Raises SEARCH_WITHOUT_CRITERIA where a request does not say it."""
    told = request.selection

    def read() -> Selection:
        match told.WhichOneof("of"):
            case "criteria":
                return read_criteria(told)
            case "changed":
                return within("changed", lambda: _read_changed(told.changed))
            case _:
                raise Refusal(reasons.SEARCH_WITHOUT_CRITERIA, "", "of")

    return within("selection", read)


def write_selection(selection: Selection) -> pb2.BulkSelection:
    """Write who is put out."""
    if not isinstance(selection, Changed):
        return pb2.BulkSelection(criteria=write_criteria(selection))
    changed = pb2.ChangedPersons(
        first_day=write_date(selection.first_day),
        last_day=write_date(selection.last_day),
        reasons=[
            identity_pb2.ChangeReason.Name(one.value)
            for one in sorted(selection.reasons, key=lambda one: one.value)
        ],
        removed=selection.removed,
        dead=selection.dead,
    )
    return pb2.BulkSelection(changed=changed)


def _read_changed(told: pb2.ChangedPersons) -> Changed:
    require(told, "first_day")
    require(told, "last_day")
    for_reasons = (
        read_enum(ChangeReason, one, "reasons", reasons.FIELD_MISSING) for one in told.reasons
    )
    return Changed(
        first_day=read_date(told.first_day, "first_day"),
        last_day=read_date(told.last_day, "last_day"),
        reasons=frozenset(for_reasons),
        removed=told.removed,
        dead=told.dead,
    )
