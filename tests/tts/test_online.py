from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiopress.errors import EngineError, EngineUnavailable
from audiopress.model import Audio, Mark, VoiceInput
from audiopress.tts.online import Busy, Limits, Refused, Service, measure
from audiopress.tts.online_pieces import joined, pieces, text
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from audiopress.model import Pronunciation

QUICK = Limits(concurrency=3, per_minute=0, timeout=5, attempts=4, wait_initial=0.01, wait_max=0.02)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service("Example", QUICK)
    yield service
    service.close()


class Asking:
    """An asynchronous question whose answers are given beforehand; an exception among them is raised."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.times: list[float] = []

    async def __call__(self) -> bytes:
        self.times.append(time.monotonic())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, bytes)
        return answer


async def forever() -> bytes:
    await asyncio.Event().wait()
    return b""


def same(data: bytes) -> bytes:
    return data


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "audiopress-Example"]


def test_nothing_runs_before_the_first_question_nor_after_close() -> None:
    service = Service("Example", QUICK)
    assert threads() == []
    assert service.fetch(Asking(b"a"), len) == 1
    assert len(threads()) == 1
    service.close()
    assert threads() == []
    service.close()
    assert service.fetch(Asking(b"ab"), len) == 2
    service.close()
    assert threads() == []


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionResetError(104, "Connection reset by peer"),
        TimeoutError(),
        OSError("no route"),
        Busy("it is busy (429)"),
        EngineError("it sent no audio"),
    ],
)
def test_what_may_pass_is_tried_again(service: Service, failure: Exception) -> None:
    asking = Asking(failure, failure, b"good")
    assert service.fetch(asking, same) == b"good"
    assert len(asking.times) == 3


def test_what_is_judged_bad_is_asked_again(service: Service) -> None:
    asking = Asking(b"", b"cut", b"whole")

    def judge(data: bytes) -> str:
        if data != b"whole":
            raise EngineError("the service sent too little")
        return "heard"

    assert service.fetch(asking, judge) == "heard"
    assert len(asking.times) == 3


@pytest.mark.parametrize("failure", [Refused("No."), EngineUnavailable("pip install it")])
def test_what_will_not_pass_is_not_tried_again(service: Service, failure: EngineError) -> None:
    asking = Asking(failure)
    with pytest.raises(type(failure), match=str(failure)):
        service.fetch(asking, same)
    assert len(asking.times) == 1


def test_a_bug_is_not_hidden(service: Service) -> None:
    asking = Asking(KeyError("oops"))
    with pytest.raises(KeyError, match="oops"):
        service.fetch(asking, same)
    assert len(asking.times) == 1


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (
            ConnectionResetError(104, "Connection was reset"),
            "Example could not speak: it cannot be reached (Connection was reset; tried 4 times); check the network.",
        ),
        (
            EngineError("the service sent silence"),
            "Example could not speak: the service sent silence (tried 4 times); try again later.",
        ),
        (
            Busy("it is busy (429)"),
            "Example could not speak: it is busy (429) (tried 4 times); try again later.",
        ),
    ],
)
def test_after_the_last_try_one_sentence_says_why(service: Service, failure: Exception, sentence: str) -> None:
    asking = Asking(failure)
    with pytest.raises(EngineError) as caught:
        service.fetch(asking, same)
    assert str(caught.value) == sentence
    assert caught.value.__cause__ is failure
    assert len(asking.times) == QUICK.attempts


def test_a_service_that_does_not_answer_is_given_up(service: Service) -> None:
    with pytest.raises(EngineError, match=r"it did not answer within 0 s \(tried 4 times\)"):
        service.fetch(forever, same, 0.02)


def test_a_wish_to_wait_is_heeded_by_all(service: Service) -> None:
    first, other = Asking(Busy("it is busy", 0.3), b"a"), Asking(b"b")
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(service.fetch, first, same)
        while not first.times:
            time.sleep(0.01)
        time.sleep(0.05)
        assert service.fetch(other, same) == b"b"
        assert answer.result() == b"a"
    assert first.times[1] - began >= 0.3
    assert other.times[0] - began >= 0.3


def test_a_wish_to_wait_for_long_ends_it(service: Service) -> None:
    asking = Asking(Busy("it is busy (429)", 3600))
    with pytest.raises(EngineError, match="it asks to be left alone for 3600 s"):
        service.fetch(asking, same)
    assert len(asking.times) == 1


def test_no_more_are_asked_at_once_than_allowed_and_each_gets_its_own_answer(service: Service) -> None:
    now = most = 0

    def ask(number: int) -> Callable[[], Awaitable[int]]:
        async def asked() -> int:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1
            return number

        return asked

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda number: service.fetch(ask(number), lambda answer: answer), range(40)))
    assert answers == list(range(40))
    assert most == QUICK.concurrency


@pytest.mark.parametrize(("concurrency", "per_minute"), [(4, 20), (4, 300), (1, 3), (2, 2), (1, 1)])
def test_what_may_be_asked_in_a_minute_is_never_passed(concurrency: int, per_minute: float) -> None:
    limiter = measure(Limits(concurrency=concurrency, per_minute=per_minute))
    in_a_minute = limiter.max_rate + 60 * limiter.max_rate / limiter.time_period
    assert in_a_minute <= max(per_minute, 2)
    assert in_a_minute > 0.9 * per_minute
    assert limiter.max_rate <= concurrency


def test_questions_are_spaced_out() -> None:
    service = Service("Example", replace(QUICK, concurrency=2, per_minute=1202))  # 2 at once, 20 a second
    asking = Asking(b"a")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: service.fetch(asking, same), range(10)))
    service.close()
    spans = [later - earlier for earlier, later in zip(asking.times, asking.times[4:], strict=False)]
    assert min(spans) > 0.08  # two of the four had to wait 50 ms each


def test_close_gives_up_what_is_under_way() -> None:
    service = Service("Example", QUICK)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(service.fetch, forever, same) for _ in range(6)]
        while not threads():
            time.sleep(0.01)
        time.sleep(0.05)
        service.close()
        for future in waiting:
            with pytest.raises(EngineError, match="Example was stopped while it spoke"):
                future.result()
    assert threads() == []


def test_close_does_not_wait_for_the_next_try() -> None:
    service = Service("Example", replace(QUICK, wait_initial=600, wait_max=600))
    asking = Asking(EngineError("no"))
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(service.fetch, asking, same)
        while not asking.times:
            time.sleep(0.01)
        service.close()
        with pytest.raises(EngineError, match="stopped"):
            future.result()


INTERRUPTED = """
import asyncio
from audiopress.tts.online import Limits, Service

