"""The Bot API of Telegram, as far as audio in channels needs it. The token is in no address that anybody sees."""

from __future__ import annotations

import io
import json
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from audiopress.errors import PublishError
from audiopress.publish.patience import Passing
from audiopress.publish.targets import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiopress.publish.posts import Post
    from audiopress.publish.targets import ChannelTarget

#: Seconds for a connection, for a block to leave, and for an answer: Telegram keeps a caller waiting until all of a
#: large file has been stored.
_CONNECT, _WRITE, _READ = 20.0, 120.0, 300.0
#: Bytes of a thumbnail; Telegram ignores larger ones (Bot API, "sendAudio").
_LARGEST_THUMBNAIL = 200_000
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_LARGE, _TOO_MANY, _BUSY = 401, 403, 404, 413, 429, 500


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio file to be posted, and who wants to know how much of it has been read."""

    path: Path
    media_type: str
    thumbnail: bytes  #: a JPEG file, b"" for none
    moved: Callable[[int], None]

    @property
    def has_thumbnail(self) -> bool:
        """Whether there is one that Telegram takes."""
        return 0 < len(self.thumbnail) <= _LARGEST_THUMBNAIL


class Gone(PublishError):  # noqa: N818 - a state, as EngineUnavailable is
    """A message is not in the channel any more."""


class Kept(PublishError):  # noqa: N818 - a state, as EngineUnavailable is
    """A message cannot be deleted by a bot any more."""


#: What Telegram says where the bot is in the channel but may not post there.
_NO_RIGHTS = ("not enough rights", "need administrator rights", "chat_write_forbidden", "chat_admin_required")


class _Unchanged(PublishError):  # noqa: N818 - a state, as EngineUnavailable is
    """A message shows already what it was to show."""


class Bot:
    """Posts, changes and deletes messages of one channel."""

    def __init__(self, target: ChannelTarget) -> None:
        """Prepare a client; nothing is sent."""
        self._target = target
        self._client = _client(target)

    def send(self, post: Post, sound: Sound) -> int:
        """Post an audio file; return the number of the message."""
        fields = {
            "chat_id": self._target.chat,
            "title": post.title,
            "performer": post.performer,
            "duration": str(round(post.seconds)),
            "caption": post.caption,
        }
        answer = self._call("sendAudio", fields, sound)
        return int(answer["message_id"])

    def replace(self, message: int, post: Post, sound: Sound) -> None:
        """Put an audio file into an earlier message; raises Gone where that was deleted."""
        media = {
            "type": "audio",
            "media": "attach://audio",
            "title": post.title,
            "performer": post.performer,
            "duration": round(post.seconds),
            "caption": post.caption,
        }
        if sound.has_thumbnail:
            media["thumbnail"] = "attach://thumbnail"
        fields = {"chat_id": self._target.chat, "message_id": str(message), "media": json.dumps(media)}
        with suppress(_Unchanged):
            self._call("editMessageMedia", fields, sound)

    def delete(self, message: int) -> None:
        """Delete a message; raises Gone where it is not there, Kept where Telegram keeps it."""
        self._call("deleteMessage", {"chat_id": self._target.chat, "message_id": str(message)})

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _call(self, method: str, fields: Mapping[str, str], sound: Sound | None = None) -> Any:
        """Call a method of the API once; a sound is read from disk as it is sent."""
        with ExitStack() as stack:
            files: dict[str, tuple[str, Any, str]] = {}
            if sound is not None:
                stream = stack.enter_context(_Counted(sound))
                files["audio"] = (sound.path.name, stream, sound.media_type)
                if sound.has_thumbnail:
                    files["thumbnail"] = ("cover.jpg", sound.thumbnail, "image/jpeg")
            try:
                response = self._client.post(f"{self._target.api}/{method}", data=fields, files=files or None)
            except httpx.HTTPError as error:
                raise Passing(
                    f"Telegram ({self._target.api}) cannot be reached ({type(error).__name__}); check the network, or "
                    "set HTTPS_PROXY, and publish again."
                ) from error
        try:
            answer = response.json()
        except ValueError:
            answer = {}
        if not isinstance(answer, dict):
            answer = {}
        if response.is_success and answer.get("ok"):
            return answer.get("result")
        raise self._refusal(response.status_code, answer)

    def _refusal(self, status: int, answer: Mapping[str, Any]) -> PublishError:
        """What Telegram's no means, and what to do."""
        said = str(answer.get("description", "")).replace(self._target.token, "…")
        lower = said.lower()
        chat = self._target.chat
        if status == _TOO_MANY:
            parameters = answer.get("parameters")
            after = parameters.get("retry_after") if isinstance(parameters, dict) else None
            seconds = float(after) if isinstance(after, int | float) else None
            return Passing(f"Telegram asks to wait {after or 'a few'} seconds; publish again then.", seconds)
        if status >= _BUSY:
            return Passing(f"Telegram does not answer as it should ({status}); publish again later.")
        if status in {_UNAUTHORIZED, _NOT_FOUND} and "chat" not in lower:
            return PublishError(f"Telegram does not know the bot; copy its token from @BotFather into {TOKEN} again.")
        if status == _TOO_LARGE or "too large" in lower or "too big" in lower:
            return PublishError(
                "A file is larger than Telegram takes; lower the bitrate, or use a Bot API server of your own."
            )
        if status == _FORBIDDEN or any(sign in lower for sign in _NO_RIGHTS):
            return PublishError(
                f"The bot may not post in {chat}; make it an administrator there who may post messages."
            )
        if "chat not found" in lower:
            return PublishError(
                f"Telegram finds no channel {chat}; check its name, and make the bot an administrator there."
            )
        if "message is not modified" in lower:
            return _Unchanged(said)
        if "can't be deleted" in lower:
            return Kept(said)
        if "not found" in lower or "message_id_invalid" in lower or "can't be edited" in lower:
            return Gone(f"A message has gone from {chat} ({said}); publish again.")
        return PublishError(
            f"Telegram refused what was posted in {chat} ({status}: {said}); mend that and publish again."
        )


