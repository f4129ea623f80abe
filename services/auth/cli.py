"""The operator's commands: `python -m services.auth.cli accounts`. Reads the same environment as auth itself."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from chassis.database.engine import Database
from chassis.errors import Conflict
from chassis.journal.feed import ServiceClient
from chassis.journal.journal import Journal
from chassis.process.clock import Clock, utc_now
from chassis.process.commands import add, print_lines, settings_of
from chassis.security.service_tokens import MissingServiceKeyError, ServiceTokens
from contracts.setup import setup_link
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.registration import Registrations
from services.auth.accounts.registration_policy import RegistrationPolicy
from services.auth.accounts.reset_links import ResetLinks
from services.auth.accounts.verification_emails import VerificationEmails
from services.auth.adoption.service import LedgerAdoption, UnknownLedger
from services.auth.api_tokens import repository as api_token_repository
from services.auth.errors import WrongSecretKeyError
from services.auth.identity import repository as identity_repository
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import EntryRow, JournalRow
from services.auth.one_time_links import OneTimeLinks
from services.auth.sessions.current_user import UserAuthenticator
from services.auth.sessions.refresh_tokens import RefreshTokens
from services.auth.sessions.sessions import SessionLifetime, Sessions
from services.auth.settings import Settings
from services.auth.signing_keys.encryption import Encryption, derive
from services.auth.signing_keys.signing_keys import SigningKeys
from services.auth.stopwatch import Stopwatch
from services.auth.throttling.login_throttle import LoginThrottle

PROGRAM = "outlay auth"
_MOMENT = "%Y-%m-%d %H:%M UTC"


class CliComponents(NamedTuple):
    """The components that the commands use."""

    database: Database
    keys: SigningKeys
    reset_links: ResetLinks
    registration: Registrations
    adoption: LedgerAdoption
    setup_link: str


class CliCall(NamedTuple):
    """The components, and the command's arguments."""

    components: CliComponents
    arguments: argparse.Namespace


def build(settings: Settings, clock: Clock = utc_now) -> CliComponents:
    """Creates the components, over the same database as the running service."""
    secret = settings.outlay_secret_key.get_secret_value()
    database = Database(settings.database_url)
    links = OneTimeLinks(settings.outlay_public_url)
    life = SessionLifetime(timedelta(days=settings.session_idle_days), timedelta(days=settings.session_life_days))
    sessions = Sessions(RefreshTokens(derive(secret, "refresh-tokens")), life, clock, Stopwatch(clock))
    throttle = LoginThrottle(derive(secret, "tries"), clock)
    journal = IdentityJournal(database, Journal(JournalRow, EntryRow), lambda: None)
    authenticator, verification_emails = (
        UserAuthenticator(sessions, partial(api_token_repository.is_valid, clock=clock)),
        VerificationEmails(links, throttle, None, clock),
    )
    verification = EmailVerification(database, journal, authenticator, verification_emails, clock)
    policy = RegistrationPolicy(settings.outlay_registration, secret)
    expenses = ServiceClient(settings.expenses_url, "expenses", ServiceTokens("auth", settings.service_keys))
    return CliComponents(
        database,
        SigningKeys(database, Encryption(secret), timedelta(days=settings.key_rotation_days), clock),
        ResetLinks(database, links, throttle, None, clock),
        Registrations(database, sessions, links, verification, policy, clock),
        LedgerAdoption(database, journal, expenses, clock),
        setup_link(settings.outlay_public_url, secret),
    )


def rotate_keys(call: CliCall) -> Iterator[str]:
    """Publishes the next key. It signs once every verifier has read it."""
    yield f"The next key is published, and signs from {call.components.keys.rotate().strftime(_MOMENT)}."
    yield "No one is signed out. The previous key is deleted once its last token has expired."


def reset_link(call: CliCall) -> Iterator[str]:
    """Creates a link that sets a new password, for a user who has forgotten theirs."""
    try:
        link = call.components.reset_links.create_link(call.arguments.email)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    if link is None:
        raise SystemExit(f"There is no account with the address {call.arguments.email}.")
    yield link
    yield "Valid for one hour, and once. Give it only to the owner of the account."


