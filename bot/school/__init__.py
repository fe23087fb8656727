"""The parent school's common ground: courses as published, who learns what, the learning record.

Features write and read here, because they never import each other.
"""
