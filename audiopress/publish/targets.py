"""Where a show is sent: what a user writes, read into a frozen value. No secret is ever printed."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from audiopress.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENDPOINT = "AUDIOPRESS_S3_ENDPOINT"
PASSWORD = "AUDIOPRESS_SFTP_PASSWORD"  # noqa: S105 - the variable's name
TOKEN = "AUDIOPRESS_TELEGRAM_TOKEN"  # noqa: S105 - the variable's name
API = "AUDIOPRESS_TELEGRAM_API"

TELEGRAM = "https://api.telegram.org"

#: Canned ACLs that make sense for what everybody may read (Amazon S3, "Canned ACL").
_ACLS = frozenset(
    {"private", "public-read", "authenticated-read", "bucket-owner-read", "bucket-owner-full-control", "aws-exec-read"}
)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(r"[\w.-]+@[\w.-]+:")
#: Names of channels have 5 letters or more, collectible ones 4 (Telegram FAQ); those without a name a negative number.
_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{5,19}")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_KINDS = "a folder, s3://BUCKET/PREFIX, sftp://USER@HOST/PATH or telegram:@CHANNEL"


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder of this machine, which a web server serves."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class BucketTarget:
    """A bucket of an S3-compatible store."""

    bucket: str
    prefix: str = ""  #: without slashes at its ends
    endpoint: str = ""  #: "" for Amazon's own
    region: str = ""
    acl: str = ""  #: a canned ACL, "" to leave access to the bucket's policy

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True, slots=True)
class ServerTarget:
    """A folder of a server that speaks SFTP."""

    host: str
    path: str  #: "/srv/www", or relative to the user's home without a slash at its beginning
    user: str = ""  #: "" for what ~/.ssh/config says, or the local user's name
    port: int = 0  #: 0 for what ~/.ssh/config says, or 22
    fingerprint: str = ""  #: of the host's key; "" where known_hosts decides
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"sftp://{user}{self.host}{port}{'' if self.path.startswith('/') else '/~/'}{self.path}"


@dataclass(frozen=True, slots=True)
class ChannelTarget:
    """A channel on Telegram, and the bot that posts there."""

    chat: str  #: "@name" or a number
    token: str = field(repr=False)
    api: str = TELEGRAM  #: the Bot API server's address

    @property
    def local(self) -> bool:
        """Whether the Bot API server is the user's own, which takes larger files."""
        return self.api != TELEGRAM

    def __str__(self) -> str:
        return f"telegram:{self.chat}"


type FileTarget = FolderTarget | BucketTarget | ServerTarget
type Target = FileTarget | ChannelTarget
type _Reader = Callable[[SplitResult, Mapping[str, str]], FileTarget]


def parse_target(text: str, environment: Mapping[str, str]) -> Target:
    """Read where a show is to be sent; secrets and endpoints come from the environment.

    ``parse_target("s3://pod/daily?region=eu", os.environ)`` → ``BucketTarget("pod", "daily", region="eu")``.

    Raises:
        PublishError: it is no place to send a show to; the sentence says what to write instead.
    """
    text = text.strip()
    if not text or "\0" in text:
        raise PublishError(f"The target is empty; give {_KINDS}.")
    if text.startswith("telegram:"):
        return _channel(text.removeprefix("telegram:").removeprefix("//"), environment)
    named = _SCHEME.match(text)
    if named is None:
        return _folder(text)
    readers: dict[str, _Reader] = {"s3": _bucket, "sftp": _server, "file": _file}
    scheme = named[1].lower()
    if scheme not in readers:
        raise PublishError(f"A show cannot be sent to {scheme}://; give {_KINDS}.")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise PublishError(f"The {scheme}:// address cannot be read; give {_KINDS}.") from error
    return readers[scheme](parts, environment)


def _folder(text: str) -> FolderTarget:
    if text.startswith("@"):
        raise PublishError(f"For the channel on Telegram write telegram:{text}; for a folder of that name ./{text}.")
    if _SCP.match(text):
        raise PublishError("For a server write sftp://USER@HOST/PATH; for a folder with such a name put ./ before it.")
    try:
        return FolderTarget(Path(text).expanduser())
    except RuntimeError as error:  # ~nobody
        raise PublishError(f"There is no user whose home is meant by {text}; write the folder's whole path.") from error


