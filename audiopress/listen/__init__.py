"""The listening room: a server for shows, the web player it serves and the player in the terminal."""
