/** Of each trial and window: how many, how many failed, L50 and L90 by nearest rank with a failure above every success, of all and of the successes, and the successes. */
export const windows = `
WITH placed AS (
  SELECT s.trial, failed, answered - due AS took, answered - sent AS since,
    CASE WHEN due >= start AND due < inject THEN 0 WHEN due >= inject AND due < remove THEN 1 WHEN due >= remove AND due <= finish THEN 2 END AS w
  FROM s JOIN t USING (trial)
)
SELECT trial, w, count(*) AS requests, sum(failed) AS failures,
  quantile_disc(CASE WHEN failed = 0 THEN took ELSE 1e300 END, 0.5) AS l50,
  quantile_disc(CASE WHEN failed = 0 THEN took ELSE 1e300 END, 0.9) AS l90,
  quantile_disc(took, 0.5) FILTER (failed = 0) AS success50,
  quantile_disc(took, 0.9) FILTER (failed = 0) AS success90,
  quantile_disc(CASE WHEN failed = 0 THEN since ELSE 1e300 END, 0.5) AS sent50,
  quantile_disc(CASE WHEN failed = 0 THEN since ELSE 1e300 END, 0.9) AS sent90
FROM placed WHERE w IS NOT NULL GROUP BY trial, w ORDER BY trial, w`;

const windowUs = 1_000_000;
const errorRate = 0.05;

/** Of each trial: U and how many outages, by the sliding window of a second and the rate of 5 %; as docs and decisions of Ordeal define them. */
export const outages = `
WITH edges AS (
  SELECT trial, x, sum(d) AS d, sum(f) AS f FROM (
    SELECT trial, due AS x, 1 AS d, failed AS f FROM s UNION ALL SELECT trial, due + ${windowUs}, -1, -failed FROM s
  ) GROUP BY trial, x
), ends AS (SELECT trial, min(due) AS first, max(due) AS last FROM s GROUP BY trial
), states AS (
  SELECT trial, x, sum(d) OVER p AS sent, sum(f) OVER p AS failed, lead(x, 1, 1e300) OVER (PARTITION BY trial ORDER BY x) AS until
  FROM edges WINDOW p AS (PARTITION BY trial ORDER BY x ROWS UNBOUNDED PRECEDING)
), seen AS (
  SELECT states.*, failed / sent > ${errorRate} AS bad FROM states JOIN ends USING (trial)
  WHERE sent > 0 AND x <= last AND until >= first + ${windowUs}
), islands AS (
  SELECT trial, x, bad, sum(CASE WHEN bad THEN 0 ELSE 1 END) OVER (PARTITION BY trial ORDER BY x ROWS UNBOUNDED PRECEDING) AS g FROM seen
), runs AS (SELECT trial, min(x) AS x1, max(x) AS x2 FROM islands WHERE bad GROUP BY trial, g
), failures AS (SELECT trial, due FROM s WHERE failed = 1
), begun AS (
  SELECT r.trial, r.x2, f.due AS fromUs FROM (SELECT *, x1 - ${windowUs} AS opens FROM runs) r ASOF JOIN failures f ON r.trial = f.trial AND r.opens < f.due
), over AS (SELECT b.trial, b.fromUs, f.due AS lastUs FROM begun b ASOF JOIN failures f ON b.trial = f.trial AND b.x2 >= f.due
), stretches AS (
  SELECT o.trial, o.fromUs, coalesce(k.due, 1e300) AS toUs
  FROM over o ASOF LEFT JOIN (SELECT trial, due FROM s WHERE failed = 0) k ON o.trial = k.trial AND o.lastUs < k.due
), marked AS (
  SELECT *, CASE WHEN max(toUs) OVER (PARTITION BY trial ORDER BY fromUs ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= fromUs THEN 0 ELSE 1 END AS new FROM stretches
), numbered AS (SELECT *, sum(new) OVER (PARTITION BY trial ORDER BY fromUs ROWS UNBOUNDED PRECEDING) AS n FROM marked
), merged AS (SELECT trial, min(fromUs) AS fromUs, max(toUs) AS toUs FROM numbered GROUP BY trial, n
), clipped AS (
  SELECT trial, greatest(fromUs, inject) AS fromUs, least(toUs, finish) AS toUs FROM merged JOIN t USING (trial) WHERE fromUs < finish AND toUs > inject
)
SELECT trial, count(*) AS outages, sum(toUs - fromUs) AS us FROM clipped GROUP BY trial ORDER BY trial`;
