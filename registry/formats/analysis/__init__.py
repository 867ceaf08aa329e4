"""Data sets for analysts: one row per case, one table per form and per repeated group, with labels and a codebook.

case_table   the row per case, from its analysis row
form_tables  the tables of the forms, from the dictionary
profile      what is left out or changed before the data leave under a sharing profile
dataset      fills the tables from the cases
save         writes them as CSV, SPSS, Stata, or CSV with a script for R
"""