class _Counted(io.BufferedReader):
    """A file that tells how much of it was read."""

    def __init__(self, sound: Sound) -> None:
        try:
            super().__init__(io.FileIO(sound.path))
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise PublishError(f"{sound.path} cannot be read ({why}); publish again.") from error
        self._moved = sound.moved

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self._moved(len(block))
        return block


class _Keyed(httpx.BaseTransport):
    """Puts the token into an address at the last moment: requests, errors and logs are without it."""

    def __init__(self, target: ChannelTarget, transport: httpx.BaseTransport) -> None:
        self._target = target
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        before, _, method = request.url.path.rpartition("/")
        url = request.url.copy_with(path=f"{before}/bot{self._target.token}/{method}")
        keyed = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return self._transport.handle_request(keyed)

    def close(self) -> None:
        self._transport.close()


def _client(target: ChannelTarget) -> httpx.Client:
    """A client that goes through the proxy of the environment: where Telegram is blocked there is no other way."""
    parts = urlsplit(target.api)
    host = parts.hostname or ""
    proxies = {} if proxy_bypass(host) else getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    try:
        transport = httpx.HTTPTransport(proxy=proxy)
    except ImportError as error:
        raise PublishError("The proxy speaks SOCKS; install what that needs with: pip install httpx[socks]") from error
    except (ValueError, httpx.InvalidURL) as error:
        raise PublishError(
            "The proxy that HTTPS_PROXY or ALL_PROXY names cannot be used; correct its address."
        ) from error
    timeout = httpx.Timeout(_CONNECT, read=_READ, write=_WRITE)
    return httpx.Client(transport=_Keyed(target, transport), timeout=timeout, trust_env=False)
