"""Makes a tiny voice that the real piper-tts runs: it hums, as long as its phonemes and length scale say.

Its graph has what ours looks for in a real one: three inputs, noise from RandomNormalLike in the durations and in the
sound, and durations that come out of a Ceil.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

from audiopress.model import Voice, VoiceInput
from audiopress.tts.voices import all_voices

if TYPE_CHECKING:
    from pathlib import Path

RATE, HOP = 22_050, 256
PITCH = 120.0  # Hz
SILENT = {"^": 6, "$": 12, "_": 0, " ": 1, ",": 20, ";": 20, ":": 20, ".": 24, "?": 24, "!": 24}
SOUNDING, MARK = 7, 0  # frames of a sound, and of a sign that only changes the sound before or after it
NUMBERS = 157  # Persian voices have ids 0 … 156

#: As the JSON of a Persian voice has it.
ID_MAP = {symbol: list(ids) for symbol, ids in DEFAULT_PHONEME_ID_MAP.items() if ids[0] < NUMBERS}


def graph(*, speakers: int = 1, tells: bool = True) -> onnx.ModelProto:
    """The model; without ``tells`` its durations are rounded by Floor, where nobody finds them."""
    frames = np.full(NUMBERS, SOUNDING, np.float32)
    strength = np.full(NUMBERS, 0.3, np.float32)
    for symbol, number in ((symbol, ids[0]) for symbol, ids in ID_MAP.items()):
        if symbol in SILENT:
            frames[number], strength[number] = SILENT[symbol], 0.0
        elif symbol in {"ˈ", "ː", "1"}:
            frames[number] = MARK
    frames[ID_MAP["_"][0]], strength[ID_MAP["_"][0]] = 0.5, 0.25
    constants: dict[str, Any] = {
        "frames": frames,
        "strength": strength,
        "noise_place": np.array([0], np.int64),
        "length_place": np.array([1], np.int64),
        "width_place": np.array([2], np.int64),
        "little": np.array(0.05, np.float32),
        "hiss": np.array(0.0005, np.float32),
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "ones": np.array([1], np.int64),
        "hop": np.array([1, HOP], np.int64),
        "flat": np.array([-1], np.int64),
        "column": np.array([-1, 1], np.int64),
        "row": np.array([1, 1, -1], np.int64),
        "sound": np.array([1, 1, 1, -1], np.int64),
        "turn": np.array(2 * np.pi * PITCH / RATE, np.float32),
        "three": np.array(3, np.float32),
        "third": np.array(0.4, np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["scales", "noise_place"], ["noise"]),
        node("Gather", ["scales", "length_place"], ["length"]),
        node("Gather", ["scales", "width_place"], ["width"]),
        node("Reshape", ["input", "flat"], ["ids"]),
        node("Gather", ["frames", "ids"], ["plain"]),
        node("RandomNormalLike", ["plain"], ["width_drawn"], dtype=TensorProto.FLOAT),
        node("Mul", ["width_drawn", "width"], ["width_scaled"]),
        node("Mul", ["width_scaled", "little"], ["width_little"]),
        node("Exp", ["width_little"], ["width_factor"]),
        node("Mul", ["plain", "width_factor"], ["varied"]),
        node("Mul", ["varied", "length"], ["long"]),
        node("Ceil" if tells else "Floor", ["long"], ["durations_flat"]),
        node("Reshape", ["durations_flat", "row"], ["durations"]),
        node("CumSum", ["durations_flat", "zero"], ["ends"]),
        node("ReduceSum", ["durations_flat", "ones_axis"], ["total"], keepdims=0),
        node("Cast", ["total"], ["count"], to=TensorProto.INT64),
        node("Range", ["zero", "count", "one"], ["frame_numbers"]),
        node("Cast", ["frame_numbers"], ["frame_floats"], to=TensorProto.FLOAT),
        node("Reshape", ["frame_floats", "column"], ["frame_column"]),
        node("LessOrEqual", ["ends", "frame_column"], ["passed"]),
        node("Cast", ["passed"], ["passed_numbers"], to=TensorProto.INT64),
        node("ReduceSum", ["passed_numbers", "ones"], ["which"], keepdims=0),
        node("Gather", ["strength", "ids"], ["strengths"]),
        node("Gather", ["strengths", "which"], ["frame_strength"]),
        node("Reshape", ["frame_strength", "column"], ["frame_strength_column"]),
        node("Expand", ["frame_strength_column", "hop"], ["sample_strength_rows"]),
        node("Reshape", ["sample_strength_rows", "flat"], ["sample_strength"]),
        node("Size", ["sample_strength"], ["samples"]),
        node("Range", ["zero", "samples", "one"], ["sample_numbers"]),
        node("Cast", ["sample_numbers"], ["sample_floats"], to=TensorProto.FLOAT),
        node("Mul", ["sample_floats", "turn"], ["angle"]),
        node("Sin", ["angle"], ["first_wave"]),
        node("Mul", ["angle", "three"], ["third_angle"]),
        node("Sin", ["third_angle"], ["third_wave"]),
        node("Mul", ["third_wave", "third"], ["third_part"]),
        node("Add", ["first_wave", "third_part"], ["wave"]),
        node("Mul", ["wave", "sample_strength"], ["hum"]),
        node("RandomNormalLike", ["hum"], ["drawn"], dtype=TensorProto.FLOAT),
        node("Mul", ["drawn", "noise"], ["scaled"]),
        node("Mul", ["scaled", "hiss"], ["breath"]),
        node("Add", ["hum", "breath"], ["voiced"]),
        node("Reshape", ["voiced", "sound"], ["output"]),
    ]
    constants["ones_axis"] = np.array([0], np.int64)
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "ids"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])]
    made = helper.make_graph(
        nodes, "hum", inputs, outputs, [numpy_helper.from_array(value, name) for name, value in constants.items()]
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def config(**changes: object) -> dict[str, object]:
    """What the JSON beside a Persian voice says."""
    return {
        "audio": {"sample_rate": RATE, "quality": "medium"},
        "espeak": {"voice": "fa"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": ID_MAP,
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        **changes,
    }


def own_voice(name: str, **changes: Any) -> Voice:
    """A user's own voice, as its file would say it."""
    facts = {
        "engine": "piper",
        "input": VoiceInput.PHONEMES,
        "language": "fa",
        "gender": "none",
        "sample_rate": RATE,
        "licence": "CC0-1.0",
        "attribution": "nobody",
        "description": "A hum.",
    }
    return Voice(name=name, **{**facts, **changes})


def make_piper_voice(data: Path, name: str = "amir", *, tells: bool = True, **changes: object) -> Voice:
    """Put a tiny model under the name that a voice's file gives it into DATA/voices/NAME, and return the voice."""
    voice = all_voices().get(name) or own_voice(name)
    files = [download.file for download in voice.downloads if download.file.endswith(".onnx")] or [f"{name}.onnx"]
    home = data / "voices" / name
    home.mkdir(parents=True, exist_ok=True)
    speakers = changes.get("num_speakers", 1)
    made = graph(speakers=speakers if isinstance(speakers, int) else 1, tells=tells)
    (home / files[0]).write_bytes(made.SerializeToString())
    (home / f"{files[0]}.json").write_text(json.dumps(config(**changes)), encoding="utf-8")
    return voice
