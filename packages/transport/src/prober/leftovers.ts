import { runChild } from '@sluice/child';
import type { GateCause, LeftoverCheck, LeftoverFound, RouteSettings } from '@sluice/core/model';
import { errnoOf, hasRealInodesAt } from '@sluice/platform';
import { mountedFolder } from '../mounted/folder.ts';
import type { Storage } from '../storage/storage.ts';
import { compareLeftover } from '../writing/compare-leftover.ts';
import { recogniseDestination } from './probe.ts';

/** The first message to a process that compares leftovers. */
export interface LeftoversInit {
  readonly route: RouteSettings;
  /** UUID of the destination's marker. Null: no marker is known. */
  readonly marker: string | null;
  readonly plainFolderMeant: boolean;
  readonly checks: readonly LeftoverCheck[];
}

/** The files that have the names of leftovers now, in the order of the request, or why the destination cannot be read. */
export type LeftoversAnswer =
  | { readonly kind: 'compared'; readonly found: readonly LeftoverFound[] }
  | { readonly kind: 'away'; readonly cause: GateCause; readonly code: string | null };

/** Runs this process to compare the leftovers at a destination once. It changes nothing there. */
export function runLeftovers(): void {
  runChild<LeftoversInit, never, LeftoversAnswer>((init, channel) => {
    void lookAtLeftovers(init, channel.isOpen).then((answer) => channel.send(answer));
  });
}

/** Compares each leftover with the journal. @param isOpen returns whether the answer is still needed */
export async function lookAtLeftovers(init: LeftoversInit, isOpen: () => boolean): Promise<LeftoversAnswer> {
  const { route, marker, plainFolderMeant, checks } = init;
  const question = { route, agentId: '', number: 1, mayHaveLeftovers: false, expectedMarker: marker, plainFolderMeant, writes: false };
  const recognised = await recogniseDestination({ ...question, mayGoOn: isOpen });
  if (recognised.kind !== 'recognised') return { kind: 'away', cause: recognised.cause, code: recognised.code };
  const storage = mountedFolder(route.destination);
  const found: LeftoverFound[] = [];
  for (const check of checks) found.push(await look(storage, route, check));
  return { kind: 'compared', found };
}

async function look(storage: Storage, route: RouteSettings, check: LeftoverCheck): Promise<LeftoverFound> {
  const hasRealInodes = () => hasRealInodesAt(route.destination);
  try {
    const open = (name: string) => storage.open(name, 'read');
    const { kept, sizeBytes } = await compareLeftover({ open, hasRealInodes, readsBytes: false }, check);
    return { kept, sizeBytes };
  } catch (error) {
    return { kept: 'failed', sizeBytes: null, code: errnoOf(error) };
  }
}
