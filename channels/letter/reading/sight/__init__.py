"""From a sheet to lines: which way up it lies, where its lines are and what each of them says."""
