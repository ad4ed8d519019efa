"""Sending a file: whole, in pieces, or not at all where the listener has it already.

Starlette sends; what its FileResponse and StaticFiles take otherwise than RFC 9110 is decided here: a Range that is
none is ignored instead of refused (14.2), pieces beyond the file do not spoil those within it (14.1.2), HEAD knows no
Range (14.2), the ETag tells two files apart that were written within one tick of the clock, and what is sent is the
file whose length and ETag were told, though another may have been renamed into its place.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

from audiopress.listen import ranges
from audiopress.listen.headers import FOR_ALL

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import Receive, Scope, Send

    from audiopress.listen.public import Public

#: Where a system has the open files of a program as files; FreeBSD has the first three only.
_OPEN = "/dev/fd/{}"
#: Compares validators; it needs no folder for that.
_STATIC = StaticFiles(directory=".", check_dir=False)


def file_answer(file: Public, method: str, asked: Headers) -> Response:
    """Return the answer to GET or HEAD for a file: 200, 206, 304 or 416."""
    shared = FOR_ALL if file.for_all else {}
    answer = FileAnswer(file, {"etag": file.etag, "cache-control": file.caching, **shared})
    if _STATIC.is_not_modified(answer.headers, asked):
        unchanged = NotModifiedResponse(answer.headers)
        unchanged.headers.update(shared)
        return unchanged
    if method != "GET" or "range" not in asked:
        return answer
    condition = asked.get("if-range")
    if condition is not None and condition.strip() not in {answer.headers["etag"], answer.headers["last-modified"]}:
        return answer
    pieces = ranges.wanted(asked["range"], file.facts.st_size)
    if pieces == ():
        whole = {"content-range": f"bytes */{file.facts.st_size}", "accept-ranges": "bytes"}
        return Response(status_code=416, headers={**whole, **shared})
    answer.range = ranges.plain(pieces) if pieces else ""
    return answer


class FileAnswer(FileResponse):
    """A file, or the pieces of it that `range` names."""

    range = ""  #: a Range header of pieces that lie in the file, "" for the whole file

    def __init__(self, file: Public, headers: dict[str, str]) -> None:
        """Prepare the answer; the file must stay open until it is sent."""
        opened = _OPEN.format(file.descriptor)
        path = opened if os.path.exists(opened) else file.path  # noqa: PTH110 - a string is all that is needed
        super().__init__(path, headers=headers, media_type=file.media_type, stat_result=file.facts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        headers = [header for header in scope["headers"] if header[0] not in {b"range", b"if-range"}]
        if self.range:
            headers.append((b"range", self.range.encode()))
        await super().__call__({**scope, "headers": headers}, receive, send)
