"""audiopress turns Persian news articles into podcast episodes."""
