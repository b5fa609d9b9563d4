"""The order of events: reads like the procedure; no SQL, no arithmetic."""
