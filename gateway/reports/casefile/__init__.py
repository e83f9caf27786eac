"""The file of one complaint: everything that belongs to it in a signed zip, whole, or masked for the other side."""
