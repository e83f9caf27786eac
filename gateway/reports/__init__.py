"""What the house tells of its work: the overview, the register, and the file of one complaint."""
