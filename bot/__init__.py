"""The service: a family-education guidance assistant behind a WeChat official account."""

__version__ = "0.1.0"
