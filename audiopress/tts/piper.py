"""The piper engine: native Persian voices that the user installs, fed our phonemes without another phonemizer."""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Mark
from audiopress.tts.kokoro_phrases import phrases
from audiopress.tts.piper_files import Found, look
from audiopress.tts.piper_graph import readied
from audiopress.tts.piper_phonemes import speller, table_digest
from audiopress.tts.shape import shaped

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from piper import PiperVoice, SynthesisConfig

    from audiopress.model import Delivery, Pronunciation, Voice
    from audiopress.tts.engine import Places
    from audiopress.tts.kokoro_phrases import Piece

CODE = 1  # raised when this file or piper_graph.py changes how the same input sounds
PEAK = 0.99  # louder samples are scaled down to it rather than clipped
#: Seconds of silence where a long sentence was broken, at pace 1; with what is kept at both ends a comma's length.
SEAM = 0.1
FRAME = 0.01  # seconds in which loudness is measured at the edges
AUDIBLE = 10 ** (-55 / 20)  # of the loudest frame; these models hiss some 75 dB below it (measured on a Piper voice)
KEEP_BEFORE, KEEP_AFTER, FADE = 0.02, 0.05, 0.005  # seconds kept outside the first and last sound, and faded in and out
#: Seconds that may be kept before the first phoneme and after the last, however loud the hiss there.
HEAD, TAIL = 0.1, 0.15


class PiperEngine:
    """Speaks through piper-tts; a voice's model is loaded at its first utterance and kept until `close`."""

    name = "piper"

    def __init__(self, places: Places) -> None:
        """Look for installed voices in the data folder; load nothing."""
        # One thread a caller: sentences spoken side by side keep the processors busier than one split over them.
        self.workers = len(os.sched_getaffinity(0))
        self._folder = places.data / "voices"
        self._loaded: dict[str, PiperVoice] = {}
        self._lock = Lock()

    def version(self, voice: Voice) -> str:
        """The files of the voice, our map and this code.

        Raises EngineUnavailable where piper-tts or a file is missing, or where the voice eats letters.
        """
        return f"{CODE}/{look(voice, self._folder).digest}/{table_digest()}"

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        """Speak one utterance, its words marked where the model tells how long its phonemes last.

        Raises EngineUnavailable where the voice is not installed or damaged, EngineError for a phoneme it lacks.
        """
        model = self._model(voice)
        asked = _asked(model, voice, delivery.rate)
        seam = np.zeros(round(SEAM / delivery.rate * voice.sample_rate), np.float32)
        samples: list[NDArray[np.float32]] = []
        marks: list[Mark | None] = [None] * len(pronunciation.words)
        position, timed = 0, True
        for phrase in phrases(pronunciation.words, speller(frozenset(model.config.phoneme_id_map))):
            if samples:
                samples.append(seam)
                position += len(seam)
            sound, spans = _speak(model, phrase, asked, voice)
            timed = timed and bool(spans)
            for piece, (start, stop) in zip(phrase, spans, strict=False):
                known = marks[piece.word]
                marks[piece.word] = Mark(known.start if known else position + start, position + stop)
            samples.append(sound)
            position += len(sound)
        joined = np.concatenate(samples) if samples else np.zeros(0, np.float32)
        peak = float(np.abs(joined).max(initial=0.0))
        if peak > PEAK:
            joined *= np.float32(PEAK / peak)
        audio = Audio(joined, voice.sample_rate, _filled(marks) if timed else ())
        return shaped(audio, replace(delivery, rate=1.0))

    def close(self) -> None:
        """Free the models; the next call loads them again."""
        with self._lock:
            self._loaded.clear()

    def _model(self, voice: Voice) -> PiperVoice:
        found = look(voice, self._folder)
        with self._lock:  # one thread loads, the others wait for what it loads
            model = self._loaded.get(found.digest)
            if model is None:
                model = self._loaded[found.digest] = _load(found, voice)
            return model


def _load(found: Found, voice: Voice) -> PiperVoice:
    """The voice of a model file; onnxruntime gets one thread of each caller's own."""
    import onnxruntime  # noqa: PLC0415 - takes 0.1 s to import, and only neural voices need it
    from piper import PiperConfig, PiperVoice  # noqa: PLC0415 - an extra

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # hardly two sentences have the same shape
    options.log_severity_level = 3  # errors: what warnings tell of is the exporter's
    try:
        config = PiperConfig.from_dict(found.config)
        data = readied(found.model)
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnx and onnxruntime have a class for each way in which a file can be damaged
        raise EngineUnavailable(f"{found.model} cannot be loaded ({_brief(error)}); {found.remedy}") from error
    names = {each.name for each in session.get_inputs()}
    if not names >= {"input", "input_lengths", "scales"}:
        raise EngineUnavailable(f"{found.model} is no Piper model: its inputs are {sorted(names)}; {found.remedy}")
    if config.sample_rate != voice.sample_rate:
        raise EngineUnavailable(
            f"The voice file of {voice.name} says {voice.sample_rate} Hz, its model speaks at {config.sample_rate}; "
            "mend the voice file."
        )
    return PiperVoice(session=session, config=config)


