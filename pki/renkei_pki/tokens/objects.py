"""The objects in a token, and what makes a key one that stays there."""

from typing import Any

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.tokens.module import pkcs11


def objects(session: Any, kind: Any, number: bytes | None = None) -> list[Any]:
    """The objects of a kind, of one id or of any."""
    attribute = pkcs11().Attribute
    told = {attribute.CLASS: kind} | ({} if number is None else {attribute.ID: number})
    return list(session.get_objects(told))


def only(found: list[Any]) -> Any:
    """The one that was found. Raises TOKEN_KEY_MISSING where there is none, or more than one."""
    if len(found) != 1:
        raise Refusal(reasons.TOKEN_KEY_MISSING)
    return found[0]


def kept_inside() -> dict[Any, bool]:
    """What is asked of a key that is made."""
    attribute = pkcs11().Attribute
    return {attribute.PRIVATE: True, attribute.SENSITIVE: True, attribute.EXTRACTABLE: False}


def require_inside(key: Any) -> None:
    """Raise TOKEN_UNFIT unless the key can be neither read nor taken out, and never could be."""
    attribute = pkcs11().Attribute
    inside = key[attribute.SENSITIVE] and not key[attribute.EXTRACTABLE]
    if not (inside and key[attribute.NEVER_EXTRACTABLE] and key[attribute.ALWAYS_SENSITIVE]):
        raise Refusal(reasons.TOKEN_UNFIT, "the key could be taken out")
