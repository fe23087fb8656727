"""Which days children have school, which are holidays, and when nobody is written to."""
