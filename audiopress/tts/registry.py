"""Engines by name: ours, and those of other packages through the entry-point group ``audiopress.engines``.

An entry point names a callable that takes the user's folders (`Places`) and gives an `Engine`; nothing is imported
before a voice asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from audiopress.errors import EngineUnavailable

if TYPE_CHECKING:
    from audiopress.tts.engine import Engine, Places

type EngineFactory = Callable[[Places], Engine]

GROUP = "audiopress.engines"
BUILT_IN = {
    "kokoro": "audiopress.tts.kokoro:KokoroEngine",
    "piper": "audiopress.tts.piper:PiperEngine",
    "edge": "audiopress.tts.edge:EdgeEngine",
    "google": "audiopress.tts.google:GoogleEngine",
    "http": "audiopress.tts.http:HttpEngine",
    "espeak": "audiopress.tts.espeak:EspeakEngine",
    "tone": "audiopress.tts.tone:ToneEngine",
}


def engine_points() -> dict[str, EntryPoint]:
    """Where each engine is found, ours first: a package cannot replace a built-in engine by accident."""
    points = {point.name: point for point in entry_points(group=GROUP)}
    return points | {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}


def make_engine(name: str, places: Places) -> Engine:
    """A new engine called ``name``; raises EngineUnavailable when it is unknown or cannot be imported."""
    points = engine_points()
    if name not in points:
        known = ", ".join(points)
        raise EngineUnavailable(f"No engine is called {name!r}, only {known}; install the package that brings it.")
    try:
        factory: EngineFactory = points[name].load()
    except ImportError as error:
        raise EngineUnavailable(f"The engine {name} needs {error.name}: pip install {error.name}") from error
    except (AttributeError, ValueError) as error:
        raise EngineUnavailable(
            f"The engine {name} is not where its package says ({points[name].value}); mend the package or remove it."
        ) from error
    return factory(places)
