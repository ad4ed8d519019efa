"""A programme becomes an episode of a show: transcript, chapters, folder, feed."""
