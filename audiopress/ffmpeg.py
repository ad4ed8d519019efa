"""Where ffmpeg is: the package imageio-ffmpeg brings it, so nothing has to be installed by hand."""

from __future__ import annotations

from functools import cache

from audiopress.errors import AudioError


@cache
def binary() -> str:
    """Return the path of ffmpeg.

    Raises:
        AudioError: the package that brings it is broken or missing.
    """
    try:
        import imageio_ffmpeg  # noqa: PLC0415 - only needed when something is encoded or decoded

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise AudioError("ffmpeg is missing; install it with: pip install --force-reinstall imageio-ffmpeg") from error
