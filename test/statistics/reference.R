# Computes, with R's own functions, what the lines of standard input ask for: a question each, and an answer each on standard output.
suppressMessages(library(survival))

numbers <- function(text) as.numeric(strsplit(text, ",")[[1]])

wilson <- function(k, n) suppressWarnings(prop.test(k, n, correct = FALSE))$conf.int
clopper_pearson <- function(k, n) binom.test(k, n)$conf.int
fisher <- function(k, n, l, m) fisher.test(matrix(c(k, n - k, l, m - l), 2))$p.value
# The nearest rank is R's type 1.
nearest_rank <- function(percent, values) quantile(values, percent / 100, type = 1, names = FALSE)

survival_curve <- function(after, came) {
  fit <- survfit(Surv(after, came) ~ 1)
  fit$surv[fit$n.event > 0]
}

restricted_mean <- function(after, came, horizon) {
  summary(survfit(Surv(after, came) ~ 1), rmean = horizon)$table[["rmean"]]
}

# The ends that the bootstrap of a percentile comes to with infinitely many samples, as ranks among n different values: how likely the percentile of a
# sample is at most the value of a rank is a binomial probability.
bootstrap_ranks <- function(percent, n) {
  rank <- max(1, ceiling(percent * n / 100))
  at_most <- pbinom(rank - 1, n, seq_len(n) / n, lower.tail = FALSE)
  c(which(at_most >= 0.025)[1], which(at_most >= 0.975)[1])
}

answer <- function(name, fields) {
  switch(name,
    "wilson" = wilson(as.numeric(fields[1]), as.numeric(fields[2])),
    "clopper-pearson" = clopper_pearson(as.numeric(fields[1]), as.numeric(fields[2])),
    "fisher" = do.call(fisher, as.list(as.numeric(fields))),
    "nearest-rank" = nearest_rank(as.numeric(fields[1]), numbers(fields[2])),
    "kaplan-meier" = survival_curve(numbers(fields[1]), numbers(fields[2])),
    "restricted-mean" = restricted_mean(numbers(fields[1]), numbers(fields[2]), as.numeric(fields[3])),
    "bootstrap" = bootstrap_ranks(as.numeric(fields[1]), as.numeric(fields[2]))
  )
}

for (line in readLines(file("stdin"))) {
  fields <- strsplit(line, " ")[[1]]
  cat(sprintf("%.17g", answer(fields[1], fields[-1])), "\n")
}
