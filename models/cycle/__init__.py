"""The cycle as pure rules: where a dossier may go, who is reminded when."""
