"""What a user did, for the entries of a journal."""

from dataclasses import dataclass

import uuid_utils.compat as uuids

from contracts.ids import ActionId, UserId
from contracts.journal import Via


@dataclass(frozen=True)
class Action:
    """A user's action: its name, its actor and the client used. One action may need several entries."""

    id: ActionId
    name: str
    actor: UserId | None
    via: Via

    @classmethod
    def new(cls, name: str, actor: UserId | None, via: Via) -> "Action":
        """Begins an action."""
        return cls(ActionId(uuids.uuid7()), name, actor, via)
