"""The forms of the registry, in reading order: the table of contents of the data dictionary."""

from registry.domain.forms.analgesic import Analgesic
from registry.domain.forms.consent import Consent
from registry.domain.forms.death import Death
from registry.domain.forms.follow_up import FollowUp
from registry.domain.forms.form import Form
from registry.domain.forms.function import Function
from registry.domain.forms.intervention import Intervention
from registry.domain.forms.mps_episode import MpsEpisode
from registry.domain.forms.pain_assessment import PainAssessment
from registry.domain.forms.patient import Patient
from registry.domain.forms.primary_cancer import PrimaryCancer
from registry.domain.forms.radiotherapy import Radiotherapy
from registry.domain.forms.surgery import Surgery
from registry.domain.forms.symptoms import Symptoms
from registry.domain.forms.systemic_therapy import SystemicTherapy
from registry.domain.forms.toxicity import Toxicity

DICTIONARY_VERSION = "1.0"
"""Version of the forms; a record keeps the version it was sent under."""

FORMS: tuple[type[Form], ...] = (
    Patient,
    PrimaryCancer,
    MpsEpisode,
    Symptoms,
    PainAssessment,
    Function,
    Analgesic,
    Radiotherapy,
    SystemicTherapy,
    Surgery,
    Intervention,
    Toxicity,
    FollowUp,
    Death,
    Consent,
)

FORMS_BY_NAME: dict[str, type[Form]] = {form.NAME: form for form in FORMS}
