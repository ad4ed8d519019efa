"""How the shipped models and lexicons are made; nothing here ships."""