def invite(call: CliCall) -> Iterator[str]:
    """Creates a link with which one person may register."""
    invitation = call.components.registration.invite_by_operator()
    yield invitation.link
    yield f"Valid until {invitation.expires_at.strftime(_MOMENT)}, and once."


def make_admin(call: CliCall) -> Iterator[str]:
    """Makes an account an administrator, for example after the only one was deleted."""
    try:
        is_known = call.components.registration.make_admin(call.arguments.email)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    if not is_known:
        raise SystemExit(f"There is no account with the address {call.arguments.email}.")
    yield f"{call.arguments.email} is an administrator now."


def setup_token(call: CliCall) -> Iterator[str]:
    """Shows the link by which the administrator signs up, while there is no administrator."""
    if call.components.registration.has_administrator():
        raise SystemExit(f"There is an administrator already. To add another: {PROGRAM} make-admin EMAIL")
    yield call.components.setup_link
    yield "The person who signs up by this link becomes the administrator."
    yield f"To make an existing account the administrator: {PROGRAM} make-admin EMAIL"


def accounts(call: CliCall) -> Iterator[str]:
    """Lists all accounts, oldest first."""
    with call.components.database.snapshot() as session:
        rows = identity_repository.accounts(session)
    for row in rows:
        yield f"{row.id}  {row.created_at:%Y-%m-%d}  {row.email}{'  (administrator)' if row.admin else ''}"
    yield f"{len(rows):,} in all."


def unknown_ledgers(call: CliCall) -> Iterator[str]:
    """Lists the ledgers of the book that auth does not know, for example after an old backup was restored."""
    count = 0
    for ledger in call.components.adoption.unknown():
        count += 1
        yield _line_of(ledger)
    yield f"{count:,} in all." + (f" Give one to an account: {PROGRAM} adopt LEDGER EMAIL" if count else "")


def adopt(call: CliCall) -> Iterator[str]:
    """Gives a ledger that auth does not know to an account, which becomes its owner."""
    call.components.adoption.adopt(call.arguments.ledger, call.arguments.email)
    yield f"{call.arguments.email} now owns the ledger {call.arguments.ledger}, and can rename it and invite people."


def _line_of(ledger: UnknownLedger) -> str:
    unknown = [f"unknown accounts: {ledger.unknown_authors}"] if ledger.unknown_authors else []
    authors = ", ".join([*ledger.authors, *unknown]) or "no account"
    return f"{ledger.id}  {ledger.opened_at:%Y-%m-%d}  entries: {ledger.entries:,}  written by: {authors}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(PROGRAM, description="Accounts, and the keys that sign people in.")
    commands = parser.add_subparsers(required=True)
    add(commands, "accounts", accounts)
    add(commands, "reset-link", reset_link).add_argument("email", help="the address of the account")
    add(commands, "invite", invite)
    add(commands, "setup-token", setup_token)
    add(commands, "make-admin", make_admin).add_argument("email", help="the address of the account")
    add(commands, "rotate-keys", rotate_keys)
    add(commands, "unknown-ledgers", unknown_ledgers)
    adoption = add(commands, "adopt", adopt)
    adoption.add_argument("ledger", type=UUID, help="the id of the ledger, as unknown-ledgers lists it")
    adoption.add_argument("email", help="the address of the account")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command, and prints its output line by line."""
    parsed = _parser().parse_args(arguments)
    components = build(settings_of(Settings))
    try:
        print_lines(parsed.command(CliCall(components, parsed)))
    except DBAPIError as error:
        raise SystemExit(f"The database of auth cannot be read: {error.orig}") from error
    except (Conflict, MissingServiceKeyError, WrongSecretKeyError) as error:
        raise SystemExit(str(error)) from error
    finally:
        components.database.close()


if __name__ == "__main__":
    main()
