"""The wire to WeChat: inbound pushes, passive replies and outbound calls."""
