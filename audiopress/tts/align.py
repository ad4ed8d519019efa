"""Word timings."""

from audiopress.model import Audio, Mark, Pronunciation


def align(audio: Audio, pronunciation: Pronunciation) -> tuple[Mark, ...]:
    """Not yet."""
    return ()
