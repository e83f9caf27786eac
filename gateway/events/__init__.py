"""Tickets to other systems: each change of a complaint as a signed call, after the Standard Webhooks specification."""
