"""What arrives while the database is away: on this disk until it is back."""
