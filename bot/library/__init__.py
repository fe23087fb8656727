"""The published base: what parents are answered from now, and the record of each answer."""
