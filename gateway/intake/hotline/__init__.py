"""On the telephone: what a call brings that a chat has not. The dialogue itself is the one of every channel."""
