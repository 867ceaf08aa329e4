"""The report, section by section, in the order in which it is read. One section, one file; this is the list."""
