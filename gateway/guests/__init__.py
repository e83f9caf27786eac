"""Other people's machines that read or listen along: each at one address, over https, bounded and never relied upon."""
