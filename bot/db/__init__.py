"""One database behind one URL: SQLite on a small machine, PostgreSQL for several replicas."""
