"""FHIR R4 (4.0.1) with the shapes of mCODE STU4: bundles and NDJSON in, OperationOutcome as the answer."""
