"""Pages for parents: opened in WeChat from a link in the chat, on the webhook's port."""
