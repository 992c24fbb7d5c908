import { distance } from 'fastest-levenshtein';

/** @returns the candidate that was most likely meant, or null where none is near. */
export function nearest(given: string, candidates: readonly string[]): string | null {
  const plain = given.toLowerCase().replaceAll('-', '_');
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const candidate of candidates) {
    const away = distance(plain, candidate.toLowerCase().replaceAll('-', '_'));
    if (away < bestDistance) [best, bestDistance] = [candidate, away];
  }
  return best;
}
