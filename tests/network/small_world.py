"""The small world of these tests, as a world file tells it."""

from tests.worlds import seat

WARD, NEIGHBOUR, AGENCY = "131148", "131130", "nenkin"
PORTAL = "digital"
TOKYO = "130001"

_SEATS = "".join(
    seat(*one)
    for one in (
        *(
            (role, code, *networks)
            for code in (WARD, NEIGHBOUR)
            for role, *networks in (
                ("resident-record", "ward"),
                ("linkage-platform", "ward", "linkage"),
                ("municipal-cs", "ward", "jukinet"),
                ("operator-service", "ward"),
                ("middle-server", "linkage"),
            )
        ),
        ("prefecture-server", TOKYO, "jukinet"),
        ("national-server", "jlis", "jukinet"),
        ("provision-network", "ipn", "linkage"),
        ("agency-linkage", AGENCY, "linkage"),
        ("mynaportal", PORTAL, "linkage"),
    )
)

SMALL_WORLD = f"""
name = "small"
test = true
seed = 5
today = 2026-11-23
pace = {{ repeats = 0.1, housekeeping_seconds = 0.1 }}
municipality = [
    {{ code = "{WARD}", name = "中野区", residents = 200 }},
    {{ code = "{NEIGHBOUR}", name = "渋谷区", residents = 20 }},
]
agency = [{{ name = "{AGENCY}", title = "日本年金機構", insured_of = ["{WARD}", "{NEIGHBOUR}"] }}]
{_SEATS}
"""

BIG_WORLD = SMALL_WORLD.replace("residents = 200", "residents = 1100")
"""The same, for crowds."""

CONTROLLED_WORLD = SMALL_WORLD.replace(
    '127.0.0.1:0" }\n', '127.0.0.1:0", control = "127.0.0.1:0" }\n'
)
"""The same, with a listener for control at each seat."""

WITH_PREFECTURE = "".join(
    (
        CONTROLLED_WORLD,
        *(
            seat(role, TOKYO, "linkage", "control")
            for role in ("linkage-platform", "middle-server")
        ),
        f'[[prefecture]]\ncode = "{TOKYO}"\nname = "東京都"\nrecipients = 30\n',
    )
)
"""The same, with a prefecture that has persons of its own: the first of ward and neighbour."""
