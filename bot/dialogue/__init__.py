"""Talks with parents: the webhook, the inbox, one turn of a conversation."""
