"""The staff site: sessions, permissions, forms and pages that the features fill."""
