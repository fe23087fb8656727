"""Sheets drawn by us: text in the committed font, lines, codes; as PNG or as PDF."""
