"""Curation: how people keep the knowledge of the base."""
