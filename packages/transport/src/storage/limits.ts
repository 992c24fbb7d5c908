/** Every bound of what all storages share. */
export const storageLimits = {
  /** A sync that takes longer may hang: nobody waits for it who did not ask for it. */
  sharedSyncMs: 1_000,
} as const;
