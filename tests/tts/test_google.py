from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import google_server
import gtts.tts
import numpy as np
import pytest
from edge_server import RATE, said
from google_server import GoogleServer, answer, body, google_at_loopback, speech

from audiopress.errors import ConfigError, EngineError
from audiopress.model import PLAIN, Delivery
from audiopress.tts.engine import Engine, Places
from audiopress.tts.google import GoogleEngine
from audiopress.tts.online import Refused
from audiopress.tts.studio import Noticing
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Audio, Pronunciation, Voice

type Say = Callable[..., Audio]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈɒb."
WRITTEN = "ketɒbˈe mˈæn، rˈuje mˈiz ˈɒb."


@pytest.fixture
def server() -> Iterator[GoogleServer]:
    with google_at_loopback() as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[GoogleEngine]:
    engine = GoogleEngine(Places(tmp_path, tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def voice() -> Voice:
    return find_voice("google")


@pytest.fixture
def say(engine: GoogleEngine, voice: Voice, pronunciation: Callable[..., Pronunciation]) -> Say:
    """Speaks phonemes in Google's voice, with other options where some are given."""

    def speak(phonemes: str = SENTENCE, delivery: Delivery = PLAIN, **options: str) -> Audio:
        changed = tuple(sorted((dict(voice.options) | options).items()))
        return engine.synthesize(pronunciation(phonemes), replace(voice, options=changed), delivery)

    return speak


def seconds(audio: Audio) -> float:
    return len(audio.samples) / audio.sample_rate


def test_it_speaks_where_the_service_has_a_voice(say: Say, engine: GoogleEngine, server: GoogleServer) -> None:
    assert isinstance(engine, Engine)
    audio = say()
    assert audio.sample_rate == RATE
    assert audio.samples.dtype == np.float32
    assert audio.marks == ()
    assert seconds(audio) == pytest.approx(len(said(WRITTEN)[1].samples) / RATE - 0.55, abs=0.15)
    (asked,) = server.asked
    assert (asked.text, asked.language, asked.tld, asked.slow) == (WRITTEN, "fa", "com", None)


def test_another_language_and_another_host_may_be_asked(say: Say, server: GoogleServer) -> None:
    assert seconds(say(language="ar", tld="co.uk")) > 1
    (asked,) = server.asked
    assert (asked.language, asked.tld) == ("ar", "co.uk")


def test_marked_text_is_sent_with_its_pauses_and_the_kind_of_its_sentence(
    engine: GoogleEngine, voice: Voice, server: GoogleServer, pronunciation: Callable[..., Pronunciation]
) -> None:
    made = pronunciation("ketɒbˈe mˈæn, mˈiz?")
    spellings = [("کتاب", "کتابِ"), ("من", "من"), ("میز", "میز")]
    words = tuple(
        replace(word, spoken=spoken, vocalized=vocalized)
        for word, (spoken, vocalized) in zip(made.words, spellings, strict=True)
    )
    engine.synthesize(replace(made, words=words), voice)
    assert [text.strip() for text in server.texts] == ["کتابِ من، میز؟"]


@pytest.mark.parametrize("sentence", ["", "."])
def test_nothing_is_asked_where_nothing_is_said(say: Say, server: GoogleServer, sentence: str) -> None:
    assert len(say(sentence).samples) == 0
    assert server.asked == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiopress-")]


def test_a_long_sentence_is_asked_in_pieces_of_100_characters_that_end_at_pauses(
    say: Say, server: GoogleServer
) -> None:
    clause = "ketɒbe xube mæn ruje mize tʃubi bud, "
    audio = say(clause * 12)
    assert len(server.texts) == 6
    assert all(len(text) <= 100 and text.endswith("،") for text in server.texts)
    assert " ".join(server.texts).split() == (clause * 12).replace(",", "،").split()
    assert seconds(audio) == pytest.approx(len(said(clause.replace(",", "،") * 12)[1].samples) / RATE, abs=1)


def test_each_piece_is_one_request_even_where_marks_take_room(say: Say, server: GoogleServer) -> None:
    say("bɒbɒ! " * 30)
    assert all(len(text) <= 100 for text in server.texts)
    assert all(text.strip().endswith("!") for text in server.texts)
    assert len(server.texts) == 3


@pytest.mark.parametrize("rate", [0.7, 1.4])
def test_the_rate_is_changed_here(say: Say, server: GoogleServer, rate: float) -> None:
    plain, other = say(), say(delivery=Delivery(rate=rate))
    assert seconds(plain) / seconds(other) == pytest.approx(rate, rel=0.05)
    assert [asked.slow for asked in server.asked] == [None, None]


def test_pitch_and_volume_are_changed_here(say: Say, server: GoogleServer) -> None:
    plain, soft, high = (say(delivery=delivery) for delivery in (PLAIN, Delivery(volume=-6), Delivery(pitch=3)))
    assert np.abs(soft.samples).max() / np.abs(plain.samples).max() == pytest.approx(0.5, abs=0.02)
    assert seconds(high) == pytest.approx(seconds(plain), abs=0.02)


# What goes wrong

ONCE = {
    "403": answer("", 403),
    "429": answer("", 429, Retry_After="0"),
    "500": answer("<h1>Oops</h1>", 500, "text/html"),
    "503": answer("", 503),
    "reset": google_server.reset,
    "cut": google_server.cut,
    "silence": google_server.silence(),
    "no-rpc-line": answer(')]}\'\n\n[["di",42],["e",4]]'),
    "nothing": answer(""),
    "page": answer("<title>Before you continue to Google</title>", 200, "text/html"),
    "empty-audio": answer(body(b"")),
    "garbage-for-audio": answer(body(bytes(range(256)) * 20)),
    "page-for-audio": answer(body(b"<html>" * 100)),
    "another-text": answer(body(speech("ketɒb " * 40))),
    "half-the-text": answer(body(speech("ketɒbˈe mˈæn"))),
}


@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE)
def test_what_goes_wrong_once_is_asked_again(say: Say, server: GoogleServer, act: google_server.Act) -> None:
    server.plan.append(act)
    assert seconds(say()) > 1.2
    assert len(server.asked) == 2


def test_only_the_piece_that_failed_is_asked_again(say: Say, server: GoogleServer) -> None:
    server.plan.extend([google_server.speak, google_server.cut])
    say("ketɒbe xube mæn ruje mize tʃubi bud, " * 6)
    assert len(server.texts) == 4
    assert server.texts[1] == server.texts[2]


def test_audio_that_is_no_base64_is_asked_for_again(say: Say, server: GoogleServer) -> None:
    server.plan.append(answer(')]}\'\n\n[["wrb.fr","jQ1olc","[\\"YWJjZ\\"]",null,null,null,"generic"]]'))
    assert seconds(say()) > 1.2
    assert len(server.asked) == 2


def test_a_stall_is_given_up_and_asked_again(say: Say, server: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiopress.tts.google.PATIENCE", (5.0, 0.5))
    server.plan.append(google_server.stall)
    assert seconds(say()) > 1.2
    assert len(server.asked) == 2


LASTING = {
    r"it turns requests away \(403\); where that lasts, pip install -U gTTS may help": answer("", 403),
    r"it is asked too much, or has trouble of its own \(429\)": answer("", 429),
    r"it is asked too much, or has trouble of its own \(503\)": answer("", 503),
    "the connection broke off": google_server.reset,
    "the service sent no audio": answer(""),
    "the service sent something that is no audio": answer(body(b"abc")),
    "the service sent .* too short for its text": google_server.cut,
    "the service sent silence": google_server.silence(),
}


@pytest.mark.parametrize(("sentence", "act"), LASTING.items())
def test_after_four_tries_it_says_why(say: Say, server: GoogleServer, sentence: str, act: google_server.Act) -> None:
    server.always = act
    pattern = rf"^Google Translate could not speak: {sentence}.* \(tried 4 times\); try again later\.$"
    with pytest.raises(EngineError, match=pattern) as caught:
        say()
    assert caught.value.__cause__ is not None
    assert len(server.asked) == 4


def test_silence_of_the_service_is_told(say: Say, server: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiopress.tts.google.PATIENCE", (5.0, 0.2))
    server.always = google_server.stall
    with pytest.raises(EngineError, match=r"could not speak: it does not answer \(tried 4 times\); try again later"):
        say()


def test_a_language_without_a_voice_is_told_at_once(engine: GoogleEngine, say: Say) -> None:
    """As the service answers for Persian today."""
    with google_at_loopback(frozenset({"ar"})) as server:
        with pytest.raises(
            Refused, match="has no voice for the language 'fa' today; see others with: audiopress voices"
        ):
            say()
        assert len(server.asked) == 1
        engine.close()
        assert seconds(say(language="ar")) > 1


@pytest.mark.parametrize(
    ("code", "tld", "why"),
    [
        (400, "com", r"does not accept what it is asked \(400\); update: pip install -U gTTS"),
        (404, "com", r"does not accept what it is asked \(404\); update: pip install -U gTTS"),
        (404, "xx", r"translate.google.xx does not know what is asked \(404\); mend tld in the voice file"),
    ],
)
def test_what_will_not_pass_is_not_asked_again(say: Say, server: GoogleServer, code: int, tld: str, why: str) -> None:
    server.always = answer("", code)
    with pytest.raises(Refused, match=why):
        say(tld=tld)
    assert len(server.asked) == 1


def test_a_wish_to_wait_for_hours_ends_it(say: Say, server: GoogleServer) -> None:
    server.always = answer("", 429, Retry_After="7200")
    with pytest.raises(EngineError, match="it asks to be left alone for 7200 s"):
        say()
    assert len(server.asked) == 1


def test_no_server_is_told(say: Say, server: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with GoogleServer() as other:
        gone = other.address
    monkeypatch.setattr(gtts.tts, "_translate_url", gone)
    with pytest.raises(EngineError, match=r"cannot be reached \(no connection to translate.google.com; tried 4 times"):
        say()


def test_many_threads_ask_two_at_once_and_get_their_own_speech(say: Say, server: GoogleServer) -> None:
    server.always = google_server.slow
    texts = [" ".join(["ketɒb"] * count) + "." for count in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        audios = list(pool.map(say, texts))
    assert server.busiest == 2
    lengths = [seconds(audio) for audio in audios]
    assert lengths == sorted(lengths)
    assert sorted(server.texts) == sorted(texts)


def test_close_gives_up_what_is_under_way_and_it_speaks_again(
    say: Say, engine: GoogleEngine, server: GoogleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiopress.tts.google.PATIENCE", (5.0, 1.0))
    server.plan.extend([google_server.stall] * 2)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(say) for _ in range(2)]
        while len(server.asked) < 2:
            time.sleep(0.01)
        engine.close()
        for future in waiting:
            with pytest.raises(EngineError, match="Google Translate was stopped while it spoke"):
                future.result()
    assert seconds(say()) > 1.2


# The voice file


def test_the_voice_that_comes_along_says_plainly_that_there_is_no_persian(engine: GoogleEngine, voice: Voice) -> None:
    assert engine.version(voice) == "1"
    assert voice.online
    assert "speaks no Persian" in voice.quality
    assert voice.option("language", "") == "fa"
    assert engine.notice(voice) == ""


def test_another_languages_voice_is_warned_of(engine: GoogleEngine, voice: Voice) -> None:
    assert isinstance(engine, Noticing)
    own = replace(voice, name="mine", options=(("language", "ar"),))
    assert engine.notice(own).startswith("The voice mine reads Persian as if it were another language (ar):")


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("language", "", "say a code such as fa or ar"),
        ("language", "Persian language", "say a code such as fa or ar"),
        ("tld", "", "say an ending such as com or co.uk"),
        ("tld", "com/evil", "say an ending such as com or co.uk"),
        ("tld", "com.evil.example", "say an ending such as com or co.uk"),
        ("tld", "com@host", "say an ending such as com or co.uk"),
    ],
)
def test_what_is_wrong_in_a_voice_file_is_told(  # noqa: PLR0917 - fixtures, and the columns of the table
    say: Say, engine: GoogleEngine, server: GoogleServer, option: str, value: str, why: str
) -> None:
    with pytest.raises(ConfigError, match=why):
        engine.version(replace(find_voice("google"), options=((option, value),)))
    with pytest.raises(ConfigError, match=why):
        say(**{option: value})
    assert server.asked == []
