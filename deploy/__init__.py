"""What goes along with the gateway: locks, and what looks after them."""
