"""Entries in and out as files people work with: Markdown, CSV and workbooks; no database."""
