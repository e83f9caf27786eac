"""Does it balance: received = handled + quarantined + in work, by the ledger itself and by the books of its sources."""
