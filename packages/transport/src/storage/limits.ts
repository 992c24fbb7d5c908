/** The limits that all storages share. */
export const storageLimits = {
  /** A shared call that takes longer may hang. Callers that come later do not wait for it. */
  sharedCallMs: 1_000,
} as const;
