"""Curation: the base is written, reviewed, tried, published and mended here."""
