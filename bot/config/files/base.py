"""What all the models of the files have in common.

Enters: a mapping of plain data. Leaves: a frozen model, or every fault of the mapping at once.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.fields import FieldInfo


class Entry(BaseModel):
    """A mapping of known keys. A key with nothing after it counts as left out, but where that is itself a value."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_left_out(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        fields = cls.model_fields.items()
        known = {field.alias or name for name, field in fields if not _may_be_none(field)}
        return {key: value for key, value in data.items() if value is not None or key not in known}


def _may_be_none(field: FieldInfo) -> bool:
    """Whether null says "none" where something is assumed if the key is left out."""
    return not field.is_required() and field.default is not None and type(None) in get_args(field.annotation)
