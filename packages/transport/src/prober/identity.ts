import { markerName, unreachable } from '@sluice/core';
import type { MarkerFound } from '../mounted/marker.ts';

/** What is known and asked of a destination's identity. */
export interface IdentityQuestion {
  readonly path: string;
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  readonly found: MarkerFound;
  /** A place for mounts that it lies under while nothing is mounted there. */
  readonly emptyPlace: string | null;
}

/** Whether it is the destination we know. `strange` has the two sentences. */
export type Identity =
  | { readonly kind: 'known'; readonly marker: string }
  | { readonly kind: 'unmarked' }
  | { readonly kind: 'ask_again' }
  | { readonly kind: 'strange'; readonly operator: string; readonly technical: string };

export function judgeIdentity(question: IdentityQuestion): Identity {
  const { expectedMarker, found, path } = question;
  if (expectedMarker === null) return judgeNew(question);
  if (found.kind === 'unclear') return { kind: 'ask_again' };
  if (found.kind === 'none') {
    return {
      kind: 'strange',
      operator: `WRONG DISK: ${path} does not hold what Sluice left there; is the share mounted?`,
      technical: `${markerName} is missing, expected ${expectedMarker}`,
    };
  }
  if (found.marker === expectedMarker) return { kind: 'known', marker: found.marker };
  return {
    kind: 'strange',
    operator: `WRONG DISK: ${path} is not the destination it was; mount the right one, or adopt this one`,
    technical: `${markerName} holds ${found.marker}, expected ${expectedMarker}`,
  };
}

/** A marker in an empty place for mounts may be one that was left on the local disk: it proves nothing. */
function judgeNew({ path, plainFolderMeant, found, emptyPlace }: IdentityQuestion): Identity {
  if (emptyPlace !== null && !plainFolderMeant) {
    return {
      kind: 'strange',
      operator: `nothing is mounted at ${path}; mount the share, or adopt the plain folder if it is meant`,
      technical: `${path} lies under ${emptyPlace}, a place for mounts, and nothing is mounted there`,
    };
  }
  switch (found.kind) {
    case 'found':
      return { kind: 'known', marker: found.marker };
    case 'none':
      return { kind: 'unmarked' };
    case 'unclear':
      return { kind: 'ask_again' };
    default:
      return unreachable(found);
  }
}
