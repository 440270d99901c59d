"""The pages of reports, the comparison and home."""
