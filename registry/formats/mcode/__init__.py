"""FHIR R4 out, in the shapes of mCODE STU4: one collection bundle per case.

elements      the small parts that resources are made of
patient       Patient, cause of death
conditions    primary cancers, the syndrome
observations  pain scores, performance status, disease status
procedures    radiotherapy by volume, operations, interventions
medications   analgesics, drugs of systemic therapy
bundle        the bundle of a case, and the files

What mCODE has no place for comes beside it: each record once more, whole, as an answered questionnaire. So a case that
is sent back is the same case.
"""