def _asked(model: PiperVoice, voice: Voice, rate: float) -> SynthesisConfig:
    """What the model is asked for: the settings it was published with, where the voice file has no others."""
    from piper import SynthesisConfig  # noqa: PLC0415 - an extra

    speaker = voice.option("speaker", "")
    known: dict[Any, int] = dict(model.config.speaker_id_map)
    if isinstance(speaker, str) and speaker and speaker not in known:
        raise ConfigError(
            f"The voice {voice.name} has no speaker {speaker!r}; it has {', '.join(known) or 'one only'}."
        )
    return SynthesisConfig(
        speaker_id=known.get(speaker, speaker if isinstance(speaker, int) else None),
        length_scale=model.config.length_scale / (float(voice.option("speed", 1.0)) * rate),
        noise_scale=float(voice.option("noise_scale", model.config.noise_scale)),
        noise_w_scale=float(voice.option("noise_w", model.config.noise_w_scale)),
    )


def _speak(
    model: PiperVoice, phrase: tuple[Piece, ...], asked: SynthesisConfig, voice: Voice
) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
    """The trimmed sound of one phrase, and where each of its pieces lies in it; [] where the model does not tell."""
    symbols: list[str] = []
    places: list[tuple[int, int]] = []
    for piece in phrase:
        if symbols and not piece.continued:
            symbols.append(" ")
        places.append((len(symbols), len(symbols) + len(piece.tokens)))
        symbols += map(chr, (*piece.tokens, *piece.pause))
    ids = model.phonemes_to_ids(symbols)
    try:
        sound, lengths = model.phoneme_ids_to_audio(ids, asked, include_alignments=True)
    except Exception as error:  # as in _load
        raise EngineError(f"The voice {voice.name} could not speak ({_brief(error)}); install it again.") from error
    sound = np.asarray(sound, np.float32).reshape(-1)
    if not len(sound) or not np.isfinite(sound).all():
        raise EngineError(f"The voice {voice.name} gave no sound; run: audiopress voices install {voice.name}")
    spans: list[tuple[int, int]] = []
    if lengths is not None and len(lengths) == len(ids) and int(np.sum(lengths)) == len(sound):
        ends = np.concatenate([[0], np.cumsum(lengths)])
        # Each symbol is its ids and a pad, after the id that begins a sentence and its pad.
        table = model.config.phoneme_id_map
        sizes = [len(table["^"]) + len(table["_"]), *(len(table[each]) + len(table["_"]) for each in symbols)]
        begins = np.cumsum(sizes)
        spans = [(int(ends[begins[start]]), int(ends[begins[stop]])) for start, stop in places]
    return _trimmed(sound, spans, voice.sample_rate)


def _trimmed(
    sound: NDArray[np.float32], spans: list[tuple[int, int]], rate: int
) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
    """Cut what is no speech at both ends, fade the ends, and fit the spans to what is kept."""
    size = round(FRAME * rate)
    frames = np.pad(sound, (0, -len(sound) % size)).reshape(-1, size)
    loudness = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    loud = np.flatnonzero(loudness > AUDIBLE * loudness.max())
    first, last = (int(loud[0]) * size, (int(loud[-1]) + 1) * size) if len(loud) else (0, 0)
    start, stop = max(0, first - round(KEEP_BEFORE * rate)), min(len(sound), last + round(KEEP_AFTER * rate))
    if spans:
        start, stop = max(start, spans[0][0] - round(HEAD * rate)), min(stop, spans[-1][1] + round(TAIL * rate))
    kept = sound[start:stop].copy()
    ramp = np.linspace(0, 1, min(round(FADE * rate), len(kept) // 2), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    inside = [(max(0, begin - start), min(max(0, end - start), len(kept))) for begin, end in spans]
    return kept, inside


def _filled(marks: list[Mark | None]) -> tuple[Mark, ...]:
    """Give words without a sound the place where the word before them ends."""
    filled: list[Mark] = []
    for mark in marks:
        end = filled[-1].stop if filled else 0
        filled.append(mark or Mark(end, end))
    return tuple(filled)


def _brief(error: Exception) -> str:
    """The first line of what a library says, short enough for a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
