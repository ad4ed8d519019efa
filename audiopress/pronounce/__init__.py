"""Spoken Persian text → phonemes, with ezafe and homographs."""
