import type { Effect, Place } from '@sluice/core';
import type { LaneWorld } from './carrier-lane.ts';
import { createCalls } from './copy/calls.ts';
import { CallFailure, Stopped } from './copy/failure.ts';
import { isPartName, removePart } from './copy/leftovers.ts';
import { assertRootOnPlace } from './copy/place.ts';
import type { LaneMeans } from './copy/task.ts';
import { watchedStorage } from './copy/watched.ts';

type RemoveParts = Extract<Effect, { kind: 'remove_parts' }>;

/** Removes what ended attempts left, and tells which are gone. Hangs alone. */
export function removeParts(world: LaneWorld, command: RemoveParts): void {
  const { route, sweepId } = command;
  const sweep = async (): Promise<void> => {
    const { removed, kept } = await sweepAll(sweepMeans(world), command);
    await world.channel.send({ kind: 'parts_removed', route, sweepId, removed, kept }).catch(() => undefined);
  };
  void sweep();
}

function sweepMeans(world: LaneWorld): LaneMeans {
  const calls = createCalls(world.carrier.clock);
  return {
    ...world.carrier,
    calls,
    report: async () => undefined,
    source: watchedStorage(world.source, 'source', calls, world.channel.isOpen),
    destination: watchedStorage(world.destination, 'destination', calls, world.channel.isOpen),
  };
}

async function sweepAll(means: LaneMeans, command: RemoveParts): Promise<{ removed: string[]; kept: string[] }> {
  const [removed, kept]: [string[], string[]] = [[], []];
  // An absent share has no parts either: nothing is gone for good because it cannot be seen.
  const isThere = await succeeds(() => assertRootOnPlace(means, command.place));
  for (const part of command.parts) {
    const isGone = isThere && isPartName(part) && (await removes(means, part, command.place));
    (isGone ? removed : kept).push(part);
  }
  return { removed, kept };
}

function removes(means: LaneMeans, part: string, place: Place): Promise<boolean> {
  return succeeds(() => removePart(means, part, place));
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof CallFailure || error instanceof Stopped) return false;
    throw error;
  }
}
