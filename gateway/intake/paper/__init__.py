"""What is different about a letter: it may have been misread, it is signed, and it is answered by post."""
