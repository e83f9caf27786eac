"""E-mail: complaints fetched from a mailbox by IMAP, answers sent by SMTP."""
