"""The pages of self-assessment: each finds, authorises, calls one service and redirects."""
