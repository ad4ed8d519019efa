"""The headers of every answer, so that no page of a show can be made to do what it was not made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a page may load, all of it from the server itself; scripts and styles never lie within a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
#: Of what a page can ask of a device, the player needs the microphone (voice commands) and nothing else.
_DEVICE = "microphone=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=()"
ALWAYS = {
    "content-security-policy": POLICY,
    "permissions-policy": _DEVICE,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
#: Podcast apps that run in a browser read feeds, transcripts and chapters, and ask for pieces of the sound.
FOR_ALL = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    "cross-origin-resource-policy": "cross-origin",
}
#: What a browser asks for before it sends a request with headers of its own.
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "Range, If-Range, If-None-Match, If-Modified-Since, Cache-Control",
    "access-control-max-age": "86400",  # a day; browsers keep it for two hours at most
}


class SafeHeaders:
    """Adds `ALWAYS` to each answer of an application, but for what the answer says itself."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                add(MutableHeaders(scope=message), ALWAYS)
            await send(message)

        await self.app(scope, receive, send_safely)


def add(headers: MutableHeaders, more: Mapping[str, str]) -> None:
    """Add headers that are not there yet."""
    for name, value in more.items():
        headers.setdefault(name, value)
