"""An SFTP server on loopback that counts what is written, and fails when it is told to."""

from __future__ import annotations

import asyncio
import errno
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import asyncssh

if TYPE_CHECKING:
    from pathlib import Path

USER, PASSWORD = "publisher", "hunter2"


class SFTPServer:
    """asyncssh's server, shut into a folder; it knows one password and one key."""

    def __init__(self, root: Path) -> None:
        root.mkdir(exist_ok=True)
        self.root = root
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.user_key = asyncssh.generate_private_key("ssh-ed25519")
        self.reset()
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(30)

    def reset(self) -> None:
        """Forget what was asked, and serve as a server should."""
        self.written = 0
        self.asked: list[str] = []
        self.break_after = 0  # bytes after which the connection breaks, once
        self.stop_after = 0  # bytes after which the server rests, once
        self.full = False
        self.no_replacing = False
        self.stopped = Event()

    @property
    def fingerprint(self) -> str:
        return str(self.host_key.get_fingerprint())

    @property
    def known_hosts(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.host_key.export_public_key().decode()}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        self._go_on = asyncio.Event()
        acceptor = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Login(self),
            sftp_factory=lambda channel: _Files(self, channel),
            encoding=None,
        )
        self.port = acceptor.get_port()
        self._ready.set()
        await self._end.wait()
        acceptor.close()
        await acceptor.wait_closed()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def go_on(self) -> None:
        """End the rest that `stop_after` began."""
        self._loop.call_soon_threadsafe(self._go_on.set)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def rest(self) -> None:
        self._go_on.clear()
        self.stopped.set()
        await self._go_on.wait()


class _Login(asyncssh.SSHServer):
    def __init__(self, server: SFTPServer) -> None:
        self._server = server

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key == self._server.user_key.convert_to_public()


class _Files(asyncssh.SFTPServer):
    def __init__(self, server: SFTPServer, channel: Any) -> None:
        super().__init__(channel, chroot=str(server.root).encode())
        self._server = server

    async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        server = self._server
        if server.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        if server.stop_after and server.written >= server.stop_after:
            server.stop_after = 0
            await server.rest()
        if server.break_after and server.written >= server.break_after:
            server.break_after = 0
            self.channel.get_connection().abort()
        written: int = super().write(file_obj, offset, data)  # type: ignore[assignment]
        server.written += written
        return written

    def remove(self, path: bytes) -> None:
        self._server.asked.append(f"remove {path.decode()}")
        super().remove(path)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._server.no_replacing:
            raise asyncssh.SFTPOpUnsupported("no such extension")
        self._server.asked.append(f"rename {newpath.decode()}")
        super().posix_rename(oldpath, newpath)
