/** When, between its start and its end, a fault touches a transfer. */
export type Mode =
  | { readonly kind: 'permanent' }
  | { readonly kind: 'probabilistic'; readonly share: number }
  | { readonly kind: 'oneIn'; readonly n: number }
  | { readonly kind: 'burst'; readonly onUs: number; readonly offUs: number };

export type ModeKind = Mode['kind'];
