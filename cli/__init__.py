"""What operators type: the tcpl command."""
