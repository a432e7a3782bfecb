"""Information moves (F2): the ward registers what it has ready, and the pension agency asks for it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from renkei.answers import Outcome
from renkei.codes import Institution, IntegratedAddressNumber, LocalAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.sub_copies import Items, NullReason, Publication, RecordName, SubCopy
from renkei_clients.inquiries import InquiryClient
from renkei_clients.release import ReleaseClient, Reviewed
from renkei_simulators.demo.acquiring import new_request_id
from renkei_simulators.demo.cast import AGENCY, WARD, Kind, Member
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World

HOUSEHOLD = RecordName("TM90000000000001")
_FROM = Publication(date(2026, 4, 1))
_IS_HEAD, _HEAD_NAME, _RELATIONSHIP = (f"DI90000000000{number}" for number in (101, 102, 103))

PENSION = InquiryTerms(
    inquirer=Institution(AGENCY),
    inquirer_delegator=Institution("mhlw"),
    provider=Institution(WARD),
    provider_delegator=None,
    affair_code="JM90000000073000",
    procedure_code="JT90000000073001",
    information_code=HOUSEHOLD.information_code,
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
    non_disclosure=False,
)
"""Household information for the national pension, on behalf of the minister."""

CARE = replace(PENSION, affair_code="JM90000000132000", procedure_code="JT90000000132001")
"""The same for long-term care insurance, for which the agency may not ask."""

GRANTED = 60
GRANTING, NOTHING_HELD = "granted", "nothing held"
RELEASED, HIDDEN = "held, reviewed and released", "answered, and not disclosed"
_AT_ONCE = 16
_POLL_SECONDS = 0.1
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that is shown: what was asked, and how it ended."""

    title: str
    expected: Outcome
    inquiry: Inquiry

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        return self.inquiry.outcome.name if self.inquiry.outcome else ""

    @property
    def held(self) -> bool:
        """Whether it ended as it must."""
        return self.inquiry.outcome is self.expected


@dataclass(slots=True)
class Information:
    """What happened."""

    registered: int = 0
    canaries: list[str] = field(default_factory=list, repr=False)
    """Household values that nobody has by chance, to be searched for when all is done."""
    scenes: list[Scene] = field(default_factory=list)
    granted_right: int = 0
    """How many of those granted brought exactly what the ward had registered."""
    reviewed: Reviewed | None = None
    waited: bool = False
    """Whether the inquirer was told nothing while the answer was held."""
    subject: Member | None = None
    """The person about whom the special inquiries were."""

    @property
    def checks(self) -> dict[str, bool]:
        """Each thing that must hold, and whether it does."""
        return {
            "every inquiry ended as it must": all(scene.held for scene in self.scenes),
            "what was granted is what the ward had registered": self.granted_right == GRANTED,
            "nothing was told while an answer waited for its review": self.waited,
            "the reviewer saw whose answer it was and exactly what went out": self.was_reviewed,
        }

    @property
    def shown(self) -> set[ExchangeId]:
        """The exchanges about the one person that they are to see."""
        return {one.inquiry.id for one in self._special if one.title != HIDDEN}

    @property
    def hidden(self) -> ExchangeId:
        """The one that they are not to see."""
        return next(one.inquiry.id for one in self._special if one.title == HIDDEN)

    @property
    def _special(self) -> list[Scene]:
        return [one for one in self.scenes if one.title not in (GRANTING, NOTHING_HELD)]

    @property
    def was_reviewed(self) -> bool:
        """Whether the reviewer was shown the person, and the inquirer got what was shown."""
        if self.reviewed is None or self.subject is None:
            return False
        names = [one.attributes and one.attributes.name for one in self.reviewed.held.persons]
        released = [one.inquiry.records for one in self.scenes if one.title == RELEASED]
        return names == [self.subject.person.name] and released == [self.reviewed.answer.records]

    @property
    def counted(self) -> dict[str, int]:
        """How many inquiries ended how, by what was asked."""
        return dict(Counter(f"{one.title}: {one.outcome}" for one in self.scenes))


def household_of(person: Resident, head: str) -> Items:
    """What the ward has ready about a person's household."""
    if person.head:
        return {
            _IS_HEAD: "1",
            _HEAD_NAME: NullReason.NOT_COVERED,
            _RELATIONSHIP: NullReason.NOT_COVERED,
        }
    return {_IS_HEAD: "0", _HEAD_NAME: head, _RELATIONSHIP: person.relation}


