"""CDISC: the study as SDTM and ADaM data sets.

variable    variables and data sets as the standards describe them
codelists   the terms that are used, with the codes of their lists
subject     one case as a subject: its identifiers, study days and epochs
sdtm, adam  one file per data set
save        fills the data sets and writes them as Dataset-JSON, transport files and Define-XML

Published cases have no dates and are no subjects of the study: they are left out. SDTM Implementation Guide 3.4, ADaM
Implementation Guide 1.3, SDTM controlled terminology of 2021-12-17; lists of permissible variables partly from memory,
check before a submission.
"""
