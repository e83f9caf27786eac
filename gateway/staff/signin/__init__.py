"""How staff sign in: passwords, second factors, single sign-on, and the sessions that come of it."""
