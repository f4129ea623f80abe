"""One session as a browser with two tabs, a bad line, a gateway and perhaps a thief see it, second by second.

The session service is the real one, on a real database; time, line and people are simulated from a seed. An
interleaving raises AssertionError where the service breaks one of its two promises:

- without a thief no refresh is refused, even when responses are lost, late or requested twice;
- a token whose successor was first used more than 20 s ago ends the session, presented by the browser or the thief.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from contracts.identity import GenerationUse
from contracts.ids import UserId
from services.auth.errors import SessionExpired, TokenReused
from services.auth.sessions import repository as session_repository
from services.auth.sessions.refresh_tokens import RefreshToken, RefreshTokens
from services.auth.sessions.sessions import SessionLifetime, Sessions
from services.auth.stopwatch import Stopwatch
from services.auth.throttling.client_info import ClientInfo

GRACE = 20.0
"""Seconds. Written down here again: a promise is not what the code says."""
SLOWEST_REQUEST = 15.0
SLOWEST_ANSWER = 45.0
"""Seconds from sending to the answer: 15 until a page gives up, and 30 that browsers grant to a page that has gone."""
YEAR = 365 * 86_400

LIFE = SessionLifetime(idle=timedelta(days=36_500), total=timedelta(days=36_500))
"""Ages are not what is tried here."""


class Clocks:
    """The seconds that pass, and a wall clock that may be set."""

    def __init__(self) -> None:
        self.now = 0.0
        self._wall = datetime(2026, 11, 26, tzinfo=UTC)

    def wall(self) -> datetime:
        return self._wall + timedelta(seconds=self.now)

    def monotonic(self) -> float:
        return self.now

    def set(self, by: float) -> None:
        self._wall += timedelta(seconds=by)


@dataclass
class TokenHolder:
    """A holder of tokens: the browser, or the thief."""

    name: str
    tokens: list[RefreshToken]
    access: list[int]
    """Generations of the access tokens that they hold."""


@dataclass
class Interleaving:
    """One run. `trace` says what happened."""

    session: Session
    account: UserId
    seed: int
    counted: Counter[str]
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._clocks = Clocks()
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._over = False
        self._current = 0
        self._used: dict[int, float] = {}
        """When each generation was first used, as far as auth knows."""
        self._seen: dict[int, float] = {}
        """When the gateway first saw an access token of each generation."""
        self._has_thief = self._random.random() < 0.4
        self._sets_clock = self._random.random() < 0.5
        """Otherwise auth is restarted now and then: both within a minute is more than is promised."""
        self._start_auth()
        opened = self._sessions.open(self.session, self.account, ClientInfo(None, None))
        assert opened.refresh_token is not None
        self._family = opened.id
        self._browser = TokenHolder("browser", [opened.refresh_token], [0])
        self._thief = TokenHolder("thief", [], [])

    def run(self) -> None:
        for _ in range(self._random.randint(5, 12)):
            self._act()
            self._pass(self._pause())
            if self._over:
                break
        self._pass(2 * SLOWEST_ANSWER)
        if not self._over:
            self._refresh()
            self._pass(2 * SLOWEST_ANSWER)
        self.counted["ended" if self._over else "lived"] += 1

    def _act(self) -> None:
        acts = [self._refresh, self._refresh, self._use, self._use, self._disturb]
        if self._has_thief:
            acts += [self._steal, self._present_stolen, self._use_stolen]
        self._random.choice(acts)()

    def _pause(self) -> float:
        longest = self._random.choice((0.0, 3.0, 3.0, 30.0, 100.0, 900.0, 86_400.0))
        return self._random.uniform(0, longest)

    def _pass(self, seconds: float) -> None:
        end = self._clocks.now + seconds
        while self._queue and self._queue[0][0] <= end:
            self._clocks.now, _, event = heapq.heappop(self._queue)
            event()
        self._clocks.now = end

    def _later(self, seconds: float, event: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._queue, (self._clocks.now + seconds, self._number, event))

    def _say(self, text: str) -> None:
        self.trace.append(f"{self._clocks.now:10.3f} {text}")

    def _start_auth(self) -> None:
        stopwatch = Stopwatch(self._clocks.wall, self._clocks.monotonic)
        self._sessions = Sessions(RefreshTokens(b"a key"), LIFE, self._clocks.wall, stopwatch)

    def _disturb(self) -> None:
        if not self._sets_clock:
            self._say("auth restarts")
            self._start_auth()
            return
        by = self._random.choice((-1, 1)) * self._random.uniform(1, self._random.choice((60, 7200, YEAR)))
        self._say(f"the clock is set by {by:.0f} s")
        self.counted["clock set"] += 1
        self._clocks.set(by)

    def _refresh(self) -> None:
        """A tab sends what the cookie holds; now and then the request is sent twice on its way."""
        token = self._browser.tokens[-1]
        for _ in range(self._random.choice((1, 1, 1, 2))):
            up = self._random.choice((0.0, self._random.uniform(0, SLOWEST_REQUEST)))
            down = self._random.choice((0.0, self._random.uniform(0, SLOWEST_ANSWER - up)))
            lost = self._random.random() < 0.3
            self._later(up, lambda down=down, lost=lost: self._arrive(token, down, lost=lost))  # type: ignore[misc]

    def _arrive(self, token: RefreshToken, down: float, *, lost: bool) -> None:
        answer = self._present(self._browser, token)
        if answer is None or lost:
            self.counted["answer lost"] += answer is not None
            return
        self._later(down, lambda: self._take(self._browser, *answer))

    def _take(self, party: TokenHolder, token: RefreshToken | None, generation: int) -> None:
        """The cookies of an answer: each replaces the one before."""
        self._say(f"{party.name} gets {'no token' if token is None else token.generation}, access {generation}")
        party.access = [generation]
        if token is not None:
            self.counted["older cookie"] += token.generation < party.tokens[-1].generation
            party.tokens = [token]

    def _use(self) -> None:
        self._see(self._random.choice(self._browser.access))

    def _see(self, generation: int) -> None:
        """A gateway sees an access token, and reports a generation once; the report may wait."""
        if generation in self._seen:
            return
        self._say(f"access {generation} is used")
        self._seen[generation] = self._clocks.now
        wait = self._random.choice((0.0, 1.0, 1.0, 40.0))
        self._later(self._random.uniform(0, wait), lambda: self._report(generation))

    def _report(self, generation: int) -> None:
        age = self._clocks.now - self._seen[generation]
        self._say(f"access {generation} is reported, {age:.3f} s later")
        self._sessions.confirm(self.session, [GenerationUse(session=self._family, generation=generation, age=age)])
        self._note_use(generation, self._seen[generation])

    def _steal(self) -> None:
        self._thief.tokens += self._browser.tokens
        self._thief.access += self._browser.access
        self._say(f"the thief copies {self._browser.tokens[-1].generation}")

    def _present_stolen(self) -> None:
        if self._thief.tokens:
            answer = self._present(self._thief, self._random.choice(self._thief.tokens))
            if answer is not None:
                self._thief.tokens += [answer[0]] if answer[0] is not None else []
                self._thief.access.append(answer[1])

    def _use_stolen(self) -> None:
        if self._thief.access:
            self._see(self._random.choice(self._thief.access))

    def _present(self, party: TokenHolder, token: RefreshToken) -> tuple[RefreshToken | None, int] | None:
        """What auth answers; None where the session is over."""
        if self._over:
            return None
        generation = token.generation
        must_end = generation < self._current - 1 or self._is_over_due(generation)
        try:
            opened = self._sessions.refresh(self.session, token, None)
        except SessionExpired as over:
            self._say(f"{party.name} presents {generation}: {type(over).__name__}")
            self._end(over, must_end=must_end)
            return None
        new = None if opened.refresh_token is None else opened.refresh_token.generation
        self._say(f"{party.name} presents {generation}: gets {new}, access {opened.generation}")
        assert not must_end, self._story("a token whose successor is long in use is good")
        self._count(generation, opened.generation, kept=new is None)
        self._note_use(generation, self._clocks.now)
        self._current = max(self._current, opened.generation)
        return opened.refresh_token, opened.generation

    def _end(self, over: SessionExpired, *, must_end: bool) -> None:
        """As the service does after that refusal."""
        assert isinstance(over, TokenReused), self._story("a live session is unknown")
        assert self._has_thief, self._story("no token was copied, and the session ends")
        session_repository.delete_session(self.session, over.account, over.family)
        self.counted["had to end"] += must_end
        self._over = True

    def _is_over_due(self, generation: int) -> bool:
        later = [moment for number, moment in self._used.items() if number > generation]
        return any(self._clocks.now - moment > GRACE + 1e-5 for moment in later)  # databases keep microseconds

    def _note_use(self, generation: int, moment: float) -> None:
        self._used[generation] = min(moment, self._used.get(generation, moment))

    def _count(self, presented: int, current: int, *, kept: bool) -> None:
        self.counted["kept" if kept else "rotated" if current > self._current else "repeated"] += 1
        self.counted["late predecessor"] += presented < current and bool(self._used.get(current))

    def _story(self, complaint: str) -> str:
        return "\n".join([f"seed {self.seed}: {complaint}", *self.trace])
