"""The process in which espeak-ng speaks: one JSON line in; one JSON line and so many bytes of PCM out, again and again.

It is started by tts/espeak_pool.py, imports nothing but the binding, and ends when its standard input does.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import BinaryIO

from audiopress import espeak_ng
from audiopress.errors import EngineError


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer each request with ``{"bytes", "sample_rate", "events"}`` and the PCM.

    A request is ``{"text", "rate", "pitch", "spread"}``, what `espeak_ng.synthesize` takes. A refusal is
    ``{"error": sentence}``, with nothing after it.
    """
    for line in requests:
        request = json.loads(line)
        try:
            pcm, sample_rate, events = espeak_ng.synthesize(**request)
            reply = {"bytes": len(pcm), "sample_rate": sample_rate, "events": events}
        except EngineError as error:
            pcm, reply = b"", {"error": str(error)}
        replies.write(json.dumps(reply).encode() + b"\n" + pcm)
        replies.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks; it then closes our input
    serve(sys.stdin.buffer, sys.stdout.buffer)
