"""People who share ledgers, as auth knows them."""

from typing import Any

from contracts.journal import FeedPage
from tests.support.auth import SERVICE_KEY, Auth, AuthResponse, service_token


class LedgerMember:
    """A user with an account, who sends requests with the token of their newest sign-in."""

    def __init__(self, auth: Auth, name: str, email: str = "") -> None:
        self.auth = auth
        answer = auth.register(email, name=name)
        self.id: str = answer.body["user"]["id"]
        self.email: str = answer.body["user"]["email"]
        self._refresh = answer.refresh
        self.access = answer.access

    def sign_in(self) -> None:
        """Opens another session."""
        answer = self.auth.login(self.email)
        assert answer.status == 200, answer.body
        self._refresh, self.access = answer.refresh, answer.access

    def refresh(self) -> dict[str, str]:
        """Carries the session on; the roles that the new token has."""
        answer = self.auth.refresh(self._refresh)
        self.access = answer.access
        if self.auth.names.refresh in answer.set_cookies:
            self._refresh = answer.refresh
        return {ledger["id"]: ledger["role"] for ledger in answer.body["user"]["ledgers"]}

    def request(self, method: str, path: str, body: Any = None) -> AuthResponse:
        return self.auth.call(method, f"/api/v1{path}", body, Authorization=f"Bearer {self.access}")

    def make_ledger(self, name: str = "Household") -> str:
        """The id of a ledger to share."""
        answer = self.request("POST", "/ledgers", {"name": name})
        assert answer.status == 201, answer.body
        ledger: str = answer.body["id"]
        return ledger

    def invite(self, ledger: str, role: str = "editor", **different: Any) -> str:
        """What stands in the link."""
        answer = self.request("POST", f"/ledgers/{ledger}/invitations", {"role": role} | different)
        assert answer.status == 201, answer.body
        token: str = answer.body["token"]
        return token

    def accept(self, token: str) -> AuthResponse:
        return self.request("POST", "/invitations/accept", {"token": token})

    def share(self, ledger: str, other: "LedgerMember", role: str = "editor") -> None:
        """Invites another user, who accepts."""
        assert other.accept(self.invite(ledger, role)).status == 200

    def members(self, ledger: str) -> dict[str, str]:
        """Names and roles."""
        return {item["name"]: item["role"] for item in self.request("GET", f"/ledgers/{ledger}/members").body["items"]}


def identity_changes(auth: Auth, after: int, key: str = SERVICE_KEY) -> list[tuple[str, str, Any, Any]]:
    """Kind, account, and role or epoch before and after, of whatever was noted since."""
    page = FeedPage.model_validate(
        auth.get(f"/internal/identity?after={after}", service_token("gateway", key=key)).body
    )
    return [
        (
            pair.kind,
            (pair.before or pair.after or {}).get("account", str(pair.id)),
            *((image or {}).get("role", (image or {}).get("epoch")) for image in (pair.before, pair.after)),
        )
        for entry in page.entries
        for pair in entry.pairs
    ]


def head_of_identity(auth: Auth, key: str = SERVICE_KEY) -> int:
    head: int = auth.get("/internal/identity", service_token("gateway", key=key)).body["head"]
    return head
