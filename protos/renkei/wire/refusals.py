"""A refusal as text for programs: the same for a call and for one request of a batch or chunk.

It travels as `google.rpc.ErrorInfo`'s metadata, or in a `RefusedRequest`. What a peer states that
is not known here, or is out of its form, is passed over: a refusal is a refusal without it.
Its words are for logs and screens, so they are one short line each (invented).
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from renkei import reasons
from renkei.facts import FACTS, Stated
from renkei.refusals import Refusal
from renkei.type.v1.refused_request_pb2 import RefusedRequest

_DETAIL, _INCIDENT = "detail", "incident"
_LONGEST_WORD = 500
_MOST_FIELDS = 100


def facts_of(refusal: Refusal, incident: str = "") -> dict[str, str]:
    """All that is told of a refusal beside its reason and fields; of a fault its incident alone."""
    if refusal.reason is reasons.INTERNAL:  # nothing of the cause goes on the wire
        return {_INCIDENT: incident} if incident else {}
    told = {one.fact.name: one.text for one in refusal.facts}
    if refusal.detail:
        told[_DETAIL] = refusal.detail
    return told


def read_refusal(name: str, fields: Iterable[str], facts: Mapping[str, str]) -> Refusal | None:
    """The refusal that was told so; None where its reason is not of this contract."""
    reason = reasons.NAMED.get(name)
    if reason is None:
        return None
    return Refusal(
        reason,
        _line(facts.get(_DETAIL, "")),
        *filter(None, map(_line, islice(fields, _MOST_FIELDS))),
        facts=tuple(_stated(facts)),
        incident=_line(facts.get(_INCIDENT, "")),
    )


def write_refused_request(refusal: Refusal, incident: str = "") -> RefusedRequest:
    """How one request among many was refused."""
    return RefusedRequest(
        reason=refusal.reason.name,
        fields=refusal.fields,
        message=sentence_of(refusal),
        message_ja=refusal.reason.japanese,
        facts=facts_of(refusal, incident),
    )


def read_refused_request(told: RefusedRequest) -> Refusal | None:
    """The same, read."""
    return read_refusal(told.reason, told.fields, told.facts)


def sentence_of(refusal: Refusal) -> str:
    """The English sentence for people, with its detail."""
    if refusal.reason is reasons.INTERNAL or not refusal.detail:
        return refusal.reason.english
    return f"{refusal.reason.english} ({refusal.detail})"


def _line(told: str) -> str:
    return told if len(told) <= _LONGEST_WORD and told.isprintable() else ""


def _stated(facts: Mapping[str, str]) -> Iterable[Stated]:
    for name, text in facts.items():
        if (fact := FACTS.get(name)) is not None:
            try:
                yield fact.of(fact.read(text))
            except ValueError:
                continue
