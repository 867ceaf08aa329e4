"""The ADaM data sets of the registry: subjects, times to death, responses, pain and opioid dose."""

from registry.formats.cdisc.adam import adpain, adrs, adsl, adtte
from registry.formats.cdisc.variable import DataSet

DATA_SETS: tuple[DataSet, ...] = (adsl.DATA_SET, adtte.DATA_SET, adrs.DATA_SET, adpain.DATA_SET)
