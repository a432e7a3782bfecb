"""An answer as a task of the outbox holds it, at the provider and at the network (F2.8)."""

from collections.abc import Mapping
from datetime import datetime

from renkei.answers import Outcome
from renkei.deliveries import Delivery
from renkei.exchanges import ExchangeId
from renkei.sealed_answers import SealedAnswer


def delivery_content(delivery: Delivery) -> Mapping[str, str]:
    """The content of a task that passes an answer on; the answer in it is ciphertext."""
    content = {
        "exchange": delivery.exchange_id.text,
        "outcome": delivery.outcome.name,
        "hidden": "yes" if delivery.provider_hides else "",
    }
    if delivery.answered_at is not None and delivery.answer is not None:
        content |= {
            "answered_at": delivery.answered_at.isoformat(),
            "key": delivery.answer.key_id,
            "ciphertext": delivery.answer.ciphertext.hex(),
        }
    return content


def delivery_of(content: Mapping[str, str]) -> Delivery:
    """The answer that such a task passes on."""
    exchange_id, outcome = ExchangeId(content["exchange"]), Outcome[content["outcome"]]
    if "ciphertext" not in content:
        return Delivery(exchange_id, outcome)
    return Delivery(
        exchange_id,
        outcome,
        datetime.fromisoformat(content["answered_at"]),
        bool(content["hidden"]),
        SealedAnswer(exchange_id, content["key"], bytes.fromhex(content["ciphertext"])),
    )
