"""The errors of audiopress: sentences that say what to do next.

    AudiopressError
    ├── SourceError          the input cannot be read or holds nothing to say
    │   └── FetchError          a server did not give it
    ├── ConfigError          a setting, voice file or lexicon line is wrong
    ├── VoiceNotFound        no voice of that name
    ├── EngineError          an engine could not speak
    │   ├── EngineUnavailable   its extra, model, key or service is not there
    │   └── VoiceFailed         which voice it was, for whoever lets another take over
    ├── AudioError           stitching, mastering or encoding failed
    ├── OutputError          the output folder cannot be written or holds something else
    │   └── Busy                another process does the same work there
    └── PublishError         a show could not be sent to where listeners find it

Only `audiopress.cli.main` catches them. Anything else that escapes is a bug and shows its traceback.
"""


class AudiopressError(Exception):
    """Base of all errors a user can mend; ``str(error)`` is one sentence for the user."""


class SourceError(AudiopressError):
    """The input cannot be read, or there is nothing in it to say."""


class FetchError(SourceError):
    """A server did not give what it was asked for."""

    def __init__(self, sentence: str, status: int, retry_after: float = 0.0) -> None:
        """``status`` is the server's, 0 where none answered as it should; ``retry_after`` is its wish in seconds."""
        super().__init__(sentence)
        self.status = status
        self.retry_after = retry_after


class ConfigError(AudiopressError):
    """A setting, a voice file or a line of a data file is wrong."""


class VoiceNotFound(ConfigError):  # noqa: N818 - says what happened, as FileNotFoundError does
    """No voice has the name asked for."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        """Say which names there are."""
        super().__init__(f"There is no voice called {name!r}; choose one of: {', '.join(known)}.")
        self.name = name
        self.known = known


class EngineError(AudiopressError):
    """An engine could not speak what it was given."""


class EngineUnavailable(EngineError):  # noqa: N818 - a state, as its name in the Engine protocol
    """An engine's package, model or service is not there; the message holds the line that installs it."""


class VoiceFailed(EngineError):  # noqa: N818 - says what happened, as FileNotFoundError does
    """A voice of the cast could not speak, after all its retries."""

    def __init__(self, voice: str, why: str) -> None:
        """Say which voice it was, why, and what can be done."""
        super().__init__(
            f"The voice {voice} could not speak: {why.strip().rstrip('.')}. "
            "Choose another with --voice, or let another take over with --on-failure fallback."
        )
        self.voice = voice
        self.why = why


class AudioError(AudiopressError):
    """Stitching, mastering or encoding failed."""


class OutputError(AudiopressError):
    """The output folder cannot be written, or holds something that is not ours."""


class Busy(OutputError):  # noqa: N818 - a state
    """Another process does the same work in the same place; it may end."""


class PublishError(AudiopressError):
    """A show could not be sent, or not all of it; what has arrived stays there."""
