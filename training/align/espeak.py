"""Speak sentences with espeak-ng in its many timbres, with the place of each phoneme from the library's events.

    nice -n 10 .venv/bin/python -m training.align.espeak SPEECH

Writes SPEECH/espeak-train.npz and SPEECH/espeak-other.npz (timbres kept from training). The program's own binding asks
for no phoneme events, and the library can be opened once a process only, so this one is separate.
"""

from __future__ import annotations

import argparse
import ctypes
import random
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import espeakng_loader
import numpy as np

from audiopress import espeak_ng
from audiopress.tts.espeak import to_mnemonics
from training.align.speech import Place, Speech, phonemes, save, sentences

if TYPE_CHECKING:
    from audiopress.model import Pronunciation

#: Of the library's voices/!v, without whispers, demons and robots; "" is the plain voice, which the program has.
TIMBRES = (  # noqa: SIM905 - so many names are easier to read like this
    "Alex Andy Annie Diogo Gene Jacky Lee Marco Mario Michael Nguyen Reed adam anika antonio aunty belinda "
    "benjamin caleb david edward f1 f2 f4 f5 grandma ian iven john klatt klatt3 linda m1 m2 m4 m5 m7 marcelo max "
    "michel miguel norbert pablo paul quincy rob robert sandro shelby steph travis victor"
).split()
OTHER = ("", "Alicia", "Denis", "Hugo", "boris", "f3", "klatt2", "m3", "m8", "pedro", "zac")
TRAIN_SENTENCES, OTHER_SENTENCES = 4, 5
PHONEME_EVENTS, PHONEME = 1, 7  # espeakINITIALIZE_PHONEME_EVENTS, espeakEVENT_PHONEME


class Event(NamedTuple):
    """A phoneme of the library: its mnemonic, the sample it starts at, the place of its word in the text."""

    name: str
    sample: int
    position: int


class Library:
    """espeak-ng with phoneme events."""

    def __init__(self) -> None:
        """Open it."""
        self._calls = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self.sample_rate = self._calls.espeak_Initialize(2, 0, data, PHONEME_EVENTS)

    def speak(self, text: str, timbre: str, rate: int, pitch: int) -> tuple[np.ndarray, list[Event]]:
        """16-bit samples and the phonemes."""
        pieces: list[bytes] = []
        events: list[Event] = []

        def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, told: ctypes._Pointer) -> int:
            if count > 0 and samples:
                pieces.append(ctypes.string_at(samples, 2 * count))
            index = 0
            while told[index].type != 0:
                event = told[index]
                if event.type == PHONEME:
                    events.append(Event(event.id.string.decode(), event.sample, event.text_position - 1))
                index += 1
            return 0

        if self._calls.espeak_SetVoiceByName(f"fa+{timbre}".rstrip("+").encode()) != 0:
            raise SystemExit(f"espeak-ng has no timbre {timbre!r}")
        callback = espeak_ng._Callback(receive)  # noqa: SLF001 - the same layout
        self._calls.espeak_SetSynthCallback(callback)
        self._calls.espeak_SetParameter(1, rate, 0)
        self._calls.espeak_SetParameter(3, pitch, 0)
        data = text.encode() + b"\0"
        self._calls.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, 1, 0, 1 | 0x100, None, None)
        self._calls.espeak_Synchronize()
        return np.frombuffer(b"".join(pieces), "<i2"), events


def speak(library: Library, text: Pronunciation, timbre: str, rate: int, pitch: int) -> Speech | None:
    """One sentence, None where the library tells of other phonemes than were asked for."""
    said = " ".join(f"[[{to_mnemonics(word.phonemes)}]]{word.after}" for word in text.words)
    samples, events = library.speak(said, timbre, rate, pitch)
    wanted = [(number, name) for number, word in enumerate(text.words) for name in phonemes(word.phonemes)]
    if not events:
        return None
    ends = [*(event.sample for event in events[1:]), len(samples)]
    places, index = [], 0
    for event, end in zip(events, ends, strict=True):
        bare = event.name.strip("'")
        if bare.isdigit() and places:  # the rest of a name: q1 comes as q and 1
            places[-1] = Place(places[-1].phoneme, places[-1].word, places[-1].start, end)
            continue
        if bare.startswith("_") or not bare:
            places.append(Place("", -1, event.sample, end))
            continue
        if index >= len(wanted) or not same(bare, wanted[index][1]):
            return None
        places.append(Place(wanted[index][1], wanted[index][0], event.sample, end))
        index += 1
    if index < len(wanted):
        return None
    return Speech(
        f"espeak-{timbre}", samples.astype(np.float32) / np.float32(32768), library.sample_rate, tuple(places)
    )


def same(mnemonic: str, phoneme: str) -> bool:
    """Whether the library's phoneme is ours; long vowels lose their colon in its events."""
    ours = to_mnemonics(phoneme)
    return mnemonic.rstrip(":") == ours.rstrip(":") or mnemonic[:1] == ours[:1]


def main() -> None:
    """Speak them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("speech", type=Path, help="the folder to write to")
    chosen = parser.parse_args()
    plan = [("train", TIMBRES, TRAIN_SENTENCES), ("other", OTHER, OTHER_SENTENCES)]
    texts_of = {kind: sentences(len(timbres) * count, seed=7 + len(timbres)) for kind, timbres, count in plan}
    library, chance = Library(), random.Random(5)  # opened last: pronouncing opens it too, without phoneme events
    for kind, timbres, _ in plan:
        texts = texts_of[kind]
        made = [
            speak(library, text, timbres[number % len(timbres)], chance.randint(110, 230), chance.randint(15, 90))
            for number, text in enumerate(texts)
        ]
        kept = [speech for speech in made if speech]
        silent = sorted(set(timbres) - {speech.voice.removeprefix("espeak-") for speech in kept})
        print("no speech of", silent)
        print(
            f"{kind}: {len(kept)} of {len(made)} sentences, {sum(len(s.samples) / s.sample_rate for s in kept):.0f} s"
        )
        save(chosen.speech / f"espeak-{kind}.npz", kept)


if __name__ == "__main__":
    main()
