/** How likely a normally distributed value is at least so many standard deviations from its mean, to either side. */
export function normalTails(deviations: number): number {
  const z = Math.abs(deviations);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < 3 ? 1 - 2 * density * series(z) : 2 * density * fraction(z);
}

/** z + z^3/3 + z^5/(3*5) + .., until nothing is added. */
function series(z: number): number {
  let [sum, term] = [0, z];
  for (let odd = 3; sum + term !== sum; odd += 2) {
    sum += term;
    term *= (z * z) / odd;
  }
  return sum;
}

/** 1/(z + 1/(z + 2/(z + 3/..))), which from 3 on is at its limit long before its hundredth part. */
function fraction(z: number): number {
  let rest = z;
  for (let part = 100; part > 0; part -= 1) rest = z + part / rest;
  return 1 / rest;
}
