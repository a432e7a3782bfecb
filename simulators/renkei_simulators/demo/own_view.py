"""What one person is shown of the network's records, and the proof that nothing is left out (F2.11)."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from rich import box
from rich.table import Table

from renkei.exchanges import ExchangeId
from renkei.personal_records import PersonalRecords
from renkei.wire.exchange_records import record_of
from renkei_pki.person_check import PersonReport, check_person
from renkei_pki.signing import VerifyingKey
from renkei_simulators.demo.acquiring import new_request_id
from renkei_simulators.demo.cast import Member
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.layout import Layout

PORTAL = "digital"

_POLL_SECONDS = 0.2
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class OwnView:
    """A person's records as Mynaportal told them, judged with the network's public key alone."""

    told: PersonalRecords
    report: PersonReport
    without_one: PersonReport
    """The same check of the same records but one, which somebody left out."""

    def checks(self, shown: Collection[ExchangeId], hidden: ExchangeId) -> dict[str, bool]:
        """Each thing that must hold, and whether it does."""
        seen = {record_of(one.content).exchange_id for one in self.told.records}
        return {
            "the person sees every exchange about them, proven to be complete": (
                seen == set(shown) and self.report.sound
            ),
            "what is not to be disclosed is not there": hidden not in seen,
            "a record that is left out is missed": not self.without_one.sound,
        }

    @property
    def table(self) -> Table:
        """What the person sees."""
        table = Table(
            title="What the person sees at Mynaportal マイナポータル, each proven to be in the log",
            title_justify="left",
            box=box.SIMPLE_HEAD,
        )
        for column in ("number", "who asked whom", "under item", "outcome", "leaf", "proof"):
            table.add_column(column, justify="right" if column == "number" else "left")
        for one in self.told.records:
            record = record_of(one.content)
            table.add_row(
                str(one.number),
                f"{record.terms.inquirer} → {record.terms.provider}",
                record.legal_item or "none",
                record.outcome.name,
                str(one.leaf),
                f"{len(one.proof)} hashes",
            )
        return table


async def own_view(callers: Callers, layout: Layout, member: Member) -> OwnView:
    """Open an account at Mynaportal for a person and look at their records."""
    device = callers.device(PORTAL)
    number = member.person.individual_number
    if number is None:
        msg = "only persons with an Individual Number have an account"
        raise ValueError(msg)
    account = await device.open_account(new_request_id(), number)
    async with asyncio.timeout(_LONGEST_SECONDS):
        while not (await device.get_account(account)).state.final:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(_POLL_SECONDS)
    told = await device.list_records(account)
    key = VerifyingKey.load(layout.record_key)
    records = told.records
    fewer = replace(told, records=(*records[:1], *records[2:]))
    return OwnView(told, check_person(told, key), check_person(fewer, key))
