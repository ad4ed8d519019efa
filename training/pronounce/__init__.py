"""How the lexicons and models of audiopress.pronounce are made."""
