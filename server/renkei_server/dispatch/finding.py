"""What every seat does that keeps an identity file and is asked whom it holds (CS-4, NS-4, PS-3).

1. what for, which the record of the call tells whatever comes of it (USE-10)
2. whom one may look for, before any row is read (INP-03)
3. whether the institution is told of anybody for this, and the Individual Number too
4. those who fit, and nobody else (PRV-16)
5. not more than a few at once (USE-13)
6. whom the answer concerns, each in a record of their own (USE-07, PRV-11)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.codes import IndividualNumber, Institution, ResidentRecordCode
from renkei.identity_search import Criteria, FoundIdentity, Purpose
from renkei.wire.identity_search import Searching, read_criteria, read_purpose
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.identity_affairs import IdentityAffairs
from renkei_server.domain.identity_search import judge_criteria, judge_found, told_of
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.identity_file import IdentityFile
from renkei_server.store.identities.searching import search


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, judged so far as no file is needed."""

    criteria: Criteria
    purpose: Purpose
    tells_number: bool


def read_question(request: Searching, call: Call, affairs: IdentityAffairs) -> Question:
    """Read and judge what is asked, and note in the record of the call what for.

    Raises what the values raise, AFFAIR_NOT_LISTED, and what `judge_criteria` raises.
    """
    purpose = read_purpose(request)  # 1
    call.operation.affair, call.operation.case = purpose.affair, purpose.case_reference
    criteria = read_criteria(request)
    judge_criteria(criteria)  # 2
    number = affairs.tells_number(Institution(call.caller.institution), purpose)  # 3
    return Question(criteria, purpose, number)


def concern(call: Call, criteria: Criteria, found: Sequence[FoundIdentity]) -> None:
    """Note in the record of a call whom it concerned: who was found, or else who was named."""
    persons = [one.resident_record_code.digits for one in found]
    if not persons and isinstance(criteria.key, ResidentRecordCode | IndividualNumber):
        persons = [criteria.key.digits]
    call.operation.concern(persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Finds in one seat's file."""

    store: Store
    file: IdentityFile
    affairs: IdentityAffairs
    clock: Clock

    async def find(self, request: Searching, call: Call) -> Sequence[FoundIdentity]:
        """Who fits. Raises as `read_question`, and TOO_MANY_FOUND."""
        question = read_question(request, call, self.affairs)
        criteria, today = question.criteria, day_in_japan(self.clock.now())
        read = self.store.read if criteria.earlier else self.store.look
        held = await read(lambda connection: search(connection, self.file, criteria, today))  # 4
        judge_found(len(held))  # 5
        found = [told_of(one, today, number=question.tells_number) for one in held]
        concern(call, criteria, found)  # 6
        return found
