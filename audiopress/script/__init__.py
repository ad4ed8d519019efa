"""Article → Script: segments and sentences, as written."""
