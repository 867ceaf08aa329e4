"""CSV: tables with one row for each record, or one for each case."""
