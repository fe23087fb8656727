"""What parents mean: the crisis screen, sentence patterns, slots."""
