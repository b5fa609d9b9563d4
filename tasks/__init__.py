"""Everything that touches the world: database, files, workbooks, channels, the clock."""
