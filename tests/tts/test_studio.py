"""The studio: casts, several workers, voices that fail, and who takes over."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiopress.errors import EngineError, VoiceFailed, VoiceNotFound
from audiopress.model import PLAIN, Delivery, Part, Role
from audiopress.tts import registry
from audiopress.tts.cache import ClipCache
from audiopress.tts.cast import Actor, Cast, make_cast
from audiopress.tts.engine import Places
from audiopress.tts.fallback import Understudies
from audiopress.tts.studio import Studio
from audiopress.tts.tone import ToneEngine
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiopress.model import Audio, Pronunciation, Voice

type Make = Callable[..., Pronunciation]

TONE = find_voice("tone")


class Slow(ToneEngine):
    """Tones by four workers, the first words the slowest, so that they come out of order."""

    workers = 4
    most = now = 0
    lock = threading.Lock()

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        cls = type(self)
        with cls.lock:
            cls.now += 1
            cls.most = max(cls.most, cls.now)
        time.sleep(0.05 if pronunciation.words[0].plain.startswith("ɒ") else 0.005)
        with cls.lock:
            cls.now -= 1
        return super().synthesize(pronunciation, voice, delivery)


class Failing(ToneEngine):
    """Tones that fail at the word «bæd»."""

    def synthesize(self, pronunciation: Pronunciation, voice: Voice, delivery: Delivery = PLAIN) -> Audio:
        if pronunciation.words[0].plain == "bæd":
            raise EngineError("The line is down.")
        return super().synthesize(pronunciation, voice, delivery)


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, engine in (("slow", Slow), ("failing", Failing)):
        monkeypatch.setitem(registry.BUILT_IN, name, f"{__name__}:{engine.__name__}")


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Places(tmp_path / "cache", tmp_path / "data"), ClipCache(tmp_path / "cache" / "clips"))


def words(count: int) -> list[str]:
    return [f"{'ɒb' if n % 3 == 0 else 'mæ'}{'no' * (n + 1)}" for n in range(count)]


def with_role(pronunciation: Pronunciation, role: Role) -> Pronunciation:
    sentence = replace(pronunciation.utterance.sentence, role=role)
    return replace(pronunciation, utterance=replace(pronunciation.utterance, sentence=sentence))


def test_order_and_bytes_do_not_depend_on_how_many_speak(tmp_path: Path, pronunciation: Make) -> None:
    voice = replace(TONE, engine="slow")
    texts = [pronunciation(word) for word in words(30)]
    made = []
    for workers in (1, 2, 4):
        cache = tmp_path / str(workers)
        with Studio(Places(cache, cache), ClipCache(cache), workers) as studio:
            clips = list(studio.speak(texts, Cast(Actor(voice))))
        assert [clip.pronunciation for clip in clips] == texts
        made.append([clip.path.read_bytes() for clip in clips])
    assert made[0] == made[1] == made[2]


def test_every_worker_is_busy_and_no_more_than_those(studio: Studio, pronunciation: Make) -> None:
    Slow.most = 0
    with studio:
        list(studio.speak([pronunciation(word) for word in words(24)], Cast(Actor(replace(TONE, engine="slow")))))
    assert Slow.most == 4


def test_each_part_has_its_voice_and_delivery(studio: Studio, pronunciation: Make) -> None:
    low = replace(TONE, name="low", delivery=Delivery(pitch=-2.0))
    cast = Cast(Actor(TONE), (("quotes", Actor(low, Delivery(rate=2.0))),))
    texts = [with_role(pronunciation("sælɒm donjɒ"), role) for role in (Role.BODY, Role.QUOTE, Role.HEADING)]
    with studio:
        body, quote, heading = studio.speak(texts, cast)
    assert [clip.voice for clip in (body, quote, heading)] == ["tone", "low", "tone"]
    assert quote.samples == pytest.approx(body.samples / 2, rel=0.01)
    assert heading.samples == pytest.approx(body.samples / 0.94, rel=0.01)
    assert cast.delivery(Role.QUOTE) == Delivery(2.0, -2.0, 0.0)


def test_a_failure_names_the_voice_and_keeps_what_is_spoken(studio: Studio, pronunciation: Make) -> None:
    voice = replace(TONE, name="shaky", engine="failing")
    texts = [pronunciation(word) for word in ("sælɒm", "bæd", "donjɒ")]
    with studio:
        clips = studio.speak(texts, Cast(Actor(voice)))
        assert next(clips).path.is_file()
        with pytest.raises(VoiceFailed, match=r"shaky could not speak: The line is down\. Choose another") as caught:
            list(clips)
        assert caught.value.voice == "shaky"
        assert not next(studio.speak(texts[:1], Cast(Actor(voice)))).fresh


def test_an_engine_that_is_not_there_is_a_failure_of_its_voice(studio: Studio, pronunciation: Make) -> None:
    voice = replace(TONE, name="harpist", engine="harp")
    with studio, pytest.raises(VoiceFailed, match="harpist could not speak: No engine is called 'harp'"):
        list(studio.speak([pronunciation("sælɒm")], Cast(Actor(voice))))
    with studio, pytest.raises(VoiceFailed, match="harpist"):
        studio.version(voice)


def test_a_cast_is_made_of_names() -> None:
    parts = {"narrator": Part("nasim"), "quotes": Part("arash", Delivery(rate=0.9)), "headlines": Part("nasim")}
    cast = make_cast(parts, wish=Delivery(pitch=1.0))
    assert [voice.name for voice in cast.voices] == ["nasim", "arash"]
    assert cast.actor(Role.CREDIT).voice.name == "nasim"
    assert cast.actor(Role.QUOTE).delivery == Delivery(0.9, 1.0, 0.0)
    with pytest.raises(VoiceNotFound, match="homa"):
        make_cast({"narrator": Part("homa")})


def test_the_next_of_the_chain_takes_all_parts_of_the_one_that_failed() -> None:
    nasim, arash, espeak = (Actor(find_voice(name)) for name in ("nasim", "arash", "espeak"))
    wanted = Cast(nasim, (("headlines", nasim), ("quotes", arash)))
    understudies = Understudies((nasim.voice, espeak.voice, TONE))
    assert understudies.cast(wanted) == wanted
    told = understudies.failed(VoiceFailed("nasim", "no model."))
    assert told == "nasim could not speak (no model); espeak reads the whole episode."
    assert understudies.cast(wanted) == Cast(espeak, (("headlines", espeak), ("quotes", arash)))
    understudies.failed(VoiceFailed("espeak", "gone"))
    assert understudies.cast(wanted).narrator.voice == TONE
    with pytest.raises(EngineError, match=r"No voice could speak \(nasim: no model; espeak: gone; tone: silent\)"):
        understudies.failed(VoiceFailed("tone", "silent"))
