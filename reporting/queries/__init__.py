"""What the pages of reports, the comparison and home ask of the database."""
