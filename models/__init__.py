"""What things are and what follows from them. Opens nothing."""
