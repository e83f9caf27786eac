"""Whatever a stranger sends: every parser of ours against mutated, generated and once harmful bytes."""
