"""The telephone: a hotline on Twilio, and news by text message or call."""
