"""Use cases that share a commit: each one's failure takes back nothing but its own.

- They run together first, without a look whether what they add is new: mostly it is.
- A refusal before anything was written is that use case's own end.
- Where one fails in any other way nothing of all remains, and each runs once more, apart from the
  others, and looks.
"""

from collections.abc import Callable, Sequence

from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection

UseCase = Callable[[Connection], object]


def run_together(
    use_cases: Sequence[UseCase], connection: Connection, is_outage: Callable[[Exception], bool]
) -> list[object]:
    """What each returns, or the exception that it raised.

    Raises what strikes all of them (`is_outage`), and what strikes the only one.
    """
    connection.looks_first = False
    connection.mark()
    assumed = connection.assumptions
    try:
        outcomes = [_outcome(one, connection) for one in use_cases]
        connection.write_waiting()
    except Exception as error:
        alone = len(use_cases) == 1 and connection.assumptions == assumed
        if alone or is_outage(error):
            raise
        connection.undo()
        connection.looks_first = True
        outcomes = [_outcome_apart(one, connection, is_outage) for one in use_cases]
    if len(outcomes) == 1 and isinstance(outcomes[0], Exception):
        raise outcomes[0]
    return outcomes


def _outcome(use_case: UseCase, connection: Connection) -> object:
    assumed, written = connection.assumptions, connection.written
    try:
        return use_case(connection)
    except Refusal as refusal:
        if (connection.assumptions, connection.written) != (assumed, written):
            raise
        return refusal


def _outcome_apart(
    use_case: UseCase, connection: Connection, is_outage: Callable[[Exception], bool]
) -> object:
    connection.mark()
    try:
        outcome = use_case(connection)
        connection.write_waiting()
    except Exception as error:
        if is_outage(error):
            raise
        connection.undo()
        return error
    return outcome
