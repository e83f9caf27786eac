"""The demo: the whole gateway between simulated providers, and a page from which every side can be played."""
