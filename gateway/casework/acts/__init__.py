"""What officers do with a complaint, one act in each file."""