async def ask():
    print("asked", flush=True)
    await asyncio.Event().wait()

service = Service("Example", Limits())
try:
    service.fetch(ask, len)
except KeyboardInterrupt:
    service.close()
    print("stopped", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_ctrl_c_stops_it() -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == "stopped\n"
        assert process.returncode == 0


class Keeping(Service):
    """Notes where it is opened and closed."""

    def __init__(self) -> None:
        super().__init__("Example", QUICK)
        self.noted: list[str] = []

    async def opened(self) -> None:
        self.noted.append("opened in " + threading.current_thread().name)

    async def closed(self) -> None:
        self.noted.append("closed in " + threading.current_thread().name)


def test_what_all_questions_share_lives_in_the_loop() -> None:
    service = Keeping()
    for _ in range(2):
        service.fetch(Asking(b"a"), same)
        service.fetch(Asking(b"a"), same)
        service.close()
    assert service.noted == ["opened in audiopress-Example", "closed in audiopress-Example"] * 2


def test_what_cannot_be_opened_is_told_and_closed() -> None:
    class Broken(Keeping):
        async def opened(self) -> None:
            raise EngineUnavailable("pip install it")

    service = Broken()
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match="pip install it"):
            service.fetch(Asking(b"a"), same)
    service.close()
    assert threads() == []


