# Computes, with R's own functions, what the lines of standard input ask for: a question each, and an answer each on standard output.
suppressMessages({
  library(survival)
  library(coin)
})

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

newcombe <- function(k, n, l, m) {
  one <- wilson(k, n)
  other <- wilson(l, m)
  difference <- k / n - l / m
  c(
    difference,
    difference - sqrt((k / n - one[1])^2 + (other[2] - l / m)^2),
    difference + sqrt((one[2] - k / n)^2 + (l / m - other[1])^2)
  )
}

above <- function(ones, others) {
  suppressWarnings(wilcox.test(ones, others))$statistic[["W"]] / (length(ones) * length(others))
}

cliffs_delta <- function(ones, others) 2 * above(ones, others) - 1

delta_interval <- function(ones, others) {
  n <- length(ones)
  m <- length(others)
  seen <- above(ones, others)
  off <- function(p) {
    size <- (n + m) / 2 - 1
    variance <- p * (1 - p) * (1 + size * (1 - p) / (2 - p) + size * p / (1 + p)) / (n * m)
    (seen - p)^2 - qnorm(0.975)^2 * variance
  }
  end <- function(from, to) if (from == to) from else uniroot(off, c(from, to), tol = 1e-15)$root
  low <- if (seen == 0) 0 else end(if (seen == 1) 1e-9 else 0, if (seen == 1) 1 - 1e-9 else seen)
  high <- if (seen == 1) 1 else end(if (seen == 0) 1e-9 else seen, if (seen == 0) 1 - 1e-9 else 1)
  2 * c(low, high) - 1
}

# The chance that one of two normal values is above the other, which lie apart by so many of their standard deviations.
delta_coverage <- function(apart, low, high) {
  true <- 2 * pnorm(apart / sqrt(2)) - 1
  mean(low <= true & true <= high)
}

# By ranks within each block, which weighs the pairs of all blocks alike.
permutation <- function(values, ones, blocks) {
  data <- data.frame(
    rank = ave(values, blocks, FUN = rank),
    ones = factor(ones, levels = c(1, 0)),
    block = factor(blocks)
  )
  tail <- function(alternative) {
    test <- if (nlevels(data$block) == 1) {
      independence_test(rank ~ ones, data, distribution = exact(algorithm = "shift", fact = 2), alternative = alternative)
    } else {
      independence_test(rank ~ ones | block, data, distribution = exact(algorithm = "shift", fact = 2), alternative = alternative)
    }
    as.numeric(pvalue(test))
  }
  # Where all are equal there is nothing to permute.
  if (all(tapply(data$rank, data$block, function(ranks) length(unique(ranks)) == 1))) return(1)
  min(1, 2 * tail("less"), 2 * tail("greater"))
}

smallest_p <- function(ones, others) min(1, 2 / prod(choose(ones + others, ones)))

orders <- function(values) {
  if (length(values) < 2) return(list(values))
  do.call(c, lapply(seq_along(values), function(first) lapply(orders(values[-first]), function(rest) c(values[first], rest))))
}

rising <- function(values) {
  signs <- sign(outer(values, values, function(one, other) other - one))
  sum(signs[upper.tri(signs)])
}

mann_kendall <- function(values) {
  if (!anyDuplicated(values)) return(cor.test(seq_along(values), values, method = "kendall", exact = TRUE)$p.value)
  all <- sapply(orders(values), rising)
  min(1, 2 * mean(all <= rising(values)), 2 * mean(all >= rising(values)))
}

mann_kendall_normal <- function(values) {
  cor.test(seq_along(values), values, method = "kendall", exact = FALSE, continuity = TRUE)$p.value
}

theil_sen <- function(values) {
  pairs <- combn(length(values), 2)
  median((values[pairs[2, ]] - values[pairs[1, ]]) / (pairs[2, ] - pairs[1, ]))
}

answer <- function(name, fields) {
  switch(name,
    "wilson" = wilson(as.numeric(fields[1]), as.numeric(fields[2])),
    "clopper-pearson" = clopper_pearson(as.numeric(fields[1]), as.numeric(fields[2])),
    "fisher" = do.call(fisher, as.list(as.numeric(fields))),
    "newcombe" = do.call(newcombe, as.list(as.numeric(fields))),
    "cliffs-delta" = cliffs_delta(numbers(fields[1]), numbers(fields[2])),
    "delta-interval" = delta_interval(numbers(fields[1]), numbers(fields[2])),
    "delta-coverage" = delta_coverage(as.numeric(fields[1]), numbers(fields[2]), numbers(fields[3])),
    "permutation" = permutation(numbers(fields[1]), numbers(fields[2]), numbers(fields[3])),
    "drawn" = permutation(numbers(fields[1]), numbers(fields[2]), numbers(fields[3])),
    "smallest-p" = smallest_p(numbers(fields[1]), numbers(fields[2])),
    "holm" = p.adjust(numbers(fields[1]), method = "holm"),
    "mann-kendall" = mann_kendall(numbers(fields[1])),
    "mann-kendall-normal" = mann_kendall_normal(numbers(fields[1])),
    "normal-tails" = 2 * pnorm(-as.numeric(fields[1])),
    "theil-sen" = theil_sen(numbers(fields[1])),
    "nearest-rank" = nearest_rank(as.numeric(fields[1]), numbers(fields[2])),
    "kaplan-meier" = survival_curve(numbers(fields[1]), numbers(fields[2])),
    "restricted-mean" = restricted_mean(numbers(fields[1]), numbers(fields[2]), as.numeric(fields[3])),
    "percentile-interval" = bootstrap_ranks(as.numeric(fields[1]), as.numeric(fields[2])),
    "bootstrap" = bootstrap_ranks(as.numeric(fields[1]), as.numeric(fields[2]))
  )
}

questions <- file("stdin")
lines <- readLines(questions)
close(questions)
for (line in lines) {
  fields <- strsplit(line, " ")[[1]]
  cat(sprintf("%.17g", answer(fields[1], fields[-1])), "\n")
}
