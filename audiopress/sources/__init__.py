"""Files and text → Article: decoding, title, headings, paragraphs, and what is not read."""
