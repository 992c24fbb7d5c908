/** Every bound of what all storages share. */
export const storageLimits = {
  /** A shared call that takes longer may hang: nobody waits for it who did not ask for it. */
  sharedCallMs: 1_000,
} as const;
