"""Installing voices from a server that misbehaves: whole or not at all, and told in one sentence."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import piper_model
import pytest
from voice_host import Host, hang_up, promise, reset, send, serve_all, stall, status, wrong_part

from audiopress.errors import AudiopressError, ConfigError, EngineUnavailable, OutputError
from audiopress.model import Download, Voice
from audiopress.tts.download import Patience
from audiopress.tts.install import INSTALLING, RECEIPT, install, installed, remove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = Patience(timeout=0.4, attempts=3, wait=0.01)
MODEL, SIDECAR = "hum.onnx", "hum.onnx.json"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A whole voice; its model is made long enough to be cut in two."""
    model = piper_model.graph()
    model.doc_string = "x" * 300_000
    return {MODEL: model.SerializeToString(), SIDECAR: json.dumps(piper_model.config()).encode()}


@pytest.fixture
def host(files: dict[str, bytes]) -> Iterator[Host]:
    with Host() as host:
        host.files = dict(files)
        yield host


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def voice_of(host: Host, *, hashes: bool = True, sizes: bool = True, **changes: object) -> Voice:
    downloads = tuple(
        Download(host.url(name), name, sha256(data) if hashes else "", len(data) if sizes else 0)
        for name, data in host.files.items()
    )
    return piper_model.own_voice("hum", **{"downloads": downloads, **changes})


