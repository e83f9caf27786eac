"""The simulated telephone platform, tried with a server that only plays back documents."""
