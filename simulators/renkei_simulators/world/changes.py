"""What of a world file may change without the world being made anew.

Where its servers listen, in which processes they run, at what pace, and where yours are reached:
that is read at each start. What certificates, keys and registers were made from stays as it was.
"""

from collections.abc import Mapping

from renkei_simulators.world.definition import World


def differences(was: World, world: World) -> list[str]:
    """What was made in another way than the file now tells, by its keys; nothing where all is free."""
    before, now = _made_of(was), _made_of(world)
    return [key for key in sorted(before.keys() | now.keys()) if before.get(key) != now.get(key)]


def _made_of(world: World) -> Mapping[str, object]:
    one_by_one = {
        **{f"[[municipality]] {one.code}": one for one in world.municipalities},
        **{f"[[agency]] {one.name}": one for one in world.agencies},
        **{
            f"[[seat]] {one.name}": (frozenset(one.identities), bool(one.token))
            for one in world.seats
        },
    }
    return {
        "name": world.name,
        "test": world.test,
        "seed": world.seed,
        "today": world.today,
        "[store]": bool(world.store_url),  # whose the database is it says itself
        **one_by_one,
    }
