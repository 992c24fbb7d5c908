/** Sizes of a table entry, bytes: a key, the fields, zeros, and the xxh64 of everything before it. Little-endian. */
export const tableLimits = { keyBytes: 16, checkedBytes: 56, entryBytes: 64 } as const;
