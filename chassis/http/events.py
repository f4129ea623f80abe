"""Events of a response that is a stream of server-sent events."""

from typing import ClassVar

from pydantic import BaseModel


class StreamEvent(BaseModel):
    """The data of one event. Clients know it by `event`, not by the name of the class."""

    event: ClassVar[str]
