import type { DestinationMount } from '@sluice/core/model';
import { recogniseDestination } from '@sluice/transport';
import type { Away } from '../model.ts';
import type { AuditInit } from './messages.ts';

/** The destination of an audit: its mount, or why it cannot be compared with. */
export type Found = { readonly mount: DestinationMount } | { readonly away: Away };

/** Checks whether the destination is online and is the known one. It creates nothing. */
export async function findDestination(
  { route, marker, plainFolderMeant }: Pick<AuditInit, 'route' | 'marker' | 'plainFolderMeant'>,
  isOpen: () => boolean,
): Promise<Found> {
  const found = await recogniseDestination({
    route,
    agentId: '',
    number: 1,
    mayHaveLeftovers: false,
    expectedMarker: marker,
    plainFolderMeant,
    writes: false,
    mayGoOn: isOpen,
  });
  if (found.kind === 'recognised') return { mount: found.mount };
  return { away: { kind: 'finding', cause: found.cause, code: found.code, finding: found.finding } };
}
