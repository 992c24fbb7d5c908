/** One entry of a table: a key, fields, zeros, and the xxh64 of all of them. Little-endian. */
export const tableLimits = { keyBytes: 16, checkedBytes: 56, entryBytes: 64 } as const;
