"""Sending one request to a speech service and taking its answer: bounded, to one address only, the key never shown."""

from __future__ import annotations

import ipaddress
import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.tts.online import Busy, Refused, Service

if TYPE_CHECKING:
    from audiopress.tts.http_apis import Request
    from audiopress.tts.online import Limits

LARGEST = 64_000_000  # bytes of an answer: ten minutes of 48 kHz PCM, the most any service sends
ABOUT = 4096  # bytes of an error message that are looked at
TO_CONNECT = 15.0  # seconds
#: Words in an error message that say the account's credit is used up: OpenAI's and ElevenLabs'.
NO_CREDIT = (b"insufficient_quota", b"quota_exceeded")
#: A proxy is asked for what is on the web, not for what runs on this machine.
DIRECT: dict[str, httpx.AsyncBaseTransport | None] = {
    "all://localhost": None,
    "all://127.0.0.1": None,
    "all://[::1]": None,
}


class HttpService(Service):
    """A service that is asked over HTTP, through one client that keeps its connections."""

    def __init__(self, name: str, limits: Limits, key: str) -> None:
        """``key`` is the name of the environment variable that holds the key, "" where none is sent."""
        super().__init__(name, limits)
        self._key = key
        self._client: httpx.AsyncClient | None = None

    async def opened(self) -> None:
        """Make the client."""
        try:
            self._client = httpx.AsyncClient(
                headers={"User-Agent": "audiopress"},
                timeout=httpx.Timeout(None, connect=TO_CONNECT),  # a whole try has its own
                follow_redirects=False,  # the key is for this address alone
                limits=httpx.Limits(max_keepalive_connections=self.limits.concurrency),
                mounts=DIRECT,
            )
        except ImportError as error:
            raise EngineUnavailable("Speaking through a SOCKS proxy needs: pip install 'httpx[socks]'") from error
        except (ValueError, httpx.InvalidURL):  # what it says may show a proxy's password
            raise EngineUnavailable(
                "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY holds no address of a proxy; set or unset them."
            ) from None

    async def closed(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()

    async def send(self, request: Request) -> bytes:
        """The body of the answer; raises what `Service.fetch` knows how to treat.

        Nothing that the server says is quoted: it might hold the key.
        """
        if self._client is None:
            raise AssertionError  # unreachable: the client is made before the first request
        try:
            async with self._client.stream(
                "POST", request.url, headers=request.headers, content=request.body
            ) as response:
                if response.status_code != HTTPStatus.OK:
                    raise self._failure(response, await _bounded(response, ABOUT))
                data = await _bounded(response, LARGEST + 1)
        except httpx.TimeoutException as error:
            raise EngineError("it does not answer") from error
        except httpx.ConnectError as error:
            raise ConnectionError(f"no connection to {httpx.URL(request.url).host}") from error
        except httpx.HTTPError as error:  # what it says of itself may name more than the user should see
            raise EngineError("the connection broke off") from error
        if len(data) > LARGEST:
            raise EngineError(f"it sent more than {LARGEST // 1_000_000} MB for one sentence")
        return data

    def _failure(self, response: httpx.Response, about: bytes) -> EngineError:
        """What a status other than 200 means."""
        status, name, look = response.status_code, self.name, "see the [options] of the voice file"
        if any(word in about for word in NO_CREDIT):
            return Refused(f"The credit of your {name} account is used up ({status}); add to it or wait for the next.")
        match status:
            case HTTPStatus.UNAUTHORIZED if self._key:
                return Refused(f"{name} does not accept the key in {self._key} (401); set the right one.")
            case HTTPStatus.UNAUTHORIZED:
                return Refused(f"{name} asks for a key (401); name its environment variable in the voice file's key.")
            case HTTPStatus.PAYMENT_REQUIRED:
                return Refused(f"{name} asks for a payment (402); see to your account there.")
            case HTTPStatus.FORBIDDEN:
                return Refused(f"{name} does not let you use this voice (403); {look}, your plan and your country.")
            case HTTPStatus.NOT_FOUND:
                return Refused(f"{name} does not know this address, model or voice (404); {look}.")
            case HTTPStatus.REQUEST_TIMEOUT | HTTPStatus.TOO_EARLY | HTTPStatus.TOO_MANY_REQUESTS:
                return Busy(f"it is asked too much ({status})", retry_after(response.headers))
            case _ if response.is_server_error:
                return Busy(f"it has trouble of its own ({status})", retry_after(response.headers))
            case _ if response.is_redirect:
                return Refused(f"{name} has moved ({status}), and the key is sent nowhere else; mend the base_url.")
            case _:
                return Refused(f"{name} does not accept what it is asked ({status}); {look}.")


def guarded(base: str) -> str:
    """An address that a key may be sent to: https, or this machine; raises ConfigError.

    Addresses with a password or a query are refused, for addresses are shown and stored.
    """
    try:
        url = httpx.URL(base)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.userinfo or url.query or url.fragment:
        raise ConfigError("The address of a speech service holds no password and no '?'; put the key in a variable.")
    if url.host and (url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host))):
        return base
    raise ConfigError(f"{base} is no address for a speech service: it starts with https://, or http://localhost.")


def retry_after(headers: httpx.Headers) -> float:
    """How many seconds a server asks to wait: 2.5, or a date as RFC 9110 allows; 0 where it does not say.

    OpenAI and Azure also send ``retry-after-ms``, which is finer.
    """
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except ValueError:
        return 0.0


async def _bounded(response: httpx.Response, most: int) -> bytes:
    """The body, or its first ``most`` bytes."""
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) >= most:
            break
    return bytes(data[:most])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
