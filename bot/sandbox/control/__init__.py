"""The sandbox's own interface under /sandbox/api/, described in README.md."""
