"""Tables and the questions asked of them; every function is handed a session."""
