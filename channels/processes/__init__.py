"""Work on hostile bytes, and work that is heavy, is done in processes that may be killed."""
