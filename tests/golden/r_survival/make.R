# Reference values for the estimators, from R's survival and etm packages on R's public data sets.
#
#   Rscript make.R            in this folder; writes one JSON file per data set
#
# Made with R 4.2.2, survival 3.5-3, etm 1.1.1. The tests read the JSON and do not need R. Times are whole
# days (mgus2: whole months, which changes nothing). People observed from the origin have no entry.

library(survival)
suppressMessages(library(etm))

# --- JSON ---------------------------------------------------------------------------------------------------

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ",\n"), "]"))
    return(paste0("{", paste0('"', names(x), '": ', parts, collapse = ",\n"), "}"))
  }
  if (is.matrix(x)) return(json(lapply(seq_len(nrow(x)), function(i) as.list(x[i, ]))))
  if (is.character(x)) parts <- paste0('"', x, '"')
  else {
    parts <- sprintf("%.17g", x)
    whole <- !is.na(x) & x == round(x) & abs(x) < 1e9
    parts[whole] <- sprintf("%d", as.integer(x[whole]))
    parts[is.na(x)] <- "null"
  }
  if (length(x) == 1 && !inherits(x, "AsIs")) return(parts)
  paste0("[", paste(parts, collapse = ","), "]")
}

# --- estimators ---------------------------------------------------------------------------------------------

# Rows: entry (NA = from the origin), exit, cause (0 censored), group, stratum
surv_of <- function(rows, event) {
  if (all(is.na(rows$entry))) return(Surv(rows$exit, event))
  Surv(ifelse(is.na(rows$entry), -1, rows$entry), rows$exit, event)
}

# Beta product limits from the published definition (Fay, Brittain & Proschan 2013, method of moments),
# written apart from the registry's code: plain products and qbeta.
beta_product <- function(n, d, after) {
  moments <- function(a, b) {
    keep <- b > 0
    if (!any(keep)) return(c(Inf, 0))
    a <- a[keep]; b <- b[keep]
    m <- prod(a / (a + b)); s <- prod(a * (a + 1) / ((a + b) * (a + b + 1)))
    c((m - s) * m, (m - s) * (1 - m)) / (s - m^2)
  }
  q <- function(p, ab) if (is.infinite(ab[1])) 1 else qbeta(p, ab[1], ab[2])
  lower <- upper <- numeric(length(n))
  for (i in seq_along(n)) {
    a <- n[1:i] - d[1:i] + 1; b <- d[1:i]
    upper[i] <- q(0.975, moments(a, b))
    lower[i] <- if (after[i] > 0) q(0.025, moments(c(a, after[i]), c(b, 1))) else 0
  }
  list(lower = cummin(lower), upper = cummin(upper))
}

curve <- function(rows, start = 0, taus = c(), full = TRUE) {
  if (start > 0) {
    rows <- rows[rows$exit > start, ]
    rows$entry <- pmax(ifelse(is.na(rows$entry), 0, rows$entry), start)
  }
  fit <- survfit(surv_of(rows, rows$cause > 0) ~ 1, conf.type = "log-log")
  quantiles <- quantile(fit, probs = c(0.25, 0.5, 0.75))
  right <- all(is.na(rows$entry))
  out <- list(start = start, n = nrow(rows))
  if (full) out <- c(out, list(
    day = I(fit$time), at_risk = I(fit$n.risk), events = I(fit$n.event), censored = I(fit$n.censor),
    survival = I(fit$surv), se = I(fit$surv * fit$std.err), lower = I(fit$lower), upper = I(fit$upper)
  ))
  out$quantiles <- list(
    level = c(0.75, 0.5, 0.25), day = as.vector(quantiles$quantile),
    lower = as.vector(quantiles$lower), upper = as.vector(quantiles$upper)
  )
  out$restricted_means <- lapply(taus, function(tau) {
    table <- summary(fit, rmean = tau)$table
    list(tau = tau, mean = table[["rmean"]] - start, se = table[["se(rmean)"]])
  })
  if (full && right) {
    after <- fit$n.risk - fit$n.event - fit$n.censor
    out$beta_product <- beta_product(fit$n.risk, fit$n.event, after)
    reverse <- survfit(Surv(rows$exit, rows$cause == 0) ~ 1)
    out$follow_up <- list(
      survival = I(reverse$surv), median = as.vector(quantile(reverse, 0.5, conf.int = FALSE))
    )
  }
  out
}

