"""Compares memroute with its peers, end to end: what is measured, against whom, how, and the table of it."""
