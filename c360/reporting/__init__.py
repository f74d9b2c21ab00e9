"""Reports: from what the database answers to what a chart draws."""
