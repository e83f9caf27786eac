"""The branch counter: a clerk writes down what a visitor says."""
