import type { ListingOptions } from '../../src/listing/folder.ts';
import { type Listing, listSource } from '../../src/listing/listing.ts';
import { createRules } from '../../src/rules/rules.ts';
import { routeOf, type Source } from './source.ts';

/** Returns how a source is listed, with the rules of a route that sets none. */
export function optionsFor(source: Source, more: Partial<ListingOptions> = {}): ListingOptions {
  return { root: source.root, rules: createRules(routeOf(source.root)), stableAfterMs: 60_000, now: Date.now(), ...more };
}

/** Lists a source in this process. */
export function list(source: Source, more: Partial<ListingOptions> = {}): Promise<Listing> {
  return listSource(optionsFor(source, more));
}

/** Returns the paths of a listing, sorted. */
export function pathsOf({ entries }: Listing): string[] {
  return entries.map(({ path }) => path).sort();
}