def _file(parts: SplitResult, _environment: Mapping[str, str]) -> FolderTarget:
    if parts.netloc not in {"", "localhost"} or not parts.path.strip("/"):
        raise PublishError("A file:// address has three slashes and a path, like file:///srv/www/podcast.")
    return FolderTarget(Path(unquote(parts.path)))


def _bucket(parts: SplitResult, environment: Mapping[str, str]) -> BucketTarget:
    if "@" in parts.netloc:
        raise PublishError(
            "Leave keys out of the s3:// address; put them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if not _BUCKET.fullmatch(parts.netloc):
        raise PublishError("An s3:// address names a bucket, like s3://my-bucket/podcast.")
    options = _options(parts, ("endpoint", "region", "acl"))
    endpoint = options.get("endpoint") or environment.get(ENDPOINT, "")
    if endpoint:
        _check_address(endpoint, "The endpoint of the bucket")
    acl = options.get("acl", "")
    if acl and acl not in _ACLS:
        raise PublishError(f"acl={acl} is no canned ACL; write acl=public-read, or leave it out.")
    prefix = "/".join(_plain(unquote(parts.path)))
    return BucketTarget(parts.netloc, prefix, endpoint.rstrip("/"), options.get("region", ""), acl)


def _server(parts: SplitResult, environment: Mapping[str, str]) -> ServerTarget:
    if parts.password is not None:
        raise PublishError(f"Leave the password out of the sftp:// address; put it in {PASSWORD}.")
    path = unquote(parts.path)
    if not parts.hostname or not path.strip("/"):
        raise PublishError("An sftp:// address names a server and a folder there, like sftp://me@example.org/srv/www.")
    fingerprint = (
        _options(parts, ("fingerprint",)).get("fingerprint", "").replace(" ", "+")
    )  # "+" means a space in a URL
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise PublishError("A fingerprint looks like SHA256:… with 43 signs; ssh-keygen -lf shows that of a key.")
    steps = _plain(path)
    home = steps[:1] == ["~"]
    folder = "/".join(steps[1:]) or "." if home else "/" + "/".join(steps)
    return ServerTarget(
        host=parts.hostname,
        path=folder,
        user=unquote(parts.username or ""),
        port=parts.port or 0,
        fingerprint=fingerprint.rstrip("="),
        password=environment.get(PASSWORD, ""),
    )


def _channel(chat: str, environment: Mapping[str, str]) -> ChannelTarget:
    if not _CHANNEL.fullmatch(chat):
        raise PublishError("A channel is written telegram:@its_name, or with its number, telegram:-1001234567890.")
    token = environment.get(TOKEN, "").strip()
    if not token:
        raise PublishError(f"Telegram needs a bot: make one with @BotFather and put its token in {TOKEN}.")
    if not _TOKEN.fullmatch(token):
        raise PublishError(f"{TOKEN} is not what @BotFather gives, digits, a colon and letters; copy it again.")
    api = environment.get(API, "").strip().rstrip("/") or TELEGRAM
    _check_address(api, API)
    return ChannelTarget(chat, token, api)


def _options(parts: SplitResult, known: tuple[str, ...]) -> dict[str, str]:
    """The options after the question mark, each known and given once."""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    unknown = [name for name in options if name not in known]
    if unknown or len(options) < len(pairs) or parts.fragment:
        raise PublishError(f"After the ? of a {parts.scheme}:// address stand {', '.join(known)}, each at most once.")
    return options


def _check_address(address: str, what: str) -> None:
    """Refuse what is no plain address of a server; it is not printed, as it may hold a password."""
    try:
        parts = urlsplit(address)
        _ = parts.port
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        good = good and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if not good:
        raise PublishError(f"{what} must look like https://example.org, without name and password.")


def _plain(path: str) -> list[str]:
    """The steps of a path: ``"/a//b/./c/"`` → ``["a", "b", "c"]``; those that lead up are refused."""
    steps = [step for step in path.split("/") if step not in {"", "."}]
    if ".." in steps or any(ord(letter) < ord(" ") for letter in path):
        raise PublishError("The path of a target leads straight down, without .. and control characters.")
    return steps


def local_user() -> str:
    """The name of the user who runs the program, "" where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
