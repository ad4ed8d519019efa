"""Many articles: which are done, which are to be made, which were set aside."""
