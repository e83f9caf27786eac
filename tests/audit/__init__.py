"""What we are made of is known, agrees with what we ask for, and may go along with us."""
