"""How fast the server answers when many listen at once, and whether its memory grows.

    .venv/bin/python benchmarks/serve.py                      # 200 listeners, then 10,000 requests
    .venv/bin/python benchmarks/serve.py --listeners 500 --requests 50000

The server runs as a user starts it, in a process of its own; the listeners are another process. "At once" asks for
pieces of 256 kB of a 60 MB programme one after the other, each listener as fast as it can, so that both processors are
always busy: far beyond what players do. "As players" lets each listener ask for its next piece when the last one is
heard, at 96 kbit/s and a random point of it, and take it no faster than a network of 20 Mbit/s. First byte is from the
request's last byte to the answer's first. Memory is the server's resident size (from /proc, so on Linux only). Floors
are in benchmarks/data/serve_floors.tsv.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
FLOORS = HERE / "data" / "serve_floors.tsv"
SIZE = 60_000_000  # bytes: 83 minutes at 96 kbit/s
PIECE = 256 * 1024
EACH = 25  # pieces each listener asks for when all ask at once
PACE = 10.0  # seconds for which the listeners listen as players do
PLAYED = 12_000  # bytes a second: 96 kbit/s
NAME = "episodes/a/a.mp3"
SERVER = (
    "import sys; from pathlib import Path; from audiopress.listen.server import serve; "
    "serve(Path(sys.argv[1]), port=0, announce=lambda line: print(line, flush=True))"
)


def make_show(folder: Path) -> None:
    """A show with one long programme."""
    (folder / "episodes" / "a").mkdir(parents=True)
    (folder / "feed.xml").write_text("<rss><channel><title>a</title></channel></rss>", encoding="utf-8")
    (folder / NAME).write_bytes(random.Random(1).randbytes(SIZE))


class Listener(asyncio.BufferedProtocol):
    """One connection that asks for pieces and keeps the times to the first byte, in milliseconds.

    Its buffer is used again and again: fresh memory for each piece costs more than all else on some machines.
    """

    def __init__(self, port: int, seed: int) -> None:
        """Prepare a listener; nothing is opened yet."""
        self.port = port
        self.random = random.Random(seed)
        self.first_bytes: list[float] = []
        self.errors = 0
        self.buffer = memoryview(bytearray(PIECE + 4096))
        self.filled = 0

    def get_buffer(self, _: int) -> memoryview:
        """Where the next bytes go."""
        return self.buffer[self.filled :]

    def buffer_updated(self, number: int) -> None:
        """Bytes came: the first ones are timed, the last ones end the waiting."""
        if not self.filled:
            self.first_bytes.append(1000 * (time.perf_counter() - self.asked))
            head = bytes(self.buffer[:2048]).partition(b"\r\n\r\n")[0]  # always in one packet
            self.right = head.startswith(b"HTTP/1.1 206 ") and b"content-range: bytes %d-" % self.start in head
            self.expected = len(head) + 4 + PIECE
        self.filled += number
        if self.filled >= self.expected and not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """The server has closed; whoever still waits for an answer gets an error."""
        if not self.done.done():
            self.done.set_exception(error or EOFError())

    async def piece(self) -> None:
        """Ask for a piece at a random place, and look whether it is the right one."""
        self.start = self.random.randrange(SIZE - PIECE)
        self.filled = 0
        self.done = asyncio.get_running_loop().create_future()
        request = (
            f"GET /{NAME} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={self.start}-{self.start + PIECE - 1}\r\n\r\n"
        )
        self.asked = time.perf_counter()
        self.transport.write(request.encode())
        await self.done
        body = self.buffer[self.expected - PIECE : self.filled]
        self.errors += not self.right or body != memoryview(EXPECTED)[self.start : self.start + PIECE]

    async def listen(self, *, seconds: float = 0.0, pieces: int = 0) -> None:
        """Ask for so many pieces at once, or for pieces as they are heard."""
        loop = asyncio.get_running_loop()
        self.done = loop.create_future()
        try:
            self.transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self.port)
            if seconds:
                await self.play(seconds)
            for _ in range(pieces):
                await self.piece()
            self.transport.close()
        except (OSError, EOFError):
            self.errors += 1

    async def play(self, seconds: float) -> None:
        """Ask for a piece each time one is heard, beginning anywhere in it."""
        heard = PIECE / PLAYED
        end = time.perf_counter() + seconds
        await asyncio.sleep(self.random.uniform(0, min(heard, seconds)))
        while time.perf_counter() < end:
            await self.piece()
            await asyncio.sleep(min(heard, max(0.0, end - time.perf_counter())))


EXPECTED = b""


async def crowd(port: int, listeners: int, *, seconds: float = 0.0, pieces: int = 0) -> dict[str, float]:
    """All listeners together."""
    everybody = [Listener(port, seed) for seed in range(listeners)]
    before = time.perf_counter()
    await asyncio.gather(*(listener.listen(seconds=seconds, pieces=pieces) for listener in everybody))
    took = time.perf_counter() - before
    times = sorted(value for listener in everybody for value in listener.first_bytes)
    return {
        "answers": len(times),
        "errors": sum(listener.errors for listener in everybody),
        "median": statistics.median(times),
        "p99": times[int(0.99 * len(times))],
        "rate": len(times) * PIECE / took / 1e6,
    }


async def small_requests(port: int, number: int) -> dict[str, float]:
    """Requests of all kinds on twenty connections, one after the other: pieces, HEAD, pages, 304, 404, 416."""
    kinds = (
        f"GET /{NAME} HTTP/1.1\r\nHost: localhost\r\nRange: bytes=1000-65535\r\n\r\n",
        f"HEAD /{NAME} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /feed.xml HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /feed.xml HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n",
        "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"GET /{NAME} HTTP/1.1\r\nHost: localhost\r\nRange: bytes=99999999-\r\n\r\n",
        "GET /api/positions HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )
    errors = 0

    async def one(share: int) -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn in range(share):
            request = kinds[turn % len(kinds)]
            writer.write(request.encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = 0
            if b"\r\ncontent-length: " in head and not request.startswith("HEAD") and b" 304 " not in head[:13]:
                length = int(head.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            errors += head[9:10] not in b"234" or head[9:10] == b""
        writer.close()

    before = time.perf_counter()
    await asyncio.gather(*(one(number // 20) for _ in range(20)))
    return {"errors": errors, "rate": number / (time.perf_counter() - before)}


def resident(process: int) -> float:
    """The resident size of a process in MB, 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def client(port: int, job: str, number: int) -> dict[str, float]:
    """Run a job of the listeners in a process of its own."""
    command = [sys.executable, __file__, "--client", job, "--port", str(port), "--number", str(number)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def work(job: str, port: int, number: int) -> dict[str, float]:
    """Do a job of the listeners."""
    global EXPECTED  # noqa: PLW0603 - the programme itself, made once in this process
    if job == "requests":
        return asyncio.run(small_requests(port, number))
    EXPECTED = random.Random(1).randbytes(SIZE)
    if job == "players":
        return asyncio.run(crowd(port, number, seconds=PACE))
    return asyncio.run(crowd(port, number, pieces=EACH))


def floors() -> dict[str, float]:
    """The greatest value of each figure."""
    rows = [line.split("\t") for line in FLOORS.read_text(encoding="utf-8").splitlines()]
    return {cells[0]: float(cells[1]) for cells in rows if cells[0] and not cells[0].startswith("#")}


def measure(listeners: int, requests: int) -> dict[str, float]:
    """Start the server, let the listeners come, and return the figures."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "show"
        make_show(folder)
        environment = {**os.environ, "AUDIOPRESS_DATA": str(Path(name) / "data")}
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
        )
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
            for job, label in (("players", "as players"), ("crowd", "at once")):
                result = client(port, job, listeners)
                figures[f"{listeners} listeners {label}: median first byte, ms"] = result["median"]
                figures[f"{listeners} listeners {label}: 99 % of first bytes, ms"] = result["p99"]
                figures[f"{listeners} listeners {label}: errors"] = result["errors"]
                print(f"{label}: {result['answers']:.0f} answers, {result['rate']:.0f} MB/s")
            client(port, "requests", 1000)
            before = resident(server.pid)
            result = client(port, "requests", requests)
            after = resident(server.pid)
            figures[f"{requests} requests: errors"] = result["errors"]
            figures[f"{requests} requests: growth of memory, MB"] = after - before
            figures["resident memory at the end, MB"] = after
            print(f"{result['rate']:.0f} small requests a second")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()
    return figures


def main() -> int:
    """Print the table; 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--number", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.client:
        print(json.dumps(work(arguments.client, arguments.port, arguments.number)))
        return 0
    figures = measure(arguments.listeners, arguments.requests)
    known = floors()
    missed = 0
    for name, value in figures.items():
        floor = known.get(name)
        past = floor is not None and value > floor
        missed += past
        print(
            f"{name:55} {value:9.1f}{f'   floor {floor:g}' if floor is not None else ''}{'   PAST IT' if past else ''}"
        )
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
