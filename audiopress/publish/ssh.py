"""A connection to a server whose key is known."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiopress.errors import PublishError
from audiopress.publish.patience import Passing
from audiopress.publish.targets import PASSWORD, local_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiopress.publish.targets import ServerTarget

_PORT = 22
#: Seconds until a server must answer, and until it has made up its mind about a user.
_CONNECT, _AUTHENTICATION = 20, 60
#: Seconds between signs of life, shorter than routers forget a silent line (often five minutes).
_ALIVE = 30

# paramiko logs what it raises, too; without a handler Python would print that to standard error.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


def connect(target: ServerTarget) -> Any:
    """Open a connection, a paramiko.SSHClient; keys come from an agent, ~/.ssh and what ~/.ssh/config names.

    Raises:
        PublishError: paramiko is missing, or the server's key or the user's is not accepted.
        Passing: the server cannot be reached.
    """
    try:
        import paramiko  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise PublishError("Sending to an SFTP server needs paramiko; install it with: pip install paramiko") from error
    known = _configured(paramiko, target.host)
    host = str(known.get("hostname", target.host))
    port = target.port or int(str(known.get("port", _PORT)))
    user = target.user or str(known.get("user", "")) or local_user()
    name = f"{host}:{port}" if port != _PORT else host
    client = paramiko.SSHClient()
    try:
        if not target.fingerprint:
            client.load_system_host_keys()
        client.set_missing_host_key_policy(_HostKey(target.fingerprint, host, port))
        client.connect(
            host,
            port,
            user,
            target.password or None,
            key_filename=known.get("identityfile"),
            timeout=_CONNECT,
            banner_timeout=_CONNECT,
            auth_timeout=_AUTHENTICATION,
        )
        transport = client.get_transport()
        transport.set_keepalive(_ALIVE)
        # Small questions do not wait for the answer to the one before: 40 ms less for each file.
        transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except PublishError:
        client.close()
        raise
    except paramiko.BadHostKeyException as error:
        client.close()
        raise PublishError(
            f"The key of {name} is not the one in known_hosts; if the server was set up anew, forget the old one with: "
            f"ssh-keygen -R {_bracketed(host, port)}"
        ) from error
    except (paramiko.AuthenticationException, paramiko.PasswordRequiredException) as error:
        client.close()
        raise PublishError(
            f"{name} does not let {user} in; add your key there (ssh-copy-id), start an agent, or set {PASSWORD}."
        ) from error
    except (paramiko.SSHException, OSError, EOFError) as error:
        client.close()
        if "no authentication methods available" in str(error).lower():
            raise PublishError(f"There is no key for {name}; make one with ssh-keygen, or set {PASSWORD}.") from error
        raise Passing(
            f"{name} cannot be reached; check the name, the port and the network, and publish again."
        ) from error
    return client


class _HostKey:
    """Decides about a server whose key is not in known_hosts: it must have the fingerprint that the target names."""

    def __init__(self, fingerprint: str, host: str, port: int) -> None:
        self._fingerprint = fingerprint
        self._host, self._port = host, port

    def missing_host_key(self, _client: object, _name: str, key: Any) -> None:
        """Accept the key, or raise PublishError."""
        seen = str(key.fingerprint).rstrip("=")
        if self._fingerprint == seen:
            return
        if self._fingerprint:
            raise PublishError(f"{self._host} has the key {seen}, not that of the target; do not send anything there.")
        port = f"-p {self._port} " if self._port != _PORT else ""
        raise PublishError(
            f"The key of {self._host}, {seen}, is not known; if that is right, add it with: "
            f"ssh-keyscan {port}{self._host} >> ~/.ssh/known_hosts (or put ?fingerprint={seen} behind the target)."
        )


def _configured(paramiko: Any, host: str) -> Mapping[str, object]:
    """What ~/.ssh/config says of a host."""
    path = Path.home() / ".ssh" / "config"
    if not path.is_file():
        return {}
    try:
        found: Mapping[str, object] = paramiko.SSHConfig.from_path(str(path)).lookup(host)
    except Exception as error:
        raise PublishError(f"{path} cannot be read ({type(error).__name__}); mend it and publish again.") from error
    return found


def _bracketed(host: str, port: int) -> str:
    """A host as known_hosts names it: ``example.org``, ``"[example.org]:2222"``."""
    return host if port == _PORT else f'"[{host}]:{port}"'
