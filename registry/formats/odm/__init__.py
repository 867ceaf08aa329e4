"""CDISC ODM 1.3.2: the forms as metadata, and every version of every record as an audited transaction.

metadata   study, forms, items, code lists, read off the dictionary
xml        elements as text
clinical   the data of a case, with audit records and queries
document   the file

ODM 2.0 has queries of its own; 1.3.2 has annotations, which every system reads, so a query is an annotation of the record
it asks about, flagged with its state.
"""
