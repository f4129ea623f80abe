"""Turns every error of a FastAPI app into a problem document."""

import logging
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chassis import errors
from chassis.errors import FieldError, Problem

log = logging.getLogger(__name__)

_BY_STATUS: dict[int, Problem] = {
    404: errors.NotFound(),
    405: errors.MethodNotAllowed("Look at the API's description for the methods of this path."),
    413: errors.TooLarge("Please send less at once."),
}

_SENTENCES = {
    "date_from_datetime_parsing": "there is no such day",
    "date_parsing": "there is no such day",
    "extra_forbidden": "this field is not known",
    "missing": "this field is needed",
    "model_attributes_type": "this must be a JSON object",
    "model_type": "this must be a JSON object",
    "string_type": "this must be text, in quotation marks",
}
"""By pydantic's error type, where its own words are not for clients."""


def install(app: FastAPI) -> None:
    """Adds the handlers. No other code of a service writes an error body."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, unexpected)


def respond(problem: Problem) -> JSONResponse:
    """Returns the problem as a response."""
    return JSONResponse(
        problem.document(), status_code=problem.status, headers=problem.headers, media_type=errors.MEDIA_TYPE
    )


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's handler type is wider than what it passes
    return respond(error)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    return respond(problem_of(error.errors()))


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    return respond(_BY_STATUS.get(error.status_code) or errors.BadRequest("The request could not be understood."))


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Logs an internal error, and hides it from the client."""
    log.error("unexpected error", exc_info=error, extra={"path": request.url.path})
    return respond(errors.InternalError())


def problem_of(findings: Iterable[Any]) -> Problem:
    """Returns the problem for pydantic's errors, by the part of the request in which they are."""
    findings = list(findings)
    locations = {item["loc"][0] for item in findings if item["loc"]}
    if "path" in locations:
        return errors.NotFound()
    if any(item["type"] == "json_invalid" for item in findings):
        return errors.BadRequest("The body is not valid JSON.")
    fields = [FieldError(pointer=_pointer(item["loc"]), detail=_sentence(item)) for item in findings]
    detail = "; ".join(f"{field.pointer.lstrip('/') or 'body'}: {field.detail}" for field in fields[:5]) + "."
    kind = errors.Invalid if locations <= {"body"} else errors.BadRequest
    return kind(detail, errors=fields[:50])


def _pointer(loc: tuple[Any, ...]) -> str:
    if loc[0] != "body":
        return str(loc[-1])
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in loc[1:]]
    return "".join(f"/{part}" for part in parts)


def _sentence(item: dict[str, Any]) -> str:
    if sentence := _SENTENCES.get(item["type"]):
        return sentence
    message: str = item["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
