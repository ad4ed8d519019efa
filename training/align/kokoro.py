"""Speak sentences with Kokoro in many styles, with the place of each phoneme from the model's durations.

    nice -n 10 .venv/bin/python -m training.align.kokoro package/voices SPEECH

Writes SPEECH/kokoro-train.npz (our two voices, published styles and mixtures of them) and SPEECH/kokoro-other.npz
(styles that are in no mixture: what the classifier must not have heard when it is judged).
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_dir

from audiopress.tts.kokoro import (
    DATA,
    FRAME,
    LAST_VOWEL,
    PAD,
    SAMPLE_RATE,
    SPACE,
    STRESS,
    _trimmed,
    stressed_tokens,
    tokens_of,
)
from audiopress.tts.kokoro_model import open_session
from audiopress.tts.kokoro_phrases import LIMIT
from training.align.speech import Place, Speech, phonemes, save, sentences

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from audiopress.model import Pronunciation

OURS = ("nasim", "arash")
#: Kept from training, one or two of each language and sex.
OTHER = (
    "af_kore",
    "am_onyx",
    "bf_lily",
    "bm_george",
    "ef_dora",
    "hm_psi",
    "jf_nezumi",
    "pm_alex",
    "zf_xiaoyi",
    "zm_yunxi",
)
NOBODY = (-1, -1, "")  # the owner of tokens between words: word, place in it, phoneme
OUR_SENTENCES, STYLE_SENTENCES, MIXED_SENTENCES, OTHER_SENTENCES = 50, 5, 110, 5
SLOWEST, FASTEST = 0.72, 1.4  # speeds given to the model


def styles(folder: Path) -> dict[str, NDArray[np.float32]]:
    """All published style tables."""
    return {path.stem: np.fromfile(path, np.float32).reshape(-1, 256) for path in sorted(folder.glob("*.bin"))}


def speak(session: Any, text: Pronunciation, voice: str, table: NDArray[np.float32], speed: float) -> Speech | None:
    """One sentence with its phonemes' places, None where it is too long for one phrase.

    The frames of a stress mark and of a sign for length or aspiration count to the phoneme they belong to. Those of a
    space or a punctuation mark belong to none: their place is left out, and what is silent there is found by `silent`.
    """
    tokens, owners = [PAD], [NOBODY]
    stress = tokens_of(STRESS)[0]
    for number, word in enumerate(text.words):
        if number:
            tokens.append(SPACE)
            owners.append(NOBODY)
        stressed = word.phonemes if STRESS in word.phonemes else LAST_VOWEL.sub(rf"{STRESS}\g<0>", word.phonemes)
        names = iter(enumerate(phonemes(stressed)))
        waiting: list[int] = []
        for group in stressed_tokens(word.phonemes):
            waiting += group
            if group != stress:  # which goes with the vowel after it
                place, name = next(names)
                tokens += waiting
                owners += [(number, place, name)] * len(waiting)
                waiting = []
        pause = sum(tokens_of(word.after), ()) if word.after else ()
        tokens += pause
        owners += [NOBODY] * len(pause)
    tokens.append(PAD)
    owners.append(NOBODY)
    if len(tokens) > LIMIT:
        return None
    feed = {
        "tokens": np.array([tokens], np.int64),
        "style": table[min(len(tokens) - 2, len(table)) - 1][None],
        "speed": np.array([speed], np.float32),
    }
    audio, frames = session.run(None, feed)
    ends = np.concatenate([[0], np.cumsum(frames)]) * FRAME
    spans: dict[tuple[int, int, str], tuple[int, int]] = {}
    for index, owner in enumerate(owners):
        if owner != NOBODY:
            start, _ = spans.get(owner, (int(ends[index]), 0))
            spans[owner] = (start, int(ends[index + 1]))
    samples, cut = _trimmed(audio.reshape(-1), list(spans.values()))
    places = [Place(name, word, start, stop) for (word, _, name), (start, stop) in zip(spans, cut, strict=True)]
    return Speech(voice, samples, SAMPLE_RATE, tuple(places))


def main() -> None:
    """Speak them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voices", type=Path, help="the voices folder of the npm package kokoro-js")
    parser.add_argument("speech", type=Path, help="the folder to write to")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    chance = random.Random(2)
    session = open_session(Path(user_cache_dir("audiopress")), chosen.threads)
    published = styles(chosen.voices)
    known = [name for name in published if name not in OTHER]
    ours = {name: np.load(DATA / f"styles_{name}.npy").astype(np.float32) for name in OURS}
    jobs = [(name, ours[name]) for name in OURS for _ in range(OUR_SENTENCES)]
    jobs += [(name, published[name]) for name in known for _ in range(STYLE_SENTENCES)]
    for _ in range(MIXED_SENTENCES):
        one, two = chance.sample(known, 2)
        share = chance.uniform(0.25, 0.75)
        jobs.append((f"{one}+{two}", share * published[one] + (1 - share) * published[two]))
    others = [(name, published[name]) for name in OTHER for _ in range(OTHER_SENTENCES)]
    texts = sentences(len(jobs) + len(others), seed=3)
    made = []
    for number, ((name, table), text) in enumerate(zip(jobs + others, texts, strict=True)):
        speed = chance.triangular(SLOWEST, FASTEST, 1.0)
        made.append(speak(session, text, name, table.astype(np.float32), speed))
        if number % 25 == 0:
            print(number, "of", len(texts), flush=True)
    save(chosen.speech / "kokoro-train.npz", [speech for speech in made[: len(jobs)] if speech])
    save(chosen.speech / "kokoro-other.npz", [speech for speech in made[len(jobs) :] if speech])


if __name__ == "__main__":
    main()
