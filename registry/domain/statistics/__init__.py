"""Estimators on whole-day tallies: counts in, values with their uncertainty out.

Contents, in the order a report needs them:

tally            people as counts per day: entries, exits by cause, censored
counting         people's rows -> tally, bad rows refused and counted by reason
counting_arrays  the same from numpy columns, for millions of people
stored_tally     the tally as a table, for storing and for checking a report with R
risk_set         number at risk on a day, its least value over a stretch, the table under a curve
log_log          95 % level and the log-log interval
kaplan_meier     survival curve with Greenwood error; delayed entry
beta_product     intervals for small groups
quantiles        median and quartiles with limits
restricted_mean  mean time up to a fixed day
competing_risks  cumulative incidence
log_rank         comparison of groups, strata optional
landmark         groups by response up to a fixed day
follow_up        how long people were watched
proportions      exact and Wilson intervals
small_sample     what may be printed for how many patients
printable        the verdict for one day of one group, and how numbers are worded
day_survival     survival at a fixed day, as it may be printed
day_incidence    cumulative incidence at a fixed day, as it may be printed
median_survival  the median with its limits, as it may be printed
"""
