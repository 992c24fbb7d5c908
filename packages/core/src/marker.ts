// `@sluice/core/marker`: the marker file, by which a destination is recognized.

export { markerBytesLimit } from './model/limits.ts';

/** The file in the root of a destination by which Sluice recognizes it. A folder that has it is a destination, never a source. */
export const markerName = '.sluice-destination';

/** Returns the UUID in the text of a marker. Null: it has none. */
export function markerIn(text: string): string | null {
  return /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(text)?.[0] ?? null;
}
