"""How the classifier of speech sounds that finds words in a clip is made; README.md beside this file says how."""
