"""Who speaks what: a show's voices by their parts, the same through an episode."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiopress.model import PLAIN, Delivery, Role
from audiopress.tts.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiopress.model import Part, Voice

NARRATOR = "narrator"
#: The parts a show may cast beside its narrator, and what they say.
PARTS = {
    Role.TITLE: "headlines",
    Role.HEADING: "headlines",
    Role.QUOTE: "quotes",
    Role.CREDIT: "credits",
    Role.BODY: NARRATOR,
}
#: Titles and headings are read a little slower than the text, as newsreaders do: 6 % is heard as emphasis and is still
#: the same speaker. Credits keep the pace of the text.
SET_APART = Delivery(rate=0.94)
ROLES = {Role.TITLE: SET_APART, Role.HEADING: SET_APART}


@dataclass(frozen=True, slots=True)
class Actor:
    """A voice in a part, and how it delivers it."""

    voice: Voice
    delivery: Delivery = PLAIN  #: the show's wish, beside what the voice file says


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors of an episode by their parts; every part that is not cast is the narrator's."""

    narrator: Actor
    others: tuple[tuple[str, Actor], ...] = ()

    def actor(self, role: Role) -> Actor:
        """Who speaks an utterance of this role."""
        return dict(self.others).get(PARTS[role], self.narrator)

    def delivery(self, role: Role) -> Delivery:
        """How: the voice's own delivery, the show's wish for the part and what the role asks for, added up."""
        actor = self.actor(role)
        return actor.voice.delivery + actor.delivery + ROLES.get(role, PLAIN)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """All of them, the narrator first."""
        return (self.narrator, *(actor for _, actor in self.others))

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Each voice once, the narrator's first."""
        return tuple({actor.voice.name: actor.voice for actor in self.actors}.values())

    def recast(self, name: str, voice: Voice) -> Cast:
        """The cast with ``voice`` in every part of the voice called ``name``."""

        def instead(actor: Actor) -> Actor:
            return replace(actor, voice=voice) if actor.voice.name == name else actor

        return Cast(instead(self.narrator), tuple((part, instead(actor)) for part, actor in self.others))


def make_cast(parts: Mapping[str, Part], own: Path | None = None, wish: Delivery = PLAIN) -> Cast:
    """The cast that a show's settings name; ``wish`` is for all of it.

    ``make_cast({"narrator": Part("nasim"), "quotes": Part("kian")})`` → a `Cast` of two voices. Raises VoiceNotFound.
    """
    actors = {name: Actor(find_voice(part.voice, own), part.delivery + wish) for name, part in parts.items()}
    return Cast(actors[NARRATOR], tuple(sorted((name, actor) for name, actor in actors.items() if name != NARRATOR)))
