# Recompute the survival figures of a report from its stored tally, with R and its survival package alone.
#
#   Rscript recompute_report.R TALLY.csv [--start DAY] [--days 30,90,365] [--curves]
#
# TALLY.csv has the columns stratum,day,entries,events,competing,censored,n0: one row per group and day on
# which somebody entered or left. `n0` (the same on every row of a group) is the number observed from the
# origin, `entries` who came under observation later, `events` and `competing` who left by the event or by
# the competing one (all 0 where there is none), `censored` who left for another reason. Days are whole days
# from the origin.
#
# Printed are, by group: people, survival at the days asked for with Greenwood's error and log-log limits,
# the quartiles, the cumulative incidence of both events where there are two; and the log-rank test between
# groups. With --start, everything is given survival to that day. With two causes of exit, survival is being
# free of both.
#
# No code is shared with the registry. R needs people where the tally has counts, so people are made up
# first: any pairing of entries with exits that lets everybody enter before leaving has the same risk sets,
# and sorting both is such a pairing whenever there is one.

suppressPackageStartupMessages(library(survival))

people_of <- function(tally) {
  exits <- rbind(
    data.frame(day = tally$day, cause = 0, n = tally$censored),
    data.frame(day = tally$day, cause = 1, n = tally$events),
    data.frame(day = tally$day, cause = 2, n = tally$competing)
  )
  exits <- exits[order(exits$day, exits$cause), ]
  late <- rep(tally$day, tally$entries)[order(rep(tally$day, tally$entries))]
  people <- data.frame(entry = c(rep(-1, tally$n0[1]), late), exit = rep(exits$day, exits$n),
                       cause = rep(exits$cause, exits$n))
  if (any(people$entry >= people$exit)) stop("the tally contradicts itself: somebody left before entering")
  people
}

from_day <- function(people, start) {
  if (start <= 0) return(people)
  people <- people[people$exit > start, ]
  people$entry <- pmax(people$entry, start)
  people
}

surv_of <- function(people) {
  if (all(people$entry < 0)) return(Surv(people$exit, people$cause > 0))
  Surv(people$entry, people$exit, people$cause > 0)
}

# Aalen-Johansen with the Greenwood-type error, written out as sums over days
incidence_of <- function(people, which_cause) {
  day <- sort(unique(people$exit))
  n <- sapply(day, function(t) sum(people$entry < t & t <= people$exit))
  d <- sapply(day, function(t) sum(people$exit == t & people$cause > 0))
  dk <- sapply(day, function(t) sum(people$exit == t & people$cause == which_cause))
  before <- c(1, cumprod((n - d) / n))[seq_along(day)]
  f <- cumsum(before * dk / n)
  variance <- sapply(seq_along(day), function(i) {
    u <- seq_len(i); rest <- f[i] - f[u]
    through <- ifelse(d[u] < n[u], rest^2 * d[u] / (n[u] * (n[u] - d[u])), 0)
    sum(through + before[u]^2 * dk[u] * (n[u] - dk[u]) / n[u]^3 - 2 * rest * before[u] * dk[u] / n[u]^2)
  })
  # R's own estimate must say the same
  state <- factor(people$cause, 0:2)
  fit <- if (all(people$entry < 0)) survfit(Surv(people$exit, state) ~ 1)
         else survfit(Surv(people$entry, people$exit, state) ~ 1, id = seq_len(nrow(people)))
  theirs <- fit$pstate[match(day, fit$time), which_cause + 1]
  if (max(abs(theirs - f)) > 1e-10) stop("R's survfit and the sums disagree")
  list(day = day, f = f, se = sqrt(pmax(variance, 0)))
}

# The value of a step function on each day; nothing is said beyond the last step
at <- function(day, steps, values, before) {
  ifelse(day > max(steps), NA, c(before, values)[findInterval(day, steps) + 1])
}

shown <- function(x) ifelse(is.na(x), "-", formatC(x, digits = 10, format = "f"))
shown_day <- function(x) ifelse(is.na(x), "-", format(x, trim = TRUE, drop0trailing = TRUE))

print_group <- function(name, people, start, days, curves) {
  fit <- survfit(surv_of(people) ~ 1, conf.type = "log-log")
  cat(sprintf("\n%s: %d people, %d from the start, %d events, %d competing, %d censored, last day %d\n", name,
              nrow(people), sum(people$entry < max(start, 0) | people$entry == start & start > 0),
              sum(people$cause == 1), sum(people$cause == 2), sum(people$cause == 0), max(people$exit)))
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  cat(sprintf("  S = %.2f on day %s (%s to %s)\n", c(0.75, 0.5, 0.25), shown_day(q$quantile),
              shown_day(q$lower), shown_day(q$upper)), sep = "")
  if (curves) days <- fit$time
  at_risk <- sapply(days, function(t) sum(people$entry < t & t <= people$exit))
  cat("  day at_risk survival se lower upper\n")
  cat(sprintf("  %d %d %s %s %s %s\n", as.integer(days), at_risk, shown(at(days, fit$time, fit$surv, 1)),
              shown(at(days, fit$time, fit$surv * fit$std.err, 0)), shown(at(days, fit$time, fit$lower, NA)),
              shown(at(days, fit$time, fit$upper, NA))), sep = "")
  if (!any(people$cause == 2)) return(invisible())
  for (k in 1:2) {
    incidence <- incidence_of(people, k)
    cat(sprintf("  cumulative incidence of the %s: day incidence se\n", c("event", "competing event")[k]))
    cat(sprintf("  %d %s %s\n", as.integer(days), shown(at(days, incidence$day, incidence$f, 0)),
                shown(at(days, incidence$day, incidence$se, 0))), sep = "")
  }
}

print_log_rank <- function(groups) {
  people <- do.call(rbind, Map(function(p, g) cbind(p, group = g), groups, seq_along(groups)))
  df <- length(groups) - 1
  cat("\n")
  if (all(people$entry < 0)) {
    test <- survdiff(Surv(exit, cause > 0) ~ group, people)
    chi2 <- test$chisq
    cat(sprintf("%s: observed %d, expected %s\n", names(groups), as.integer(test$obs), shown(test$exp)),
        sep = "")
  } else { # survdiff knows no late entry; the score test of Cox's model with exact ties is the log-rank test
    test <- suppressWarnings(coxph(Surv(entry, exit, cause > 0) ~ factor(group), people, ties = "exact",
                                   control = coxph.control(iter.max = 0)))
    chi2 <- test$score
  }
  cat(sprintf("log-rank between groups: chi2 %s on %d degrees of freedom, p %s\n", shown(chi2), df,
              shown(pchisq(chi2, df, lower.tail = FALSE))))
}

main <- function(args) {
  option <- function(name, default) if (name %in% args) args[match(name, args) + 1] else default
  if (length(args) == 0 || !file.exists(args[1]))
    stop("which tally? Rscript recompute_report.R TALLY.csv", call. = FALSE)
  start <- as.integer(option("--start", 0))
  days <- as.integer(strsplit(option("--days", "30,90,180,365"), ",")[[1]])
  tally <- read.csv(args[1], colClasses = c(stratum = "character"))
  tally <- tally[order(tally$day), ]
  groups <- lapply(split(tally, tally$stratum), function(rows) from_day(people_of(rows), start))
  for (name in names(groups)) print_group(name, groups[[name]], start, days, "--curves" %in% args)
  if (length(groups) > 1) print_log_rank(groups)
}

main(commandArgs(trailingOnly = TRUE))
