"""The rim of the server: its socket, the address it has for a phone, and the picture of it."""

from __future__ import annotations

import errno
import io
import ipaddress
import resource
import socket

from audiopress.errors import OutputError

#: Connections that wait to be accepted; browsers open six at a time.
_BACKLOG = 2048
_LAST_PORT = 65535
#: An address that is nobody's (RFC 5737): asking for the way to it sends nothing, but names our own end of it.
_ELSEWHERE = ("192.0.2.1", 9)
_ELSEWHERE_6 = ("2001:db8::1", 9)
#: White on black, so that a QR code has its colours on light terminals too; many phones read no inverted ones.
_WHITE_ON_BLACK, _PLAIN = "\x1b[97;40m", "\x1b[0m"
_QUIET = 2  # modules around the code; 4 are the standard's, 2 are enough for every phone and leave the screen calm


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a host and port; port 0 picks a free one.

    ``listen("127.0.0.1", 8000)``, ``listen("localhost", 0)``, ``listen("::", 8000)``: IPv6 and IPv4.

    Raises:
        OutputError: the port is in use or not ours, or the host is none of this machine's.
    """
    if not 0 <= port <= _LAST_PORT:  # getaddrinfo would take it modulo 65536
        raise OutputError(f"{port} is no port; choose one from 1 to {_LAST_PORT} with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise OutputError(f"{host} is no address of this machine; choose another one with --host.") from error
    try:
        # A server that was stopped may be started again at once, though its last connections linger.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise OutputError(_sentence(error, host, port)) from error
    return listener


def addresses(listener: socket.socket) -> tuple[str, str]:
    """Return the web address for this machine, and for others on its network ("" where they cannot reach it).

    ``("http://127.0.0.1:8000/", "")`` for a listener on loopback, ``("http://127.0.0.1:8000/",
    "http://192.168.1.5:8000/")`` for one on all addresses.
    """
    host, port = listener.getsockname()[:2]
    own = ipaddress.ip_address(host.partition("%")[0])
    if own.is_loopback:
        return _web(str(own), port), ""
    if not own.is_unspecified:
        return _web(str(own), port), _web(str(own), port)
    outside = _outside(socket.AF_INET) or (_outside(socket.AF_INET6) if own.version == 6 else "")  # noqa: PLR2004
    return _web("127.0.0.1", port), _web(outside, port) if outside else ""


def is_loopback(listener: socket.socket) -> bool:
    """Say whether only this machine can reach a listener."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def trusted(host: str, *, loopback: bool) -> bool:
    """Say whether a Host header is a name of this machine that no other site can take for itself.

    A site may let its own name lead to our address (DNS rebinding), and its pages would count as ours. Only numbers,
    localhost and the names of the local network cannot be had that way: ``192.168.1.5:8000``, ``laptop.local``. For a
    server on ``loopback`` only names of this machine count: ``localhost:8000``, ``127.0.0.1``, ``[::1]:8000``.
    """
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    name = name.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        own = ipaddress.ip_address(name)
    except ValueError:
        return not loopback and (name.endswith(".local") or name == socket.gethostname().lower())
    return own.is_loopback or not loopback


def qr_code(text: str) -> str:
    """Return a QR code for the terminal, two modules a letter, light on dark on every terminal."""
    import segno  # noqa: PLC0415 - only where a phone may come

    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=_QUIET, compact=True)
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_PLAIN}" for line in drawn.getvalue().splitlines())


def allow_files(number: int) -> int:
    """Let this process have so many files and sockets open, or as many as it may; return how many it may have now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < number:
        soft = number if hard == resource.RLIM_INFINITY else min(number, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return number if soft == resource.RLIM_INFINITY else soft


def _web(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _outside(family: socket.AddressFamily) -> str:
    """Return our address on the network, "" where we are on none."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE if family == socket.AF_INET else _ELSEWHERE_6)
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if ipaddress.ip_address(found).is_loopback else found


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use already; choose another one with --port, or --port 0 for any that is free."
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the system; choose one from 1024 on with --port."
    return f"{host} is no address of this machine; choose another one with --host."
