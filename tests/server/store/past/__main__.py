"""Write the databases of the newest revision down: `python -m tests.server.store.past`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from renkei_server.roles.served import SERVED
from renkei_server.store.migrations.history import HISTORY

from .content import Seat
from .databases import FOLDER, fill, write_down

folder = FOLDER / str(HISTORY.head)
folder.mkdir(exist_ok=True)
for role in SERVED:
    with TemporaryDirectory() as temporary:
        place = Path(temporary, "store.db")
        fill(role, place, Seat(Path(temporary)))
        (folder / f"{role}.json").write_text(write_down(role, place) + "\n", encoding="utf-8")
