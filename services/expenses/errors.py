"""Errors of the expenses service."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from chassis.errors import Conflict, FieldError, PreconditionFailed, Problem, TooLarge


class KeyUsedForAnotherRequest(Problem):
    """An idempotency key was used before, with another body."""

    slug = "key-used-for-another-request"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "That key was used for another request"

    def __init__(self) -> None:
        super().__init__("Use a new Idempotency-Key for each new request.")


class ChangedSince(Conflict):
    """An undo would overwrite later changes; `changed` lists them."""

    slug = "changed-since"
    title = "Some of it has changed since"

    def __init__(self, changed: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "Some of what that did was changed since, or is in use. Undo the rest with ?skip=changed.",
            changed=changed,
        )


class StaleIfMatch(PreconditionFailed):
    """If-Match refers to an older state."""

    def __init__(self) -> None:
        super().__init__("It changed since you last looked. Look again, then decide.")


class LimitReached(Problem):
    """The ledger has reached the limit of a kind of thing."""

    slug = "limit-reached"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "There is no room for more"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(f"{detail}.", errors=[FieldError(pointer=pointer, detail=detail)])


class StorageFull(TooLarge):
    """The ledgers of an owner have reached the operator's storage limit."""

    slug = "storage-full"
    title = "There is no room for more"

    def __init__(self, quota_bytes: int) -> None:
        super().__init__(
            f"Your ledgers hold {quota_bytes // 1024**2:,} MB, which is as much as this server allows. You can still "
            "delete expenses, export everything and delete whole ledgers. Its operator can allow more."
        )
