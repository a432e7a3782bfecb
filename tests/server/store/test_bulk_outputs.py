"""The pages of a bulk output hold everybody whom it selects, once; and old ones are erased."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from renkei import reasons
from renkei.bulk_outputs import PAGE, Changed
from renkei.codes import Institution
from renkei.identities import IdentityItems
from renkei.identity_search import Attributes, Criteria, Purpose
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei_server.domain.bulk_outputs import BulkOutput, KeptCriteria
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import bulk_outputs, identity_file
from renkei_server.store.identities.bulk_outputs import BulkOutputs, page_of
from renkei_server.store.identities.identity_file import IdentityFile
from tests.server.world import (
    NOON,
    OpenStore,
    identity_items,
    individual_number,
    resident_record_code,
)

NAKANO, TODAY = Institution("131148"), date(2026, 11, 23)
SOME = 2 * PAGE + 3
ASKED = BulkOutput(
    output_id="output",
    criteria=None,
    changed=Changed(date(2026, 4, 1), date(2026, 4, 1)),
    purpose=Purpose("resident-register"),
    tells_number=True,
    requested_by="clerk",
    requested_at=NOON,
)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(identity_file.TABLES, bulk_outputs.TABLES)


@pytest.fixture
def file(sealer: Sealer) -> IdentityFile:
    return SealedFile(identity_file.FORM, sealer)


@pytest.fixture
def items(attributes: FourAttributes) -> IdentityItems:
    return identity_items(attributes)


def fill(store: Store, file: IdentityFile, items: IdentityItems) -> None:
    """Some persons of one name, birth date and address, all of whom moved in on one day."""
    numbered = (
        replace(
            items,
            resident_record_code=resident_record_code(number),
            individual_number=individual_number(number),
        )
        for number in range(1, SOME + 1)
    )
    held = [HeldIdentity(one, NAKANO) for one in numbered]
    store.write_now(lambda connection: file.add_each(connection, held))


def codes_of(store: Store, file: IdentityFile, output: BulkOutput) -> list[list[str]]:
    """The codes on each page, as one follows the other."""
    pages, after = [], 0
    while True:
        page, after = store.read_now(
            lambda connection, at=after: page_of(connection, file, output, at, TODAY)  # type: ignore[misc]
        )
        pages.append([one.items.resident_record_code.digits for one in page])
        if not after:
            return pages


def test_every_person_who_is_selected_is_on_one_page(
    store: Store, file: IdentityFile, items: IdentityItems
) -> None:
    fill(store, file, items)
    criteria = KeptCriteria.of(Criteria(Attributes(items.name, items.birth)))

    for output in (ASKED, replace(ASKED, changed=None, criteria=criteria)):
        pages = codes_of(store, file, output)
        told = [code for page in pages for code in page]
        assert max(map(len, pages)) <= PAGE
        assert (len(told), len({*told})) == (SOME, SOME)


def test_an_output_is_found_again_as_it_was_left_and_erased_in_the_end(
    store: Store, sealer: Sealer
) -> None:
    outputs = BulkOutputs(sealer)
    approved = ASKED.approve("manager", NOON)
    store.write_now(lambda connection: outputs.add(connection, ASKED))
    store.write_now(lambda connection: outputs.change(connection, approved))

    assert store.read_now(outputs.newest) == [approved]
    for moment, erased in ((NOON, 0), (NOON + timedelta(days=1), 1)):
        due = store.read_now(lambda connection, at=moment: outputs.any_before(connection, at))  # type: ignore[misc]
        count = store.write_now(lambda connection, at=moment: outputs.erase_before(connection, at))  # type: ignore[misc]
        assert (due, count) == (bool(erased), erased)
    with pytest.raises(Refusal) as refused:
        store.read_now(lambda connection: outputs.one(connection, "output"))
    assert refused.value.reason is reasons.BULK_OUTPUT_UNKNOWN
