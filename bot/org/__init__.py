"""The organisation: city, districts, streets, schools, grades and classes as one tree of paths."""