curves_by_group <- function(rows, ...) {
  lapply(sort(unique(rows$group)), function(g) c(list(group = g), curve(rows[rows$group == g, ], ...)))
}

# survfit's jackknife error without late entry; etm's Greenwood-type one with it
incidence <- function(rows, cause) {
  if (all(is.na(rows$entry))) {
    state <- factor(rows$cause, 0:max(rows$cause))
    fit <- survfit(Surv(rows$exit, state) ~ 1)
    return(list(cause = cause, day = I(fit$time), incidence = I(fit$pstate[, cause + 1]),
                se = I(fit$std.err[, cause + 1])))
  }
  data <- data.frame(id = seq_len(nrow(rows)), from = 0, entry = ifelse(is.na(rows$entry), 0, rows$entry),
                     to = ifelse(rows$cause == 0, "cens", rows$cause), exit = rows$exit)
  k <- max(rows$cause)
  allowed <- matrix(FALSE, k + 1, k + 1); allowed[1, -1] <- TRUE
  fit <- etm(data, as.character(0:k), allowed, "cens", s = 0, covariance = TRUE)
  list(cause = cause, day = I(fit$time), incidence = I(fit$est[1, cause + 1, ]),
       se = I(sqrt(as.vector(trcov(fit, paste("0", cause))))))
}

# survdiff knows no late entry; the score test of Cox's model with exact ties is the log-rank test
log_rank <- function(rows, stratified = FALSE) {
  event <- rows$cause > 0
  out <- list(stratified = stratified)
  if (all(is.na(rows$entry))) {
    test <- if (stratified) survdiff(Surv(exit, event) ~ group + strata(stratum), rows)
            else survdiff(Surv(exit, event) ~ group, rows)
    add <- function(x) if (is.matrix(x)) rowSums(x) else x
    return(c(out, list(observed = I(add(test$obs)), expected = I(add(test$exp)), variance = unname(test$var),
                       df = length(test$n) - 1, chi2 = test$chisq,
                       p = pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE))))
  }
  time <- surv_of(rows, event)
  control <- coxph.control(iter.max = 0)
  suppressWarnings(fit <- if (stratified)
    coxph(time ~ factor(group) + strata(stratum), rows, ties = "exact", control = control)
    else coxph(time ~ factor(group), rows, ties = "exact", control = control))
  df <- length(unique(rows$group)) - 1
  c(out, list(df = df, chi2 = fit$score, p = pchisq(fit$score, df, lower.tail = FALSE)))
}

# --- data sets ----------------------------------------------------------------------------------------------

rows_of <- function(exit, cause, entry = NA, group = 1, stratum = 1) {
  data.frame(entry = entry, exit = exit, cause = cause, group = as.integer(factor(group)),
             stratum = as.integer(factor(stratum)))
}

write <- function(name, about, rows, ...) {
  columns <- lapply(rows, I)
  if (all(is.na(rows$entry))) columns$entry <- NULL
  text <- json(list(name = name, about = about, causes = max(rows$cause), columns = columns, ...))
  writeLines(text, paste0(name, ".json"))
}

survival_set <- function(name, about, rows, taus, starts = c(), full = TRUE, grouped = FALSE) {
  write(name, about, rows,
    curves = c(list(curve(rows, taus = taus, full = full)),
               lapply(starts, function(s) curve(rows, s, taus[taus > s]))),
    group_curves = if (grouped) curves_by_group(rows, taus = taus[1], full = nrow(rows) < 150) else list(),
    log_rank = c(list(log_rank(rows)), if (any(rows$stratum > 1)) list(log_rank(rows, TRUE))))
}

l <- lung[!is.na(lung$ph.ecog), ]
lung_rows <- rows_of(l$time, l$status - 1, NA, l$sex, pmin(l$ph.ecog, 2))
survival_set("lung", "advanced lung cancer; group sex, stratum ECOG (2 and 3 together)", lung_rows,
             c(365, 730), starts = 90, grouped = TRUE)

late <- lung_rows; late$entry <- (37 * seq_len(nrow(late))) %% 240
late$entry[seq(1, nrow(late), 3)] <- NA
late <- late[is.na(late$entry) | late$entry < late$exit, ]
survival_set("lung_late", "lung with made-up entry: 37 i mod 240, every third from the origin", late,
             c(365, 730), starts = c(30, 90), grouped = TRUE)

