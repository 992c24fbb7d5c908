import type { Place } from '../places/places.ts';
import type { ParsedToml } from '../problems/positions.ts';

/** A configuration before it is understood: what the file or the options say, as plain values. */
export interface RawConfig {
  readonly file: string | null;
  readonly place: Place;
  /** Absolute folder that relative paths start from. */
  readonly base: string;
  readonly absoluteFile: string | null;
  readonly toml: ParsedToml;
}
