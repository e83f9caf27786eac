"""From lines to letters: what each page is, which pages belong together, and what their writer meant."""
