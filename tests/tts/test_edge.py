from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import edge_server
import numpy as np
import pytest
from edge_server import RATE, EdgeServer, Status, Told, Turn, edge_at_loopback, mp3, said

from audiopress.errors import ConfigError, EngineError, EngineUnavailable
from audiopress.model import PLAIN, Audio, Delivery, Word
from audiopress.tts.edge import LIMIT, EdgeEngine
from audiopress.tts.edge_words import Heard, Span, letters, placed
from audiopress.tts.engine import Engine, Places
from audiopress.tts.online import Refused
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiopress.model import Pronunciation, Voice

type Say = Callable[..., Audio]

SENTENCE = "ketɒbˈe mˈæn, rˈuje mˈiz ˈæst."
#: A pause after each word, so that each tone's place can be measured in the sound.
PARTED = "ketɒbˈe, mˈæn, rˈuje, mˈiz, ˈæst."
NEAR = 0.03  # seconds by which a mark may be off


@pytest.fixture
def server() -> Iterator[EdgeServer]:
    with edge_at_loopback() as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EdgeEngine]:
    engine = EdgeEngine(Places(tmp_path, tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def voice() -> Voice:
    return find_voice("dilara")


@pytest.fixture
def say(engine: EdgeEngine, voice: Voice, pronunciation: Callable[..., Pronunciation]) -> Say:
    """Speaks phonemes in Dilara's voice."""

    def speak(phonemes: str = SENTENCE, delivery: Delivery = PLAIN) -> Audio:
        return engine.synthesize(pronunciation(phonemes), voice, delivery)

    return speak


def seconds(audio: Audio) -> float:
    return len(audio.samples) / audio.sample_rate


def sounds(audio: Audio) -> list[tuple[float, float]]:
    """Where the tones lie that at least 60 ms of silence part, in seconds, measured in the sound itself."""
    loud = np.flatnonzero(np.abs(audio.samples) > 0.05)
    gaps = np.flatnonzero(np.diff(loud) > 0.06 * audio.sample_rate)
    starts, stops = [loud[0], *loud[gaps + 1]], [*loud[gaps], loud[-1]]
    return [(start / audio.sample_rate, stop / audio.sample_rate) for start, stop in zip(starts, stops, strict=True)]


def assert_marks_fit(audio: Audio) -> None:
    """Each mark begins and ends with its tone."""
    places = sounds(audio)
    assert len(audio.marks) == len(places)
    for mark, (start, stop) in zip(audio.marks, places, strict=True):
        assert mark.start / audio.sample_rate == pytest.approx(start, abs=NEAR)
        assert mark.stop / audio.sample_rate == pytest.approx(stop, abs=NEAR)


def test_it_speaks(say: Say, engine: EdgeEngine, server: EdgeServer) -> None:
    assert isinstance(engine, Engine)
    audio = say()
    assert audio.sample_rate == RATE
    assert audio.samples.dtype == np.float32
    assert seconds(audio) == pytest.approx(
        len(said("ketɒbˈe mˈæn، rˈuje mˈiz ˈæst.")[1].samples) / RATE - 0.55, abs=0.15
    )
    (asked,) = server.asked
    assert asked.text == "ketɒbˈe mˈæn، rˈuje mˈiz ˈæst."
    assert asked.voice == "Microsoft Server Speech Text to Speech Voice (fa-IR, DilaraNeural)"
    assert (asked.rate, asked.pitch, asked.volume) == ("+0%", "+0Hz", "+0%")


def test_marked_text_is_sent_with_its_pauses_and_the_kind_of_its_sentence(
    engine: EdgeEngine, voice: Voice, server: EdgeServer, pronunciation: Callable[..., Pronunciation]
) -> None:
    made = pronunciation("ketɒbˈe mˈæn, mˈiz?")
    spellings = [("کتاب", "کتابِ"), ("من", "من"), ("میز", "میز")]
    words = tuple(
        replace(word, spoken=spoken, vocalized=vocalized)
        for word, (spoken, vocalized) in zip(made.words, spellings, strict=True)
    )
    audio = engine.synthesize(replace(made, words=words), voice)
    assert server.texts == ["کتابِ من، میز؟"]
    assert len(audio.marks) == 3


def test_signs_of_xml_are_only_signs(say: Say, server: EdgeServer) -> None:
    audio = say("ketɒb'& <break/> ]]> 'mˈæn\".")
    assert server.texts == ["ketɒb'& <break/> ]]> 'mˈæn\"."]
    assert seconds(audio) > 1


@pytest.mark.parametrize("sentence", ["", "."])
def test_nothing_is_asked_where_nothing_is_said(say: Say, server: EdgeServer, sentence: str) -> None:
    audio = say(sentence)
    assert len(audio.samples) == 0
    assert server.connections == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiopress-")]


# The places of words


def test_marks_are_where_the_words_sound(say: Say, server: EdgeServer) -> None:
    assert_marks_fit(say(PARTED))


@pytest.mark.parametrize("rate", [0.7, 1.4])
def test_marks_go_along_with_the_rate(say: Say, server: EdgeServer, rate: float) -> None:
    assert_marks_fit(say(PARTED, Delivery(rate=rate)))


def test_marks_go_along_with_the_pitch_and_what_the_service_cannot_do(say: Say, server: EdgeServer) -> None:
    assert_marks_fit(say(PARTED, Delivery(rate=2.4, pitch=3, volume=-3)))


def test_marks_of_pieces_follow_each_other(say: Say, server: EdgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiopress.tts.edge.LIMIT", 30)
    audio = say(PARTED)
    assert server.texts == ["ketɒbˈe، mˈæn، rˈuje،", "mˈiz، ˈæst."]
    assert_marks_fit(audio)


def test_words_that_the_service_tells_together_or_in_two_are_placed(say: Say, server: EdgeServer) -> None:
    def told_otherwise(turn: Turn) -> Turn:
        first, second, third, fourth, fifth = turn.told
        middle = (third.start + third.stop) / 2
        halves = (Told("ru", third.start, middle), Told("je", middle, third.stop))
        together = Told("miz æst.", fourth.start, fifth.stop)
        return replace(turn, told=(first, second, Told("،", second.stop, second.stop), *halves, together))

    server.always = told_otherwise
    audio = say("ketɒbe, mæn, ruje, miz æst.")
    places = sounds(audio)
    starts = [mark.start / RATE for mark in audio.marks]
    assert starts[:4] == pytest.approx([start for start, _ in places], abs=NEAR)
    assert audio.marks[2].stop / RATE == pytest.approx(places[2][1], abs=NEAR)
    assert audio.marks[3].stop <= audio.marks[4].start
    assert starts[4] == pytest.approx((places[3][0] + places[3][1]) / 2, abs=0.05)
    assert audio.marks[4].stop / RATE == pytest.approx(places[3][1], abs=NEAR)


@pytest.mark.parametrize(
    "told",
    [
        lambda turn: replace(turn, told=()),
        lambda turn: replace(turn, told=turn.told[:2] + turn.told[3:]),
        lambda turn: replace(turn, told=tuple(replace(each, text="") for each in turn.told)),
        lambda turn: replace(turn, told=tuple(replace(each, text="x") for each in turn.told)),
        lambda turn: replace(turn, told=tuple(replace(each, stop=each.start) for each in turn.told)),
        lambda turn: replace(turn, told=tuple(reversed(turn.told))),
        lambda turn: replace(
            turn, told=tuple(replace(each, start=each.start + 99, stop=each.stop + 99) for each in turn.told)
        ),
    ],
    ids=["none", "one-less", "no-text", "other-text", "no-length", "backwards", "late"],
)
def test_without_sure_places_there_are_no_marks(say: Say, server: EdgeServer, told: Callable[[Turn], Turn]) -> None:
    server.always = told
    audio = say()
    assert seconds(audio) > 1.2
    assert audio.marks == ()
    assert server.connections == 1


def words(*spoken: str) -> list[Word]:
    return [Word(each, "o" * len(letters(each)), vocalized=each) for each in spoken]


def heard(*texts: str) -> list[Heard]:
    return [Heard(text, float(place), place + 0.9) for place, text in enumerate(texts)]


def starts(spans: tuple[Span, ...]) -> list[float]:
    return [round(span.start, 2) for span in spans]


def test_marks_half_spaces_and_keyboards_do_not_matter() -> None:
    assert letters("آیینِ کُتُب‌هایِ ۀ") == letters("ﺁيين كتب هاي ه") == "ایینکتبهایه"
    spans = placed(words("می‌رَوَد", "به", "كتابخانۀ", "ملّی"), heard("میرود", "به", "کتابخانه", "ملي."), 4)
    assert starts(spans) == [0, 1, 2, 3]


def test_words_are_found_though_some_are_told_in_other_letters() -> None:
    spans = placed(words("به", "طهران", "می‌رود"), heard("به", "تهران", "می", "رود"), 4)
    assert starts(spans) == [0, 1, 2]
    assert spans[2].stop == pytest.approx(3.9)


def test_words_whose_last_letters_are_not_told_are_not_mixed_up() -> None:
    assert starts(placed(words("سلا", "اب", "خوب"), heard("سل", "ا", "خو"), 3)) == [0, 1, 2]


def test_words_told_as_one_share_its_time_by_their_letters() -> None:
    spans = placed(words("از", "این", "رو", "رفت"), heard("ازاین رو", "رفت"), 2)
    assert starts(spans) == [0, 0.26, 0.64, 1]
    assert [round(span.stop, 2) for span in spans] == [0.26, 0.64, 0.9, 1.9]


def test_a_word_that_reaches_into_the_next_is_cut() -> None:
    spans = placed(words("من", "رفتم"), [Heard("من", 0, 0.7), Heard("رفتم", 0.5, 1)], 1)
    assert [(span.start, span.stop) for span in spans] == [(0, 0.5), (0.5, 1)]


def test_the_same_word_twice_is_placed_twice() -> None:
    assert starts(placed(words("و", "و", "با", "با"), heard("و", "و", "با", "با"), 4)) == [0, 1, 2, 3]


def test_words_left_out_are_noticed_where_there_is_no_time_for_them() -> None:
    said = words("من", "دانشگاه", "کتابخانه", "رفتم")
    with pytest.raises(EngineError, match="left out some words"):
        placed(said, heard("من", "رفتم"), 2)
    assert placed(said, [Heard("من", 0, 1), Heard("رفتم", 2, 3)], 3) == ()
    with pytest.raises(EngineError, match="left out some words"):
        placed(said, heard("من"), 1.1)
    with pytest.raises(EngineError, match="left out some words"):
        placed(said, [Heard("رفتم", 0.1, 1)], 1)


def test_nothing_is_concluded_from_words_that_are_not_ours() -> None:
    said = words("من", "دانشگاه", "کتابخانه", "رفتم")
    assert placed(said, heard("مردم", "شهر", "رفتم"), 3) == ()
    assert placed(said, heard("اااا", "اااا"), 2) == ()
    assert placed(said, heard("من", "ابتث", "رفتم"), 3) == ()


# Rate, pitch, volume


@pytest.mark.parametrize(
    ("rate", "asked"), [(0.7, "-30%"), (1.4, "+40%"), (0.94, "-6%"), (1.004, "+0%"), (3.0, "+100%"), (0.4, "-50%")]
)
def test_the_rate_is_asked_of_the_service_as_far_as_it_goes(
    say: Say, server: EdgeServer, rate: float, asked: str
) -> None:
    plain, other = say(), say(delivery=Delivery(rate=rate))
    assert seconds(plain) / seconds(other) == pytest.approx(rate, rel=0.1)
    assert server.asked[1].rate == asked


def test_pitch_and_volume_are_changed_here(say: Say, server: EdgeServer) -> None:
    plain, soft, high = (say(delivery=delivery) for delivery in (PLAIN, Delivery(volume=-6), Delivery(pitch=3)))
    assert np.abs(soft.samples).max() / np.abs(plain.samples).max() == pytest.approx(0.5, abs=0.02)
    assert seconds(high) == pytest.approx(seconds(plain), abs=0.02)
    assert {(asked.rate, asked.pitch, asked.volume) for asked in server.asked} == {("+0%", "+0Hz", "+0%")}


# Long texts


def test_a_long_sentence_is_asked_in_pieces_that_the_service_takes(say: Say, server: EdgeServer) -> None:
    clause = "ketɒbe xube mæn ruje mize tʃubi bud, "
    audio = say(clause * 60)
    assert len(audio.marks) == 60 * 7
    assert len(server.texts) > 1
    assert all(len(edge_server.escape(text).encode()) <= LIMIT for text in server.texts)
    assert all(text.endswith("،") for text in server.texts)
    assert " ".join(server.texts).split() == (clause * 60).replace(",", "،").split()


# What goes wrong


def half(turn: Turn) -> Turn:
    return replace(turn, sound=turn.sound[: len(turn.sound) * 2 // 5])


ONCE = {
    "403": Status(403),
    "403-again": Status(403, (("Date", "soon"),)),
    "429": Status(429),
    "500": Status(500, (), "<h1>Oops</h1>"),
    "503": Status(503, (("Retry-After", "0"),)),
    "504": Status(504),
    "page": Status(200, (), "<title>Sign in to the network</title>"),
    "reset": lambda turn: replace(half(turn), end="reset"),
    "reset-at-the-end": lambda turn: replace(turn, end="reset"),
    "close": lambda turn: replace(half(turn), end="close"),
    "close-at-the-end": lambda turn: replace(turn, end="close"),
    "no-audio": lambda turn: replace(turn, sound=b""),
    "no-audio-no-words": lambda turn: replace(turn, sound=b"", told=()),
    "cut": half,
    "cut-words-too": lambda turn: replace(half(turn), told=turn.told[:2]),
    "half-the-text": lambda _: edge_server.turn("ketɒbˈe mˈæn،"),
    "another-text": lambda _: edge_server.turn("ketɒb " * 40),
    "wrong-type": lambda turn: replace(turn, kind="audio/x-wav"),
    "no-type": lambda turn: replace(turn, kind=""),
    "wrong-path": lambda turn: replace(turn, path="video"),
    "wrong-end": lambda turn: replace(turn, end="turn.over"),
    "silence": lambda turn: replace(turn, sound=mp3(Audio(np.zeros(3 * RATE, np.float32), RATE))),
    "html": lambda turn: replace(turn, sound=b"<html>" * 100),
    "garbage": lambda turn: replace(turn, sound=bytes(range(256)) * 20),
}


@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE)
def test_what_goes_wrong_once_is_asked_again(say: Say, server: EdgeServer, act: edge_server.Act) -> None:
    server.plan.append(act)
    audio = say(PARTED)
    assert_marks_fit(audio)
    assert server.connections == 2


def test_words_left_out_though_the_length_could_be_right_are_asked_for_again(say: Say, server: EdgeServer) -> None:
    """Eight words of twelve, spoken slowly enough to pass for all."""
    sentence = "mærdome irɒn emruz be xiɒbɒnhɒ ræftænd bærɒje dʒæʃne bozorɡe noruzi emsɒl."
    first = " ".join(sentence.split()[:8])
    server.plan.append(lambda _: edge_server.turn(first, 0.8))
    audio = say(sentence)
    assert server.connections == 2
    assert len(audio.marks) == 11


def test_a_clock_that_is_wrong_is_set_by_the_service(say: Say) -> None:
    with edge_at_loopback(clock=5400) as server:
        say()
        assert server.connections == 2
        say()
        assert server.connections == 3


def test_a_wave_of_403_is_waited_out(say: Say, server: EdgeServer) -> None:
    server.plan.extend([Status(403)] * 6)  # edge-tts itself asks twice each time
    assert seconds(say()) > 1.2
    assert server.connections == 7


def test_a_stall_is_given_up_and_asked_again(say: Say, server: EdgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiopress.tts.edge.START", 0.5)
    monkeypatch.setattr("audiopress.tts.edge.A_CHARACTER", 0.01)
    server.plan.append(lambda turn: replace(half(turn), end="stall"))
    assert seconds(say()) > 1.2
    assert server.connections == 2


LASTING = {
    r"it turns requests away \(403\); where that lasts for days, pip install -U edge-tts may help": Status(403),
    r"it is asked too much, or has trouble of its own \(503\)": Status(503),
    r"a page answered in its place \(200\)": Status(200),
    "the connection broke off": lambda turn: replace(half(turn), end="reset"),
    "the service sent no audio": lambda turn: replace(turn, sound=b""),
    "the service sent what edge-tts does not understand": lambda turn: replace(turn, kind="audio/x-wav"),
    "the service sent silence": ONCE["silence"],
    "the service sent speech that ends before its last word: it was cut off": half,
    "the service sent .* too short for its text": lambda turn: replace(half(turn), told=()),
}


@pytest.mark.parametrize(("sentence", "act"), LASTING.items())
def test_after_four_tries_it_says_why(say: Say, server: EdgeServer, sentence: str, act: edge_server.Act) -> None:
    server.always = act
    pattern = rf"^Edge could not speak: {sentence}.* \(tried 4 times\); try again later\.$"
    with pytest.raises(EngineError, match=pattern) as caught:
        say()
    assert caught.value.__cause__ is not None


def test_a_wish_to_wait_for_hours_ends_it(say: Say, server: EdgeServer) -> None:
    server.always = Status(503, (("Retry-After", "7200"),))
    with pytest.raises(EngineError, match="it asks to be left alone for 7200 s"):
        say()
    assert server.connections == 1


@pytest.mark.parametrize("code", [400, 401, 404])
def test_what_will_not_pass_is_not_asked_again(say: Say, server: EdgeServer, code: int) -> None:
    server.always = Status(code)
    with pytest.raises(Refused, match=rf"does not accept what it is asked \({code}\); update its client: pip install"):
        say()
    assert server.connections == 1


def test_no_server_is_told(say: Say, server: EdgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with EdgeServer() as other:
        gone = other.url
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", gone)
    with pytest.raises(
        EngineError, match=r"Edge could not speak: it cannot be reached \(no connection to 127.0.0.1; tried 4 times\)"
    ):
        say()


def test_an_answer_without_end_is_not_read_to_its_end(
    say: Say, server: EdgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiopress.tts.edge.LARGEST", 1_000_000)
    server.always = lambda turn: replace(turn, sound=bytes(3_000_000))
    with pytest.raises(EngineError, match="it sent more than 1 MB for one sentence"):
        say()


def test_many_threads_ask_two_at_once_and_get_their_own_speech(say: Say, server: EdgeServer) -> None:
    texts = [" ".join(["ketɒb"] * count) + "." for count in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        audios = list(pool.map(say, texts))
    assert server.busiest <= 2
    lengths = [seconds(audio) for audio in audios]
    assert lengths == sorted(lengths)
    assert sorted(server.texts) == sorted(texts)


def test_close_gives_up_what_is_under_way_and_it_speaks_again(say: Say, engine: EdgeEngine, server: EdgeServer) -> None:
    server.plan.extend([lambda turn: replace(half(turn), end="stall")] * 2)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(say) for _ in range(2)]
        while len(server.asked) < 2:
            time.sleep(0.01)
        engine.close()
        for future in waiting:
            with pytest.raises(EngineError, match="Edge was stopped while it spoke"):
                future.result()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("audiopress-")]
    assert seconds(say()) > 1.2


# The voice files and the package


@pytest.mark.parametrize("name", ["dilara", "farid"])
def test_the_voices_that_come_along_are_whole(engine: EdgeEngine, name: str) -> None:
    voice = find_voice(name)
    assert engine.version(voice) == "1"
    assert voice.option("voice", "") == f"fa-IR-{name.title()}Neural"
    assert voice.online
    assert not voice.key
    assert "audiopress[edge]" in voice.description


@pytest.mark.parametrize("name", ["", "dilara", "fa-IR-Dilara", "fa-IR-x'/><audio src='y'/>Neural", "fa-IR-a bNeural"])
def test_a_name_that_is_no_voices_is_told(
    engine: EdgeEngine, server: EdgeServer, pronunciation: Callable[..., Pronunciation], name: str
) -> None:
    voice = replace(find_voice("dilara"), options=(("voice", name),))
    with pytest.raises(ConfigError, match="say a name as fa-IR-DilaraNeural"):
        engine.version(voice)
    with pytest.raises(ConfigError, match="say a name as fa-IR-DilaraNeural"):
        engine.synthesize(pronunciation(SENTENCE), voice)
    assert server.connections == 0


def test_a_missing_package_is_told_with_the_line_that_installs_it(
    engine: EdgeEngine, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", None)
    with suppress(KeyError):
        monkeypatch.delitem(sys.modules, "edge_tts.communicate")
    with pytest.raises(EngineUnavailable, match=r"The voice dilara needs edge-tts: pip install 'audiopress\[edge\]'"):
        engine.version(voice)
