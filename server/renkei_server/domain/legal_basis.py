"""Who may ask whom for what, under which item of the law (F2.4; PRV-01, PRV-02, PRV-18).

Rules:
- Information moves for what a row of the table in force lists, and for nothing else.
- A row speaks of classes of inquirers and providers (市町村長, 都道府県知事, ...), never of one
  institution.
- Whoever acts for another (委任元) is judged as the other, and only where a delegation says so.
- A row of which inquirer, affair or procedure is not recorded permits nobody.
- For resident-register affairs nobody inquires: a municipality only provides.

Source: Number Act, art. 19(8) and the table of the order under it; the assessment's list of
items. The shape of a row is documented; that procedures are listed beside affairs, and the order
in which the rules are judged, are invented.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from renkei import reasons
from renkei.codes import Institution
from renkei.reasons import Reason
from renkei.refusals import Refusal

EVERY_MUNICIPALITY = "code:municipality"
EVERY_PREFECTURE = "code:prefecture"


class Fidelity(Enum):
    """How well founded a row is."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: an item (項) with one provider and one kind of information.

    Inquirer and provider are classes. None is what the sources do not record.
    """

    item: str
    inquirer: str | None
    affair: str | None
    """Affair code (事務コード)."""
    procedure: str | None
    """Procedure code (事務手続コード)."""
    provider: str
    information: str
    """Information code (特定個人情報名コード)."""
    fidelity: Fidelity
    source: str

    @property
    def decides(self) -> bool:
        """Whether enough of it is recorded to permit an inquiry."""
        return None not in (self.inquirer, self.affair, self.procedure)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that are in force from one day to another, both included; no last day is open."""

    name: str
    first_day: date
    last_day: date | None
    rows: tuple[Row, ...]

    def in_force(self, day: date) -> bool:
        """Whether inquiries of that day are decided by it."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Basis:
    """The legal basis (法令上の根拠) of one inquiry: what a permit and a record name."""

    table: str
    item: str
    fidelity: Fidelity


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """All the law that an inquiry is judged by. No two tables are in force on one day."""

    tables: tuple[Table, ...]
    classes: Mapping[str, str]
    """Class of an institution by its name, or of every municipality or prefecture."""
    delegations: frozenset[tuple[str, str]]
    """Classes: who may act, and for whom."""
    register_affairs: frozenset[str]

    def decide(
        self,
        *,
        inquirer: Institution,
        affair: str,
        procedure: str,
        provider: Institution,
        information: str,
        day: date,
        inquirer_delegator: Institution | None = None,
        provider_delegator: Institution | None = None,
    ) -> Basis:
        """The item that permits this inquiry on this day of the world.

        Raises INQUIRY_FOR_REGISTER_AFFAIRS, LEGAL_TABLE_NOT_IN_FORCE, DELEGATION_UNKNOWN,
        AFFAIR_NOT_IN_TABLE, PROCEDURE_NOT_OF_AFFAIR, INQUIRER_NOT_OF_CLASS,
        PROVIDER_NOT_OF_CLASS or INFORMATION_NOT_IN_ROW, in this order.
        """
        self.refuse_register_affair(affair)
        table = self.table_of(day)
        asking = self._acts_as(inquirer, inquirer_delegator, "inquirer_delegator")
        giving = self._acts_as(provider, provider_delegator, "provider_delegator")
        rows = tuple(row for row in table.rows if row.decides)
        steps: tuple[tuple[Callable[[Row], bool], Reason, str], ...] = (
            (lambda row: row.affair == affair, reasons.AFFAIR_NOT_IN_TABLE, "affair_code"),
            (
                lambda row: row.procedure == procedure,
                reasons.PROCEDURE_NOT_OF_AFFAIR,
                "procedure_code",
            ),
            (lambda row: row.inquirer == asking, reasons.INQUIRER_NOT_OF_CLASS, "inquirer"),
            (lambda row: row.provider == giving, reasons.PROVIDER_NOT_OF_CLASS, "provider"),
            (
                lambda row: row.information == information,
                reasons.INFORMATION_NOT_IN_ROW,
                "information_code",
            ),
        )
        for fits, reason, field in steps:
            rows = tuple(row for row in rows if fits(row))
            if not rows:
                raise Refusal(reason, f"table {table.name}", field)
        return Basis(table.name, rows[0].item, rows[0].fidelity)

    def refuse_register_affair(self, affair: str) -> None:
        """PRV-18 alone: raise INQUIRY_FOR_REGISTER_AFFAIRS where the affair is such a one."""
        if affair in self.register_affairs:
            raise Refusal(reasons.INQUIRY_FOR_REGISTER_AFFAIRS, "", "affair_code")

    def table_of(self, day: date) -> Table:
        """The table in force on that day; raises LEGAL_TABLE_NOT_IN_FORCE."""
        for table in self.tables:
            if table.in_force(day):
                return table
        raise Refusal(reasons.LEGAL_TABLE_NOT_IN_FORCE, day.isoformat())

    def class_of(self, institution: Institution) -> str | None:
        """The one class of an institution; None where no class is recorded."""
        return self.classes.get(_kind(institution))

    def _acts_as(
        self, institution: Institution, delegator: Institution | None, field: str
    ) -> str | None:
        own = self.class_of(institution)
        if delegator is None:
            return own
        principal = self.class_of(delegator)
        if (own, principal) not in self.delegations:
            raise Refusal(reasons.DELEGATION_UNKNOWN, "", field)
        return principal


def _kind(institution: Institution) -> str:
    """How the class table names it: local governments by their kind, others by their word.

    The third to fifth digit of a code are 000 for a prefecture and 100 to 799 for a
    municipality; unions of municipalities lie above (inferred).
    """
    name = institution.name
    if not name.isdigit() or not 1 <= int(name[:2]) <= 47:
        return name
    local = int(name[2:5])
    if local == 0:
        return EVERY_PREFECTURE
    return EVERY_MUNICIPALITY if 100 <= local < 800 else name
