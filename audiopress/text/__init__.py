"""Written → spoken Persian."""
