"""Paper becomes letters: ``files`` opens it, ``sight`` finds its lines, ``meaning`` makes letters of them."""
