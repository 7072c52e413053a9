"""Links that open an explorer once: each carries a token, which a browser swaps for a cookie of its own.

The token stands in one address only, whose button sends the browser elsewhere; when it has been used it is worth
nothing, to a history or a log as to anybody who looks over a shoulder. The cookie is out of reach of scripts
(HttpOnly), is sent along by no other site (SameSite=Strict), and reaches what lies beside the link only. It was chosen
over a token in the fragment of the address, which scripts would have to keep: what scripts can read, a script that
should not be there can send away, and a file that is downloaded by a link could not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from threading import Lock
from time import monotonic
from typing import Final, Generic, TypeVar

__all__ = ["Links"]

W = TypeVar("W")

_BYTES: Final = 32
_EACH: Final = 50
_KEPT: Final = 5_000
_HOUR: Final = 3_600
_LONGEST: Final = 16_384


class Links(Generic[W]):
    """Hands out tokens that open an explorer for somebody, once, and knows whose browser it is from then on.

    Tokens are valid for 24 hours, a browser for 12. Both are forgotten when the process ends. Only digests are kept, of
    at most fifty each for one of those who come, so that nobody drives others out, and of five thousand in all.

    >>> links = Links()
    >>> token = links.new(7)
    >>> links.is_new(token)
    True
    >>> cookie = links.swap(token, is_secure=False)
    >>> links.whose({"cookie": cookie.partition(";")[0]}), links.is_new(token), links.swap(token, is_secure=False)
    (7, False, None)
    """

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        # Cookies do not part the ports of a host: each explorer has a name of its own.
        self.cookie: str = f"explorer-{token_hex(4)}"
        self._clock = clock
        self._lock = Lock()
        self._tokens: dict[bytes, tuple[W, float]] = {}
        self._browsers: dict[bytes, tuple[W, float]] = {}

    def new(self, who: W) -> str:
        """Make a token that opens the explorer for somebody."""
        return self._add(self._tokens, who, 24 * _HOUR)

    def is_new(self, token: str) -> bool:
        """Tell whether a token would open the explorer, which uses nothing up."""
        with self._lock:
            _, until = self._tokens.get(_digest(token), (None, -1.0))
        return until >= self._clock()

    def swap(self, token: str, *, is_secure: bool) -> str | None:
        """Give the `Set-Cookie` of a browser that has a token, which is used up by that; None for one that is none."""
        with self._lock:
            who, until = self._tokens.pop(_digest(token), (None, 0.0))
        if who is None or until < self._clock():
            return None
        value = self._add(self._browsers, who, 12 * _HOUR)
        # Without a path the cookie goes to what lies beside the link, wherever the explorer is mounted.
        secure = "; Secure" if is_secure else ""
        return f"{self.cookie}={value}; Max-Age={12 * _HOUR}; HttpOnly; SameSite=Strict{secure}"

    def whose(self, headers: Mapping[str, str]) -> W | None:
        """Tell whose browser a request is from; None for one that no link was opened in."""
        cookies = headers.get("cookie", "")[:_LONGEST].replace(",", ";").split(";")
        sent = dict(cookie.strip().partition("=")[::2] for cookie in cookies)
        with self._lock:
            who, until = self._browsers.get(_digest(sent.get(self.cookie, "")), (None, 0.0))
        return who if until >= self._clock() else None

    def _add(self, kept: dict[bytes, tuple[W, float]], who: W, seconds: int) -> str:
        token = token_urlsafe(_BYTES)
        with self._lock:
            own = [digest for digest, (whose, _) in kept.items() if whose == who]
            if len(own) >= _EACH:
                del kept[own[0]]  # the oldest
            elif len(kept) >= _KEPT:
                del kept[next(iter(kept))]
            kept[_digest(token)] = who, self._clock() + seconds
        return token


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
