"""What we may say: curated entries, their index, and search over them."""
