"""Forms of the assessment pages: they clean what people type, and never save."""
