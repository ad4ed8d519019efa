"""Clips become a programme: stitched, mastered, encoded."""