def test_retries_do_not_write_to_the_terminal(service: Service, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("stamina").propagate = False  # pytest's own handler would hide what Python does without one
    service.fetch(Asking(EngineError("no"), b"a"), same)
    logging.getLogger("stamina").propagate = True
    assert capfd.readouterr() == ("", "")


# What is sent


def size(part: Pronunciation) -> int:
    return len(" ".join(word.spoken + word.after for word in part.words))


def said(parts: list[Pronunciation]) -> list[str]:
    return [" ".join(word.spoken + word.after for word in part.words) for part in parts]


@pytest.mark.parametrize(
    ("sentence", "limit", "expected"),
    [
        ("", 10, []),
        ("sib ɒb", 10, ["sib ɒb"]),
        ("sib, ɒb nɒn.", 10, ["sib,", "ɒb nɒn."]),
        ("sib, ɒb nɒn: mɒh dud", 14, ["sib, ɒb nɒn:", "mɒh dud"]),
        ("sib: ɒb nɒn, mɒh dud", 14, ["sib: ɒb nɒn,", "mɒh dud"]),
        ("ɒb, nɒnɒn nɒnɒn nɒnɒn", 16, ["ɒb, nɒnɒn nɒnɒn", "nɒnɒn"]),
        ("a b c d e f", 3, ["a b", "c d", "e f"]),
    ],
)
def test_a_text_is_cut_at_its_pauses(
    pronunciation: Callable[..., Pronunciation], sentence: str, limit: int, expected: list[str]
) -> None:
    parts = pieces(pronunciation(sentence), limit, size)
    assert said(parts) == expected
    assert all(size(part) <= limit for part in parts)


def test_a_word_that_is_too_long_is_named(pronunciation: Callable[..., Pronunciation]) -> None:
    with pytest.raises(EngineError, match="The word 'ketɒbxɒne' is too long"):
        pieces(pronunciation("man ketɒbxɒne"), 8, size)


def test_parts_are_joined_with_their_pauses_and_marks(pronunciation: Callable[..., Pronunciation]) -> None:
    parts = pieces(pronunciation("sib, ɒb nɒn nɒn"), 8, size)
    assert said(parts) == ["sib,", "ɒb nɒn", "nɒn"]
    loud = np.ones(1000, np.float32)
    marks = [(Mark(0, 1000),), (Mark(0, 400), Mark(500, 1000)), (Mark(0, 1000),)]
    audio = joined(parts, [Audio(loud, 1000, each) for each in marks])
    assert len(audio.samples) == 3000 + 150 + 20
    assert audio.marks == (Mark(0, 1000), Mark(1150, 1550), Mark(1650, 2150), Mark(2170, 3170))
    assert not audio.samples[1000:1150].any()
    assert len(joined(parts, [Audio(loud, 1000)] * 3, rate=2.0).samples) == 3000 + 75 + 10
    assert joined(parts, [Audio(loud, 1000)] * 3).marks == ()
    assert joined(parts[:1], [Audio(loud, 1000)]).samples is loud


def test_the_text_is_vocalized_or_phonemes(pronunciation: Callable[..., Pronunciation]) -> None:
    made = pronunciation("ketɒbˈe mˈæn, xˈub?")
    words = tuple(
        replace(word, spoken=spoken, vocalized=vocalized)
        for word, spoken, vocalized in zip(made.words, ("کتاب", "من", "خوب"), ("کتابِ", "", "خوب"), strict=True)
    )
    marked = replace(made, words=words)
    voice = find_voice("espeak")
    assert text(marked, voice) == "ketɒbˈe mˈæn, xˈub?"
    assert text(marked, replace(voice, input=VoiceInput.VOCALIZED)) == "کتابِ من، خوب؟"
    assert text(pronunciation(""), voice) == ""
