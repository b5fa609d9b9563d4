"""The law as pure rules: regulation, calendar, deadlines, scoring, verdict."""
