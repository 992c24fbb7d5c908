// timeout: 14400s
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalUnusable, openJournal, openReader } from '@sluice/persistence';
import { type Prng, temporaryFolder } from '@sluice/testkit';
import { clean } from '@sluice/words';
import { test } from 'uvu';
import { assertClear } from './clear.ts';
import { fuzz } from './fuzz.ts';
import { answersOf, imageOf, makeJournal, type Parts, parts } from './journal.ts';

/** A change to the bytes of one file of a journal. */
interface Damage {
  readonly part: keyof Parts;
  readonly kind: 'bit' | 'byte' | 'zeros' | 'noise' | 'moved' | 'cut';
  /** The place as a share of the file's length, 0 to 1, so that the case is the same for every journal. */
  readonly at: number;
  readonly from: number;
  readonly bytes: number;
  readonly noise: number;
}

const pageBytes = 4_096;
const maxMessage = 1_000;
const { files, states } = makeJournal(temporaryFolder('fuzz-journal'));
const folder = temporaryFolder('fuzz-damaged');

fuzz<{ readonly by: 'command' | 'agent'; readonly damages: readonly Damage[] }>({
  claim: 'a damaged journal: one clear error or the right answer, for commands and for the agent',
  file: 'tests/fuzz/journal.test.ts',
  cases: 120,
  limitMs: 20_000,
  make: (chance) => {
    const part = chance.pick(['db', 'db', 'db', 'wal', 'shm'] as const);
    const count = chance.pick([1, 1, 1, 2, 4]);
    const damages = Array.from({ length: count }, () => damageBy(chance, chance.chance(0.9) ? part : chance.pick(parts)));
    return { by: chance.pick(['command', 'agent']), damages };
  },
  run: ({ by, damages }) => {
    const path = put(damages.reduce(applied, files));
    // What the log lost was not in the database yet. As after a power cut, an earlier state is right too.
    const right = damages.some(({ part }) => part === 'wal') ? states : states.slice(-1);
    const answer = answerOr(() => (by === 'command' ? readAsCommand(path) : startAsAgent(path)));
    if (answer !== null)
      assertOneOf(
        right.map(({ answers, image }) => (by === 'command' ? answers : image)),
        answer,
      );
  },
});

test.run();

function damageBy(chance: Prng, part: keyof Parts): Damage {
  const kind = chance.pick(['bit', 'bit', 'bit', 'byte', 'byte', 'zeros', 'noise', 'moved', 'cut'] as const);
  const bytes = chance.pick([1, 2, 8, 100, 512, pageBytes, 3 * pageBytes]);
  return { part, kind, at: chance.next(), from: chance.next(), bytes, noise: chance.between(0, 2 ** 31) };
}

function applied(before: Parts, damage: Damage): Parts {
  const bytes = Buffer.from(before[damage.part]);
  // Large pieces are whole pages, because a disk loses sectors.
  const grid = damage.bytes >= pageBytes ? pageBytes : 1;
  const at = Math.floor((damage.at * bytes.length) / grid) * grid;
  const from = Math.floor((damage.from * bytes.length) / grid) * grid;
  return { ...before, [damage.part]: changed(bytes, damage, at, from) };
}

function changed(bytes: Buffer, { kind, bytes: length, noise }: Damage, at: number, from: number): Buffer {
  switch (kind) {
    case 'bit':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (noise % 8));
      return bytes;
    case 'byte':
      bytes[at] = noise % 256;
      return bytes;
    case 'zeros':
      return bytes.fill(0, at, Math.min(bytes.length, at + length));
    case 'noise':
      for (let index = at; index < Math.min(bytes.length, at + length); index += 1)
        bytes[index] = Math.imul(noise + index, 2_654_435_761) >>> 24;
      return bytes;
    case 'moved':
      Buffer.from(bytes.subarray(from, from + length)).copy(bytes, at);
      return bytes;
    case 'cut':
      return bytes.subarray(0, at);
  }
}

function put(damaged: Parts): string {
  const path = join(folder, 'journal.db');
  for (const part of parts) rmSync(nameOf(path, part), { force: true });
  for (const part of parts) writeFileSync(nameOf(path, part), damaged[part], { mode: 0o600 });
  return path;
}

function nameOf(path: string, part: keyof Parts): string {
  return part === 'db' ? path : `${path}-${part}`;
}

/** @returns null if it was refused with a clear error */
function answerOr(ask: () => string): string | null {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof JournalUnusable)) throw error;
    assertClear(clean(error.message), maxMessage);
    return null;
  }
}

function readAsCommand(path: string): string {
  const reader = openReader({ path });
  try {
    return answersOf(reader);
  } finally {
    reader.close();
  }
}

function startAsAgent(path: string): string {
  const journal = openJournal({ path, now: () => 0, hasLived: true });
  try {
    return imageOf(journal);
  } finally {
    journal.close();
  }
}

function assertOneOf(right: readonly string[], answer: string): void {
  if (right.includes(answer)) return;
  const last = right.at(-1) ?? '';
  let at = 0;
  while (answer[at] === last[at]) at += 1;
  const from = Math.max(0, at - 60);
  throw new Error(`a different answer without a word: …${answer.slice(from, at + 120)}… instead of …${last.slice(from, at + 120)}…`);
}
