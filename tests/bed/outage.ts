import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Note } from '@sluice/agent';
import type { FileJson } from '@sluice/control';
import * as assert from 'uvu/assert';
import { hashCopies, hashTree } from './folders.ts';
import { type Agent, describe } from './sluice.ts';
import { busyness, until } from './wait.ts';

type TransitionNote = Extract<Note, { event: 'transition' }>;
type GateNote = Extract<Note, { event: 'gate' }>;

/** Returns everything that was reported about one source path, oldest first. */
export function transitionsOf(agent: Agent, source: string): readonly TransitionNote[] {
  return agent.notes.filter((note) => note.event === 'transition').filter((note) => note.file.source === source);
}

/** Waits until the last event of the gate matches. */
export function gateIs(agent: Agent, matches: (gate: GateNote['gate']) => boolean, withinMs = 15_000): Promise<GateNote> {
  return until(
    () => {
      const newest = agent.notes.findLast((note) => note.event === 'gate');
      return newest !== undefined && matches(newest.gate) && newest;
    },
    withinMs,
    () => `${JSON.stringify(agent.notes.findLast((note) => note.event === 'gate'))}\n${describe(agent)}`,
  );
}

/** Returns whether the gate is open. */
export const isOpen = ({ state }: GateNote['gate']): boolean => state === 'open';
/** Returns whether the gate is closed. */
export const isClosed = ({ state }: GateNote['gate']): boolean => state === 'closed';

/** A failed attempt and the attempt that followed. */
export interface Failure {
  readonly failed: FileJson;
  /** When it failed: wall clock, milliseconds. */
  readonly at: number;
  /** The next attempt, as it was first reported with a hold. */
  readonly next: FileJson;
}

/** Waits for the n-th failure of a source, and for the attempt that follows. @param n from 0 */
export async function failureOf(agent: Agent, source: string, n = 0, withinMs = 20_000): Promise<Failure> {
  const [failed, next] = await until(
    () => {
      const transitions = transitionsOf(agent, source);
      const failure = transitions.filter(({ to }) => to === 'FAILED')[n];
      const after = transitions.findLast(({ file }) => file.recoveryOf === failure?.file.id && file.status !== 'DISCOVERED');
      return failure !== undefined && after !== undefined && ([failure, after] as const);
    },
    withinMs,
    () => describe(agent),
  );
  return { failed: failed.file, at: Date.parse(failed.at), next: next.file };
}

/** Regular expressions, by error code. All other codes are those of a destination that went offline. */
const happenedBy: Readonly<Record<string, string>> = {
  MARKER: 'another disk took the place of the destination',
  EROFS: 'the destination became read-only',
  EACCES: 'Sluice lost the right to write to the destination \\(permission denied\\)',
};

/** Asserts everything that is promised of an attempt that an outage ended, and of the next one, which waits for its end. */
export function assertInterrupted({ failed, next }: Failure, expected: { readonly name: string; readonly codes: readonly string[] }): void {
  const { error } = failed;
  assert.is(failed.status, 'FAILED');
  assert.is(error?.kind, 'network_interruption');
  assert.ok(expected.codes.includes(error?.code ?? ''), `code ${error?.code}`);
  assert.is(error?.percent, Math.floor((failed.copiedBytes / failed.sizeBytes) * 1000) / 10, 'percentage of what is synced');
  const happened = happenedBy[error?.code ?? ''] ?? 'the destination went offline';
  assert.match(error?.operator ?? '', new RegExp(`^${happened}, at [\\d.]+%; a new copy \\(.*${expected.name}\\) starts when`));
  assert.match(error?.technical ?? '', error?.code ?? '?');
  assert.is.not(next.id, failed.id);
  assert.equal([next.recoveryOf, failed.recoveredBy], [failed.id, next.id]);
  assert.equal([next.status, next.hold, next.destination, next.nameReason], ['READY', 'network', expected.name, 'recovery']);
}

/** Asserts that a source has not moved since a moment. */
export function assertWaits(agent: Agent, source: string, since: number): void {
  const moved = transitionsOf(agent, source).filter(({ at }) => Date.parse(at) > since + settleMs);
  assert.equal(
    moved.map(({ from, to }) => [from, to]),
    [],
    'it waits without moving',
  );
}

/** The failure, the new attempt and its hold are committed together, but the clock may tick in between. */
const settleMs = 20;

/** Waits until a source moves. @returns milliseconds since the moment */
export async function movedAfter(agent: Agent, source: string, since: number, withinMs = 15_000): Promise<number> {
  const note = await until(
    () => transitionsOf(agent, source).find(({ at, to }) => Date.parse(at) >= since && (to === 'COPYING' || to === 'GROWING_COPY')),
    withinMs,
    () => describe(agent),
  );
  return Date.parse(note.at) - since;
}

/** Returns how many bytes of a running copy are at the destination. @param backing where that can be checked during any fault */
export function bytesThere(backing: string, name: string): number {
  if (!existsSync(backing)) return 0;
  const part = readdirSync(backing).find((each) => each === name || (each.startsWith(`.${name}.`) && each.endsWith('.part')));
  return part === undefined ? 0 : (statSync(join(backing, part), { throwIfNoEntry: false })?.size ?? 0);
}

/** Prints a measured time for the report, with the promised one. */
export function measured(what: string, ms: number, promisedMs?: number): void {
  console.log(`  measured: ${what}: ${Math.round(ms)} ms${promisedMs === undefined ? '' : ` (promised ${promisedMs} ms)`}`);
  assert.ok(ms >= 0, `${what}: it happened ${Math.round(-ms)} ms before its cause`);
  if (promisedMs !== undefined) assert.ok(ms <= promisedMs * busyness(), `${what}: ${Math.round(ms)} ms, promised ${promisedMs} ms`);
}

/**
 * Asserts that everything at the source is at the destination under these names and no others.
 * @param names destination to source
 */
export async function assertCopied(source: string, destination: string, names: Readonly<Record<string, string>>): Promise<void> {
  await noPartsAreLeft(destination);
  const sent = await hashTree(source);
  const expected = Object.fromEntries(Object.entries(names).map(([name, from]) => [name, sent[from]]));
  assert.equal(await hashCopies(destination), expected);
}

/** Waits until hidden leftovers are removed, which happens when the destination is back. */
export async function noPartsAreLeft(destination: string): Promise<void> {
  const parts = (): string[] => readdirSync(destination, { encoding: 'utf8', recursive: true }).filter((name) => name.endsWith('.part'));
  await until(
    () => parts().length === 0,
    5_000,
    () => `left: ${parts().join(', ')}`,
  );
}
