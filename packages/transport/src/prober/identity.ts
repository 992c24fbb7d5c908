import { type Finding, unreachable } from '@sluice/core/model';
import type { MarkerFound } from '../mounted/marker.ts';

/** What Sluice knows and has found of a destination's identity. */
export interface IdentityQuestion {
  readonly expectedMarker: string | null;
  readonly plainFolderMeant: boolean;
  readonly found: MarkerFound;
  /** The mount folder above it, if nothing is mounted there; else null. */
  readonly emptyMountFolder: string | null;
}

/** The result of comparing a destination with the known one. */
export type Identity =
  | { readonly kind: 'known'; readonly marker: string }
  | { readonly kind: 'unmarked' }
  | { readonly kind: 'ask_again' }
  | { readonly kind: 'strange'; readonly finding: Finding };

/** Judges whether a destination is the known one. */
export function judgeIdentity(question: IdentityQuestion): Identity {
  const { expectedMarker, found } = question;
  if (expectedMarker === null) return judgeNew(question);
  if (found.kind === 'unclear') return { kind: 'ask_again' };
  if (found.kind === 'none') return { kind: 'strange', finding: { kind: 'marker_missing', expected: expectedMarker } };
  if (found.marker === expectedMarker) return { kind: 'known', marker: found.marker };
  return { kind: 'strange', finding: { kind: 'marker_differs', found: found.marker, expected: expectedMarker } };
}

/** Judges a destination without a known marker. A marker in an empty mount folder may be on the local disk, so it proves nothing. */
function judgeNew({ plainFolderMeant, found, emptyMountFolder }: IdentityQuestion): Identity {
  if (emptyMountFolder !== null && !plainFolderMeant) {
    return { kind: 'strange', finding: { kind: 'nothing_mounted', under: emptyMountFolder } };
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
