"""What goes along for those who run us: it must fit what we truly serve."""