survival_set("veteran", "VA lung cancer trial; group cell type, stratum treatment",
             rows_of(veteran$time, veteran$status, NA, veteran$celltype, veteran$trt), c(90, 365),
             grouped = TRUE)
survival_set("ovarian", "ovarian cancer trial; group treatment, stratum residual disease",
             rows_of(ovarian$futime, ovarian$fustat, NA, ovarian$rx, ovarian$resid.ds), 365, grouped = TRUE)
survival_set("leukemia", "acute myelogenous leukemia; group maintenance",
             rows_of(leukemia$time, leukemia$status, NA, leukemia$x), 30, starts = 9, grouped = TRUE)

h <- heart[heart$start == round(heart$start) & heart$stop == round(heart$stop), ]
survival_set("heart", "Stanford hearts, before and after transplant; group transplant, stratum surgery",
             rows_of(h$stop, h$event, h$start, h$transplant, h$surgery), c(180, 365), starts = 30,
             grouped = TRUE)

d <- colon[colon$etype == 2, ]
survival_set("colon", "adjuvant therapy of colon cancer, deaths; group treatment, stratum 4 nodes or more",
             rows_of(d$time, d$status, NA, d$rx, d$node4), c(1095, 2000), full = FALSE, grouped = TRUE)

survival_set("kidney", "infection at the point of a dialysis catheter; group sex, stratum kind of disease",
             rows_of(kidney$time, kidney$status, NA, kidney$sex, kidney$disease), c(30, 300), starts = 10,
             grouped = TRUE)
survival_set("rats", "tumours of rats in litters, weeks; group treatment, stratum sex",
             rows_of(rats$time, rats$status, NA, rats$rx, rats$sex), c(60, 100), grouped = TRUE)
survival_set("udca", "ursodiol in primary biliary cirrhosis, deaths; group treatment, stratum stage", with(udca,
             rows_of(as.integer(pmin(death.dt, last.dt, na.rm = TRUE) - entry.dt), as.integer(!is.na(death.dt)),
                     NA, trt, stage)), c(300, 900), grouped = TRUE)
i <- cgd[cgd$tstop > cgd$tstart, ]
survival_set("cgd", "infections in chronic granulomatous disease, again and again; group treatment, stratum inheritance",
             rows_of(i$tstop, i$status, i$tstart, i$treat, i$inherit), c(100, 300), starts = 50, grouped = TRUE)
q <- pbcseq[!duplicated(pbcseq$id, fromLast = TRUE) & pbcseq$futime > pbcseq$day, ]
survival_set("pbcseq", "primary biliary cholangitis seen from the last visit on; group treatment, stratum sex",
             rows_of(q$futime, as.integer(q$status == 2), q$day, q$trt, q$sex), c(1000, 3000), starts = 500,
             grouped = TRUE)

competing_set <- function(name, about, rows) {
  write(name, about, rows, incidences = lapply(seq_len(max(rows$cause)), function(k) incidence(rows, k)))
}
m <- with(mgus2, rows_of(ifelse(pstat == 0, futime, ptime), ifelse(pstat == 0, 2 * death, 1)))
competing_set("mgus2", "monoclonal gammopathy, months; cause 1 plasma cell malignancy, 2 death", m)
late <- m; late$entry <- (7 * seq_len(nrow(late))) %% 60
late <- late[late$entry < late$exit, ]
competing_set("mgus2_late", "mgus2 with made-up entry: 7 i mod 60", late)
competing_set("pbc", "primary biliary cholangitis; cause 1 transplant, 2 death",
              rows_of(pbc$time, pbc$status))
state <- c(censored = 0, death = 1, ltx = 2, withdraw = 3)
x <- with(transplant, rows_of(pmax(futime, 1), state[as.character(event)]))
competing_set("transplant", "waiting for a liver; cause 1 death, 2 transplant, 3 withdrawn", x)
late <- x; late$entry <- (11 * seq_len(nrow(late))) %% 90
late <- late[late$entry < late$exit, ]
competing_set("transplant_late", "transplant with made-up entry: 11 i mod 90", late)
golden <- rows_of(c(2, 2, 3, 4, 4, 5, 6, 6, 8, 8, 10, 12), c(1, 1, 2, 1, 1, 0, 2, 1, 2, 1, 0, 2))
competing_set("twelve", "twelve made-up patients; cause 1 response, 2 death", golden)
