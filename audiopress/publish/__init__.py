"""A show goes public: its files are sent to a folder, a bucket, a server or a channel, the feed last."""
