"""Files of rows from outside and to outside: CSV and workbooks, bounded, and safe to open."""
