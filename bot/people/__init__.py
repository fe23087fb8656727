"""People: the staff with their roles, their sessions and what they may do where."""
