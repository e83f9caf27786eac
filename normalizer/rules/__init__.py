"""Rules as data: versioned TOML files with the day from which they hold."""
