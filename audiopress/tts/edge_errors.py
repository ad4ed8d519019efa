"""What goes wrong between edge-tts and its service, as what `audiopress.tts.online.Service` knows how to treat."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
import httpx
from edge_tts import exceptions

from audiopress.errors import EngineError
from audiopress.tts.http_client import retry_after
from audiopress.tts.online import Busy, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

UPDATE = "pip install -U edge-tts"
TURNED_AWAY = f"it turns requests away ({HTTPStatus.FORBIDDEN}); where that lasts for days, {UPDATE} may help"


@contextmanager
def told() -> Iterator[None]:
    """Raise what the client raises as EngineError, Busy, Refused or ConnectionError; no address is quoted.

    A 403 is asked again: it comes in waves, and after the first the client has set its clock by the service's.
    """
    try:
        yield
    except exceptions.SkewAdjustmentError as error:  # a 403 without a date
        raise EngineError(TURNED_AWAY) from error
    except exceptions.NoAudioReceived as error:
        raise EngineError("the service sent no audio") from error
    except exceptions.WebSocketError as error:
        raise EngineError("the connection broke off") from error
    except aiohttp.ClientResponseError as error:
        raise _failure(error) from error
    except aiohttp.ServerTimeoutError as error:
        raise EngineError("it does not answer") from error
    except aiohttp.ClientConnectorError as error:
        raise ConnectionError(f"no connection to {error.host}") from error
    except aiohttp.ClientError as error:
        raise EngineError("the connection broke off") from error
    except (exceptions.EdgeTTSException, ValueError, LookupError, TypeError) as error:  # it reads what it does not know
        raise EngineError(f"the service sent what edge-tts does not understand; {UPDATE} may help") from error


def _failure(error: aiohttp.ClientResponseError) -> EngineError:
    """What a status means that is no beginning of a conversation."""
    status = error.status
    match status:
        case HTTPStatus.FORBIDDEN:
            return EngineError(TURNED_AWAY)
        case _ if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wish = httpx.Headers(dict(error.headers or {}))
            return Busy(f"it is asked too much, or has trouble of its own ({status})", retry_after(wish))
        case _ if status < HTTPStatus.BAD_REQUEST:
            return EngineError(f"a page answered in its place ({status})")  # a hotel's network that wants a login
        case _:
            return Refused(f"Edge does not accept what it is asked ({status}); update its client: {UPDATE}")
