/** The 0.975 quantile of the normal distribution: two sides of 95%. */
export const z = 1.959963984540054;
