"""REDCap: our forms as a data dictionary, and what REDCap projects export."""
