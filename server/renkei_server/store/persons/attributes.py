"""The four attributes as they are sealed in a store."""

import json
from datetime import date

from renkei.persons import FourAttributes, Sex


def attributes_as_text(attributes: FourAttributes) -> str:
    """Four attributes as one text, to be sealed."""
    return json.dumps(
        [
            attributes.name,
            attributes.furigana,
            attributes.birth_date.isoformat(),
            attributes.sex.value,
            attributes.postal_code,
            attributes.address,
        ],
        ensure_ascii=False,
    )


def attributes_from_text(text: str) -> FourAttributes:
    """Four attributes from the text that `attributes_as_text` gave."""
    name, furigana, birth_date, sex, postal_code, address = json.loads(text)
    return FourAttributes(
        name, furigana, date.fromisoformat(birth_date), Sex(sex), postal_code, address
    )
