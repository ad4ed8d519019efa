"""Phonemes → clips: engines, voices and the clip cache."""