class Informing:
    """Plays the scenes."""

    def __init__(
        self,
        world: World,
        callers: Callers,
        cast: Sequence[Member],
        numbers: Mapping[LocalAddressNumber, IntegratedAddressNumber],
    ) -> None:
        """`numbers`: the agency's own, by the local number of each."""
        self._world = world
        self._callers = callers
        self._residents = [one for one in cast if one.kind is Kind.RESIDENT]
        self._numbers = numbers
        self._terminal: InquiryClient = callers.inquiry_terminal(AGENCY)
        self._staff: ReleaseClient = callers.release_terminal(WARD)
        self._registered: dict[int, Items] = {}
        self.told = Information()

    @property
    def subject(self) -> Member:
        """The one person about whom the special inquiries are."""
        return self._residents[0]

    async def register(self) -> None:
        """The resident record system registers household information of the ward's residents."""
        register = self._callers.register_of(WARD)
        heads = {one.person.household_number: one.person for one in self._residents}
        heads |= {
            one.person.household_number: one.person for one in self._residents if one.person.head
        }
        *most, self._without = self._residents
        gate = asyncio.Semaphore(_AT_ONCE)

        async def put(count: int, member: Member) -> None:
            person = member.person
            head = heads[person.household_number].name
            if not person.head and count % 10 == 1:
                head = f"検査用世帯主{person.index:05}{self._world.seed}"
                self.told.canaries.append(head)
            items = household_of(person, head)
            self._registered[person.index] = items
            record = SubCopy(HOUSEHOLD, 1, _FROM, items)
            async with gate:
                await register.register_sub_copy(new_request_id(), member.local, record)

        await asyncio.gather(*(put(count, member) for count, member in enumerate(most)))
        self.told.registered = len(most)

    async def play(self) -> Information:
        """Every scene in turn."""
        members = [one for one in self._residents if one is not self._without]
        special, ordinary = self.subject, members[1 : GRANTED + 1]
        self.told.subject = special
        await self._granted(ordinary)
        await self._asked("refused by the table", special, Outcome.NOT_PERMITTED, CARE)
        await self._asked(NOTHING_HELD, self._without, Outcome.NO_SUB_COPY)
        information = HOUSEHOLD.information_code
        await self._staff.set_manual_release(new_request_id(), information, manual=True)
        await self._reviewed(RELEASED, special, Outcome.PROVIDED)
        await self._reviewed("held and withheld on review", special, Outcome.WITHHELD)
        await self._staff.set_manual_release(new_request_id(), information, manual=False)
        hidden = replace(PENSION, non_disclosure=True)
        await self._asked(HIDDEN, special, Outcome.PROVIDED, hidden)
        return self.told

    async def ask_later(self) -> Callable[[], Awaitable[Inquiry]]:
        """Start one more inquiry; returns how to wait for what comes of it."""
        member = next(one for one in self._residents if self._has_canary(one))
        exchange = await self._start(member, PENSION)
        return lambda: self._outcome(exchange)

    def _has_canary(self, member: Member) -> bool:
        contents = self._registered.get(member.person.index, {}).values()
        return any(content in self.told.canaries for content in contents)

    async def _granted(self, members: Sequence[Member]) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(member: Member) -> Inquiry:
            async with gate:
                return await self._outcome(await self._start(member, PENSION))

        for member, inquiry in zip(
            members, await asyncio.gather(*(ask(one) for one in members)), strict=True
        ):
            self._enter(GRANTING, self._expected(member), inquiry)
            told = [record.items for record in inquiry.records]
            self.told.granted_right += told == [self._registered[member.person.index]]

    async def _asked(
        self, title: str, member: Member, expected: Outcome, terms: InquiryTerms = PENSION
    ) -> None:
        inquiry = await self._outcome(await self._start(member, terms))
        self._enter(title, expected, inquiry)

    async def _reviewed(self, title: str, member: Member, expected: Outcome) -> None:
        exchange = await self._start(member, PENSION)
        await self._until_held(exchange)
        self.told.waited = (await self._terminal.get_inquiry(exchange)).outcome is None
        reviewed = await self._staff.get_held_answer(exchange)
        if expected is Outcome.WITHHELD:
            await self._staff.withhold_answer(new_request_id(), exchange)
        else:
            self.told.reviewed = reviewed
            await self._staff.release_answer(new_request_id(), exchange, reviewed.digest)
        self._enter(title, expected, await self._outcome(exchange))

    def _expected(self, member: Member) -> Outcome:
        contents = self._registered[member.person.index].values()
        every_null = all(isinstance(content, NullReason) for content in contents)
        return Outcome.EVERY_ITEM_NULL if every_null else Outcome.PROVIDED

    def _enter(self, title: str, expected: Outcome, inquiry: Inquiry) -> None:
        self.told.scenes.append(Scene(title, expected, inquiry))

    async def _start(self, member: Member, terms: InquiryTerms) -> ExchangeId:
        number = self._numbers[member.local]
        return await self._terminal.start_inquiry(
            new_request_id(), number, terms, department="pension-records", user_id="operator-1"
        )

    async def _outcome(self, exchange: ExchangeId) -> Inquiry:
        async with asyncio.timeout(_LONGEST_SECONDS):
            while True:
                inquiry = await self._terminal.get_inquiry(exchange)
                if inquiry.outcome is not None:
                    return inquiry
                await asyncio.sleep(_POLL_SECONDS)

    async def _until_held(self, exchange: ExchangeId) -> None:
        async with asyncio.timeout(_LONGEST_SECONDS):
            while True:
                held = await self._staff.list_held_answers()
                if any(one.exchange_id == exchange for one in held):
                    return
                await asyncio.sleep(_POLL_SECONDS)
