"""The components of a service, as its endpoints get them: by type."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from fastapi import Request

T = TypeVar("T")


class Components:
    """Objects that live as long as the service, one of each type."""

    def __init__(self, *components: object) -> None:
        self._by_type = {type(component): component for component in components}

    def get(self, kind: type[T]) -> T:
        """Returns the component of exactly this type. Raises KeyError if the service has none."""
        return cast("T", self._by_type[kind])


def component(kind: type[T]) -> Callable[[Request], Awaitable[T]]:
    """Returns the dependency that gives a component to an endpoint."""

    async def provide(request: Request) -> T:  # asynchronous, since FastAPI calls others in a thread
        components: Components = request.app.state.components
        return components.get(kind)

    return provide
