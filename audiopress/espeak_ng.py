"""A thin binding to the espeak-ng library that the PyPI package espeakng-loader brings.

espeak-ng keeps its voice and its callback in globals, so the library is open once a process, synchronously, with the
Persian voice, and every call holds one lock. What it said before is heard in what it says next: where it is in its
flutter of pitch, its count of cycles and its gain are in variables that no call sets back (seeding its random numbers,
setting the voice and starting it anew, all at once, leave them). So it is unloaded after each utterance, and every
utterance is the first: that takes 1.5 ms, and the samples are the same whatever was said before.

The call numbers, flags and the layout of an event are those of espeak-ng's ``speak_lib.h``, API revision 12 (1.52).
"""

from __future__ import annotations

import _ctypes
import ctypes
from functools import cache
from threading import Lock
from typing import NamedTuple

from audiopress.errors import EngineError, EngineUnavailable

VOICE = "fa"
SEPARATOR = "_"  #: stands between the phonemes of `text_to_phonemes`
RATE = 140  #: words a minute; clearer to a speech recogniser than the library's 175 (log-loss 1.64 against 1.84)
PITCH = 50  #: the library's own middle, of 0 … 99
RANGE = 50  #: how far the pitch moves, of 0 … 99; the library's own middle
SLOWEST, FASTEST = 80, 450  #: words a minute that the library goes to

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS
_UTF8 = 1  # espeakCHARS_UTF8
_PHONEMES = 0x100  # espeakPHONEMES: what stands in [[ ]] is mnemonics
_IPA = 0x02  # espeakPHONEMES_IPA
_RATE_PARAMETER = 1  # espeakRATE
_PITCH_PARAMETER = 3  # espeakPITCH
_RANGE_PARAMETER = 4  # espeakRANGE
_EVENT_END = 0  # espeakEVENT_LIST_TERMINATED
_EVENT_WORD = 1  # espeakEVENT_WORD


class WordEvent(NamedTuple):
    """Where a word of the text begins: ``position`` and ``length`` in characters (0-based), ``sample`` in samples."""

    position: int
    length: int
    sample: int


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
_lock = Lock()


class _Library(NamedTuple):
    calls: ctypes.CDLL
    sample_rate: int


@cache
def _library() -> _Library:
    """Open espeak-ng, once until `_unload`; the caller holds the lock."""
    try:
        import espeakng_loader  # noqa: PLC0415 - loads nothing, but a broken install must say so in a sentence

        calls = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path())
    except (ImportError, OSError) as error:
        raise EngineUnavailable(f"espeak-ng cannot be loaded ({error}); run: pip install espeakng-loader") from error
    calls.espeak_TextToPhonemes.restype = ctypes.c_char_p
    sample_rate = calls.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0)
    if sample_rate <= 0:
        raise EngineUnavailable(
            f"espeak-ng found no data in {data}; run: pip install --force-reinstall espeakng-loader"
        )
    if calls.espeak_SetVoiceByName(VOICE.encode()) != 0:
        raise EngineUnavailable("espeak-ng has no Persian voice; run: pip install --force-reinstall espeakng-loader")
    return _Library(calls, int(sample_rate))


def _unload() -> None:
    """Forget the library and all it holds; the next call opens it anew. The caller holds the lock.

    Where the system keeps a library for good (musl does) it goes on, and its samples are not quite repeatable.
    """
    calls, _ = _library()
    calls.espeak_Terminate()
    _library.cache_clear()
    _ctypes.dlclose(calls._handle)  # noqa: SLF001 - ctypes has no other way to close what it opened


def _encode(text: str) -> bytes:
    """UTF-8 without NUL and lone surrogates, neither of which C can carry."""
    return text.replace("\0", " ").encode("utf-8", "ignore")


def text_to_phonemes(text: str) -> str:
    """Give espeak-ng's IPA for ``text``, ``_`` between phonemes and a space between words: ``کتاب`` → ``k_ˈe_t_ɑ_b``.

    Stress marks stand before their vowel. Clauses are joined by a space; text without a sound gives "".
    """
    buffer = ctypes.create_string_buffer(_encode(text) + b"\0\0\0\0")
    rest = ctypes.c_void_p(ctypes.addressof(buffer))
    clauses = []
    with _lock:
        calls = _library().calls
        while rest.value:
            clauses.append(calls.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA | ord(SEPARATOR) << 8).decode())
    return " ".join(filter(None, clauses))


def synthesize(
    text: str, rate: int = RATE, pitch: int = PITCH, spread: int = RANGE
) -> tuple[bytes, int, tuple[WordEvent, ...]]:
    """Speak ``text``, where ``[[ket'Abe]]`` holds espeak mnemonics: → (mono 16-bit PCM, Hz, word events).

    ``rate`` is in words a minute (`SLOWEST` … `FASTEST`), ``pitch`` and ``spread``, how far it moves, 0 … 99. Raises
    EngineError where espeak-ng refuses.
    """
    pieces: list[bytes] = []
    words: list[WordEvent] = []

    def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if count > 0 and samples:
            pieces.append(ctypes.string_at(samples, 2 * count))
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            if event.type == _EVENT_WORD:
                words.append(WordEvent(event.text_position - 1, event.length, event.sample))
            index += 1
        return 0

    data = _encode(text) + b"\0"
    with _lock:
        calls, sample_rate = _library()
        callback = _Callback(receive)
        calls.espeak_SetSynthCallback(callback)
        calls.espeak_SetParameter(_RATE_PARAMETER, rate, 0)
        calls.espeak_SetParameter(_PITCH_PARAMETER, pitch, 0)
        calls.espeak_SetParameter(_RANGE_PARAMETER, spread, 0)
        status = calls.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, 1, 0, _UTF8 | _PHONEMES, None, None)
        calls.espeak_Synchronize()
        del calls
        _unload()
    if status != 0:
        raise EngineError(f"espeak-ng could not speak {text[:40]!r} (status {status}); try another voice.")
    return b"".join(pieces), sample_rate, tuple(words)
