"""What can go wrong with an identity and nowhere else."""

from http import HTTPStatus

from chassis.errors import FieldError, Problem, Unauthenticated


class EmailTaken(Problem):
    """There is an account with that email address.

    This tells a stranger that the account exists. Hiding it would need a letter to the address, and most
    installations have no mail server; the sign-in limit makes trying many addresses slow.
    """

    slug = "email-taken"
    status = HTTPStatus.CONFLICT
    title = "There is an account already"

    def __init__(self) -> None:
        super().__init__(
            "There is an account with this email address already. You can sign in with it.",
            errors=[FieldError(pointer="/email", detail="there is an account with this address already")],
        )


class WrongCredentials(Unauthenticated):
    """Unknown account or wrong password: the answer is the same."""

    slug = "wrong-credentials"
    title = "That did not match"

    def __init__(self) -> None:
        super().__init__("Email address and password do not belong together.")


class SessionOver(Unauthenticated):
    """The refresh token is missing, unknown, too old, or was used before."""

    slug = "session-over"

    def __init__(self) -> None:
        super().__init__("This session is over. Please sign in again.")


class WrongSecretKeyError(RuntimeError):
    """The keys in the database were stored under another OUTLAY_SECRET_KEY; starting with new ones would hide that."""

    def __init__(self) -> None:
        super().__init__("OUTLAY_SECRET_KEY is not the one under which the keys in this database were stored")
