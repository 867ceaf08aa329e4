"""GA4GH Phenopackets 2.0: one case as one packet, for publication of case reports and exchange between researchers.

terms      ontology classes, and the resources they come from
subject    the individual, the signs, the measurements, the diseases
actions    radiotherapy, drugs, operations
packet     the packet of a case, and the files

A packet says less than the registry knows. What it cannot say truly it does not say: a dose that is no whole number of
Gy is refused, unless it may be rounded, and then the packet says that it was.
"""