def test_it_installs_all_files_and_says_what_it_verified(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    voice = voice_of(host)
    assert installed(voice, tmp_path) == ()
    received = install(voice, tmp_path, patience=SHORT)
    assert [(each.file, each.size, each.verified) for each in received] == [
        (MODEL, len(files[MODEL]), True),
        (SIDECAR, len(files[SIDECAR]), True),
    ]
    assert {path.name for path in (tmp_path / "hum").iterdir()} == {MODEL, SIDECAR, RECEIPT}
    assert all((tmp_path / "hum" / name).read_bytes() == data for name, data in files.items())
    assert installed(voice, tmp_path) == received
    assert not any((tmp_path / INSTALLING / "hum").iterdir())


def test_without_a_hash_it_says_which_one_it_found(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    received = install(voice_of(host, hashes=False, sizes=False), tmp_path, patience=SHORT)
    assert [(each.sha256, each.verified) for each in received] == [
        (sha256(files[name]), False) for name in (MODEL, SIDECAR)
    ]


def test_a_voice_that_is_there_is_not_fetched_again(host: Host, tmp_path: Path) -> None:
    voice = voice_of(host)
    first = install(voice, tmp_path, patience=SHORT)
    host.asked.clear()
    assert install(voice, tmp_path, patience=SHORT) == first
    assert host.asked == []


def test_a_damaged_voice_is_mended(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    voice = voice_of(host)
    install(voice, tmp_path, patience=SHORT)
    model = tmp_path / "hum" / MODEL
    model.write_bytes(model.read_bytes()[:-4] + b"oops")
    install(voice, tmp_path, patience=SHORT)
    assert model.read_bytes() == files[MODEL]


def test_progress_grows_to_the_end(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    told: list[tuple[int, int]] = []
    install(voice_of(host), tmp_path, lambda done, total: told.append((done, total)), SHORT)
    whole = sum(map(len, files.values()))
    assert told[-1] == (whole, whole)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {whole}


def test_after_a_reset_it_goes_on_where_it_was(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [reset]
    install(voice_of(host, hashes=False), tmp_path, patience=SHORT)
    ranges = host.ranges(MODEL)
    assert ranges[0] == ""
    assert 0 < int(ranges[1].removeprefix("bytes=").rstrip("-")) < len(files[MODEL])
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_content_that_was_cut_off_is_completed(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [hang_up]
    install(voice_of(host, hashes=False, sizes=False), tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_many_resets_do_not_matter_as_long_as_something_arrives(host: Host, tmp_path: Path) -> None:
    host.plan[MODEL] = [reset] * 8
    install(voice_of(host), tmp_path, patience=SHORT)
    assert len(host.ranges(MODEL)) == 9


def test_a_server_that_ignores_ranges_starts_anew(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [reset, serve_all]
    install(voice_of(host), tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_a_file_that_changed_meanwhile_starts_anew(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [reset, status(403)]
    with pytest.raises(EngineUnavailable):
        install(voice_of(host, hashes=False, sizes=False), tmp_path, patience=SHORT)
    assert (tmp_path / INSTALLING / "hum" / "files" / MODEL).stat().st_size > 0
    newer = piper_model.graph()
    newer.doc_string = "y" * 400_000
    host.files[MODEL] = newer.SerializeToString()
    install(voice_of(host, hashes=False, sizes=False), tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == host.files[MODEL] != files[MODEL]


def test_another_part_than_asked_for_is_not_taken(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [reset, wrong_part]
    install(voice_of(host, hashes=False), tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_a_stall_is_waited_for_and_gone_on_with(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [stall]
    install(voice_of(host), tmp_path, patience=SHORT)
    assert len(host.ranges(MODEL)) == 2
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_a_busy_server_is_asked_again(host: Host, tmp_path: Path) -> None:
    host.plan[SIDECAR] = [status(503, Retry_After="0"), status(429), status(500), status(502)]
    with pytest.raises(EngineUnavailable, match="answers 500"):
        install(voice_of(host), tmp_path, patience=SHORT)
    assert installed(voice_of(host), tmp_path) == ()
    install(voice_of(host), tmp_path, patience=SHORT)
    assert len(host.ranges(MODEL)) == 1


def test_a_server_that_wants_a_long_pause_is_left_alone(host: Host, tmp_path: Path) -> None:
    host.plan[MODEL] = [status(503, Retry_After="86400")]
    with pytest.raises(EngineUnavailable, match="answers 503"):
        install(voice_of(host), tmp_path, patience=SHORT)


def other_model() -> bytes:
    model = piper_model.graph()
    model.doc_string = "another"
    return model.SerializeToString()


BAD = {
    "gone": ([status(404)], "does not exist any more"),
    "forbidden": ([status(403)], "refused by its server"),
    "page": ([send(b"<!DOCTYPE html><html>Log in</html>", "text/html; charset=utf-8")], "a page in place of a file"),
    "disguised page": ([send(b"\n <html>Log in</html>")], "a page in place of a file"),
    "pointer": ([send(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")], "a page in place of a file"),
    "wrong hash": ([send(other_model())] * 3, "is not the file that the voice file means"),
    "cut off": ([hang_up, *[promise] * 5], "could not be fetched"),
    "short": ([send(b"\x08\x08short")] * 3, "bytes in place of"),
}


@pytest.mark.parametrize("kind", sorted(BAD))
@pytest.mark.parametrize("before", ["nothing", "a damaged voice"])
def test_what_is_not_the_model_is_refused_and_leaves_things_as_they_were(
    kind: str, before: str, host: Host, tmp_path: Path, files: dict[str, bytes]
) -> None:
    voice = voice_of(host, sizes=kind == "short")
    if before != "nothing":
        install(voice, tmp_path, patience=SHORT)
        (tmp_path / "hum" / MODEL).write_bytes(b"damaged by a user")
    acts, sentence = BAD[kind]
    host.plan[MODEL] = list(acts)
    with pytest.raises(EngineUnavailable, match=sentence) as raised:
        install(voice, tmp_path, patience=SHORT)
    assert "\n" not in str(raised.value)
    assert host.url(MODEL) in str(raised.value)
    assert (tmp_path / "hum").exists() == (before != "nothing")
    if before != "nothing":
        assert (tmp_path / "hum" / MODEL).read_bytes() == b"damaged by a user"
    host.plan[MODEL] = []
    install(voice, tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (MODEL, b"PK\x03\x04 not a model at all", "no ONNX model"),
        (MODEL, b"", "without anything in it"),
        (SIDECAR, b'{"half": ', "is not what its name says"),
    ],
)
def test_content_is_looked_at_even_without_a_hash(
    name: str, data: bytes, sentence: str, host: Host, tmp_path: Path
) -> None:
    host.files[name] = data
    with pytest.raises(EngineUnavailable, match=sentence):
        install(voice_of(host, hashes=False), tmp_path, patience=SHORT)
    assert not (tmp_path / "hum").exists()


def test_a_part_of_something_else_is_thrown_away_for_the_right_file(
    host: Host, tmp_path: Path, files: dict[str, bytes]
) -> None:
    part = tmp_path / INSTALLING / "hum" / "files" / MODEL
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\x00" * 1000)
    install(voice_of(host), tmp_path, patience=SHORT)
    assert host.ranges(MODEL) == ["bytes=1000-", ""]
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


@pytest.mark.parametrize("known", ["by its hash", "by its length"])
def test_a_file_that_had_come_whole_is_not_fetched_again(known: str, host: Host, tmp_path: Path) -> None:
    hashes = known == "by its hash"
    host.plan[SIDECAR] = [status(404)]
    with pytest.raises(EngineUnavailable):
        install(voice_of(host, hashes=hashes), tmp_path, patience=SHORT)
    sent = len(host.files[MODEL])
    install(voice_of(host, hashes=hashes), tmp_path, patience=SHORT)
    assert host.ranges(MODEL) == [""] if hashes else ["", f"bytes={sent}-"]


def test_two_at_once_fetch_once(host: Host, tmp_path: Path) -> None:
    host.plan[MODEL] = [reset]
    voice = voice_of(host)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: install(voice, tmp_path, patience=SHORT), range(2)))
    assert both[0] == both[1] == installed(voice, tmp_path)
    assert len(host.ranges(SIDECAR)) == 1


CHILD = """
import json, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import piper_model
from audiopress.errors import AudiopressError
from audiopress.model import Download
from audiopress.tts.download import Patience
from audiopress.tts.install import install
voice = piper_model.own_voice("hum", downloads=tuple(Download(*each) for each in json.loads(sys.argv[1])))
{before}
try:
    install(voice, Path(sys.argv[2]), patience=Patience(20, 3, 0.01))
except AudiopressError as error:
    sys.exit(f"{{type(error).__name__}}: {{error}}")
"""


def child(voice: Voice, folder: Path, before: str = "") -> subprocess.Popen[str]:
    downloads = json.dumps([(each.url, each.file, each.sha256, each.size) for each in voice.downloads])
    code = CHILD.format(tests=os.path.dirname(__file__), before=before)  # noqa: PTH120 - a text is wanted
    return subprocess.Popen([sys.executable, "-c", code, downloads, str(folder)], stderr=subprocess.PIPE, text=True)


def test_killed_half_way_it_goes_on(host: Host, tmp_path: Path, files: dict[str, bytes]) -> None:
    host.plan[MODEL] = [stall]
    voice = voice_of(host)
    process = child(voice, tmp_path)
    part = tmp_path / INSTALLING / "hum" / "files" / MODEL
    deadline = time.monotonic() + 30
    while not (part.is_file() and part.stat().st_size > len(files[MODEL]) // 3) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    had = part.stat().st_size
    assert not (tmp_path / "hum").exists()
    install(voice, tmp_path, patience=SHORT)
    assert host.ranges(MODEL) == ["", f"bytes={had}-"]
    assert (tmp_path / "hum" / MODEL).read_bytes() == files[MODEL]


def test_a_full_disk_is_told(host: Host, tmp_path: Path) -> None:
    limit = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000)); "
    process = child(voice_of(host), tmp_path, f"{limit}signal.signal(signal.SIGXFSZ, signal.SIG_IGN)")
    _, said = process.communicate()
    assert process.returncode == 1
    assert said.startswith("OutputError: ")
    assert "the disk is full" in said
    assert "AUDIOPRESS_DATA" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "hum").exists()


def test_a_disk_without_room_is_told_before_anything_is_fetched(host: Host, tmp_path: Path) -> None:
    big = Download(host.url(MODEL), MODEL, "", 10**18)
    with pytest.raises(OutputError, match="MB free"):
        install(voice_of(host, downloads=(big,)), tmp_path, patience=SHORT)
    assert host.asked == []


def test_a_file_in_the_way_is_told(host: Host, tmp_path: Path) -> None:
    (tmp_path / INSTALLING).write_text("not a folder")
    with pytest.raises(OutputError, match="AUDIOPRESS_DATA"):
        install(voice_of(host), tmp_path, patience=SHORT)


@pytest.mark.parametrize("url", ["http://example.org/hum.onnx", "ftp://127.0.0.1/hum.onnx", "file:///etc/passwd"])
def test_only_https_leaves_this_machine(url: str, tmp_path: Path) -> None:
    voice = piper_model.own_voice("hum", downloads=(Download(url, MODEL),))
    with pytest.raises(EngineUnavailable, match="not https"):
        install(voice, tmp_path, patience=SHORT)


def test_a_redirect_may_not_lead_to_an_open_line(host: Host, tmp_path: Path) -> None:
    host.plan[MODEL] = [status(302, Location="http://example.org/hum.onnx")]
    with pytest.raises(EngineUnavailable, match="not https"):
        install(voice_of(host), tmp_path, patience=SHORT)


def test_redirects_are_followed_but_not_in_circles(host: Host, tmp_path: Path) -> None:
    host.plan["there"] = [status(302, Location=f"/{MODEL}")]
    voice = voice_of(host, downloads=(Download(host.url("there"), MODEL),))
    install(voice, tmp_path, patience=SHORT)
    host.plan["there"] = [status(302, Location="/there")] * 30
    with pytest.raises(EngineUnavailable, match="leads nowhere"):
        install(voice, tmp_path / "other", patience=SHORT)


def test_nobody_there_is_told(tmp_path: Path) -> None:
    voice = piper_model.own_voice("hum", downloads=(Download("http://127.0.0.1:1/hum.onnx", MODEL),))
    with pytest.raises(EngineUnavailable, match="look after your network"):
        install(voice, tmp_path, patience=SHORT)


@pytest.mark.parametrize("name", ["../evil.onnx", "a/b.onnx", "..", "", ".hidden", "a\\b"])
def test_names_do_not_lead_out_of_the_folder(name: str, host: Host, tmp_path: Path) -> None:
    bad_file = voice_of(host, downloads=(Download(host.url(MODEL), name),))
    with pytest.raises(ConfigError, match="plain name"):
        install(bad_file, tmp_path / "voices", patience=SHORT)
    with pytest.raises(ConfigError, match="plain name"):
        remove(piper_model.own_voice(name, downloads=bad_file.downloads), tmp_path / "voices")
    assert not list(tmp_path.iterdir())


def test_a_voice_without_downloads_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing to install"):
        install(piper_model.own_voice("hum"), tmp_path)


def test_a_newer_voice_file_is_not_content_with_the_old_model(host: Host, tmp_path: Path) -> None:
    install(voice_of(host), tmp_path, patience=SHORT)
    host.files[MODEL] = other_model()
    assert installed(voice_of(host), tmp_path) == ()
    install(voice_of(host), tmp_path, patience=SHORT)
    assert (tmp_path / "hum" / MODEL).read_bytes() == host.files[MODEL]


def test_removing_leaves_nothing(host: Host, tmp_path: Path) -> None:
    voice = voice_of(host)
    assert not remove(voice, tmp_path)
    install(voice, tmp_path, patience=SHORT)
    assert remove(voice, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert installed(voice, tmp_path) == ()
    host.plan[SIDECAR] = [status(404)]
    with pytest.raises(AudiopressError):
        install(voice, tmp_path, patience=SHORT)
    assert remove(voice, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
