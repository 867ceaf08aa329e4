"""What is said of a case that was erased: nothing about it is kept, whatever comes later."""

from registry.domain.findings import Finding

ERASED = Finding(
    "erased",
    "reject",
    "/case",
    "This case was erased because the patient wished so. Nothing of this message was kept; send nothing more about "
    "this patient.",
)
