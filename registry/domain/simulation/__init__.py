"""A seeded generator of prospective cohorts, drawn from a stated truth.

Contents, from the latent truth to what a registry receives:

truth       everything that is true of the patients and of the sites
stream      one stream of random numbers per patient
hazard      death by month since onset
site        the hospitals and how they differ
course      onset, enrolment, treatment, response, death of one patient
latent      the cohort as rows for analysis
primaries   primary cancers as in the published table
person      who the patient is
baseline    what is sent at enrolment (with syndrome, pain)
opioids     the opioid dose and its steps
radiotherapy, systemic   treatments
visits      follow-up
ending      death, loss, withdrawal
recording   the messages a site writes, with corrections
mistakes    what goes wrong, and the rule that says so
sending     times, lateness, repetition
simulate    the stream of submissions
"""

from registry.domain.simulation.latent import LatentPatient, latent
from registry.domain.simulation.sending import SimulatedSubmission
from registry.domain.simulation.simulate import simulate
from registry.domain.simulation.truth import DEFAULT, Arm, Truth

__all__ = ["DEFAULT", "Arm", "LatentPatient", "SimulatedSubmission", "Truth", "latent", "simulate"]
