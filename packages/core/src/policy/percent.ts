/** Share of the size last seen that is synced, in percent with one decimal. */
export function percentOf(copiedBytes: number, sizeBytes: number): number {
  if (sizeBytes <= 0) return 0;
  return Math.min(Math.floor((copiedBytes / sizeBytes) * 1000) / 10, 100);
}
