"""How an operator service judges a session that it opened: by what stands in its store now.

So what the administrator takes away is gone at the next call (USE-06; the next call is invented).
"""

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.operators import judge_deed
from renkei_server.domain.world import Clock
from renkei_server.door.operator_sessions import Acting, JudgesStanding
from renkei_server.store.engine.store import Store
from renkei_server.store.operators import Operators


def standing(store: Store, operators: Operators, clock: Clock) -> JudgesStanding:
    """How the seat judges a session that it has opened itself."""

    async def judge(acting: Acting) -> None:
        today, deed = day_in_japan(clock.now()), acting.deed
        found = await store.look(
            lambda connection: operators.standing(
                connection, acting.session.session_id, deed.function, today
            )
        )
        if found is None or found.closed or not found.on_roster:
            raise Refusal(reasons.OPERATOR_SESSION_ENDED, "", "operator_session")
        held = [(deed.function, found.access)] if found.access else []
        judge_deed(held, deed, approver=found.approver)

    return judge
