// timeout: 14400s
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '@sluice/child';
import { routeSettings } from '@sluice/core/fixtures';
import { routeName } from '@sluice/core/model';
import { openJournal } from '@sluice/persistence';
import { setMainModule } from '@sluice/platform';
import { type Prng, temporaryFolder } from '@sluice/testkit';
import { compileCache } from '@sluice/testkit/compile-cache';
import { test } from 'uvu';
import { acceptsOfIntake } from '../../packages/agent/src/children/message-checks.ts';
import { isOfReader } from '../../packages/agent/src/reader/messages.ts';
import { isUpward } from '../../packages/child/src/messages.ts';
import { assertClear } from './clear.ts';
import { fuzz } from './fuzz.ts';
import { anyValue, mutateValue } from './mutate.ts';

const endMs = 10_000;
const maxDiagnosis = 2_000;
const root = temporaryFolder('fuzz-children');
const source = join(root, 'in');
const destination = join(root, 'out');
for (const folder of [source, destination]) mkdirSync(folder);
writeFileSync(join(source, 'a.mxf'), 'recorded');
const route = { ...routeSettings({ name: routeName('a'), source, destination }) };
const mount = { path: destination, mountId: null };
const journalPath = join(root, 'journal.db');
openJournal({ path: journalPath, now: () => 0 }).close();

const fingerprint = { sizeBytes: 8, mtimeNs: '1790000000123456789' };
const seen = { kind: 'entries_seen', route: 'a', entries: [{ path: 'a.mxf', nameValid: true, fingerprint, mode: 0o644, mayGrow: false }] };
const upwards: readonly unknown[] = [
  { is: 'ready' },
  { is: 'heartbeat', activity: { operation: 'read a.mxf', side: 'source', sinceMs: 12 } },
  { is: 'heartbeat', activity: null },
  { is: 'messages', messages: [seen, seen] },
  {
    is: 'messages',
    messages: [{ kind: 'listing_completed', route: 'a', listingId: 'l', vanished: [], entryCount: 1, youngEmptyCount: 0 }],
  },
];

/** What a child sends: valid messages, and changed ones. */
fuzz<readonly unknown[]>({
  claim: 'a child that sends anything: an invalid message ends the child, with the reason, and not the agent',
  file: 'tests/fuzz/children.test.ts',
  cases: 8,
  limitMs: 60_000,
  make: (chance) => [...upwards, ...Array.from({ length: chance.between(1, 4) }, () => upwardBy(chance))],
  run: async (messages) => {
    setMainModule(join(import.meta.dirname, 'liar-main.ts'));
    const accepts = acceptsOfIntake(route.name);
    const sent = messages.map((message) => JSON.parse(JSON.stringify(message) ?? 'null') as unknown);
    const wrong = sent.findIndex((message) => !isUpward(message, accepts));
    const heard: unknown[] = [];
    const ended = Promise.withResolvers<string>();
    const child: Child<never> = startChild({
      kind: 'intake',
      init: sent,
      env: compileCache,
      accepts,
      onMessage: (message) => heard.push(message),
      onEnd: ({ diagnosis }) => ended.resolve(diagnosis),
    });
    const right = sent.slice(0, wrong < 0 ? undefined : wrong).flatMap((each) => (each as { messages?: unknown[] }).messages ?? []);
    try {
      if (wrong < 0) await within(() => heard.length === right.length, 'not all messages were heard');
      else assertClear(await orLate(ended.promise, 'the child was not ended'), maxDiagnosis);
      if (heard.length !== right.length) throw new Error(`${heard.length} messages were heard, and not ${right.length}`);
    } finally {
      child.abandon();
    }
  },
});

interface Orders {
  readonly kind: 'intake' | 'prober' | 'carrier' | 'reader';
  readonly init: unknown;
  readonly commands: readonly unknown[];
}

const order = {
  ...{ route: 'a', fileId: 'f', copyId: 'c', source: 'a.mxf', destination: 'a.mxf', part: '.a.mxf.part', growing: false },
  ...{ expected: fingerprint, mode: 0o644, compare: false, removeFirst: [], mount },
};
const leftover = { name: 'b.mxf', leastBytes: 1, inode: '7', replacement: { id: 'r', destination: 'b_1.mxf', sizeBytes: 2 } };
const commands: Readonly<Record<Orders['kind'], readonly unknown[]>> = {
  intake: [
    { kind: 'list_source', route: 'a', listingId: 'l', emptyIsMeant: false, ownMarkers: [] },
    { kind: 'check_paths', route: 'a', checkId: 'x', paths: ['a.mxf', 'b.mxf'], ownMarkers: [] },
  ],
  prober: [{ kind: 'probe', route: 'a', probeId: 'p', expectedMarker: null, plainFolderMeant: true }],
  carrier: [
    { kind: 'preflight', order },
    { kind: 'copy', order },
    { kind: 'read_back', route: 'a', fileId: 'f', copyId: 'c' },
    { kind: 'remove_parts', route: 'a', sweepId: 's', parts: ['.b.part'], mount },
    { kind: 'remove_leftover', route: 'a', fileId: 'f', leftover, hidden: '.b.mxf.0f3c51d2.part', mount },
    { kind: 'hash_source', route: 'a', fileId: 'f', copyId: 'd', source: 'a.mxf', expected: fingerprint },
    { kind: 'give_up', route: 'a', fileId: 'f', copyId: 'c', isHung: false },
  ],
  reader: [
    { id: 1, question: { kind: 'find', text: '*.mxf', limit: 10 } },
    { id: 2, question: { kind: 'find_ended', text: 'a*', page: { since: 0, limit: 10, before: null } } },
  ],
};

/** What a child is sent: it continues, or ends with one line. */
fuzz<Orders>({
  claim: 'a child that is sent anything continues, or ends with one line that says why',
  file: 'tests/fuzz/children.test.ts',
  cases: 4,
  limitMs: 60_000,
  make: ordersBy,
  run: async ({ kind, init, commands: asked }) => {
    setMainModule(join(import.meta.dirname, '../../apps/sluice/src/main.ts'));
    let diagnosis: string | null = null;
    const child: Child<unknown> = startChild<unknown, unknown, unknown>({
      kind,
      init,
      env: compileCache,
      accepts: kind === 'reader' ? isOfReader : () => true,
      onMessage: () => undefined,
      onEnd: (end) => {
        diagnosis = `${end.signal ?? `exit ${end.code}`} ${end.diagnosis}`;
      },
    });
    for (const command of asked) child.send(command);
    const sentAt = performance.now();
    try {
      // A heartbeat after its start shows that it is alive, and has read the messages before.
      await within(() => diagnosis !== null || child.lastHeardAt() > sentAt + 1_500, 'the child neither ended nor went on');
      if (diagnosis !== null) assertOneLine(diagnosis);
    } finally {
      child.abandon();
    }
  },
});

test.run();

function upwardBy(chance: Prng): unknown {
  if (chance.chance(0.2)) return anyValue(chance);
  return chance.chance(0.3) ? chance.pick(upwards) : mutateValue(chance, chance.pick(upwards));
}

function ordersBy(chance: Prng): Orders {
  const kind = chance.pick(['intake', 'prober', 'carrier', 'reader'] as const);
  const init = kind === 'reader' ? { path: journalPath, addonPath: null } : { route, agentId: '0a0b0c0d' };
  const asked = Array.from({ length: chance.between(1, 5) }, () => mutateValue(chance, chance.pick(commands[kind])));
  return { kind, init, commands: asked };
}

/** A fault of the program has to be reported on one line. Which fault it is does not matter here. */
function assertOneLine(diagnosis: string): void {
  if (/\n\s+at |\n.*\n/u.test(diagnosis) || diagnosis.length > maxDiagnosis) throw new Error(`the child ended with: ${diagnosis}`);
}

async function within(isDone: () => boolean, what: string): Promise<void> {
  const endsAt = performance.now() + endMs;
  while (!isDone()) {
    if (performance.now() > endsAt) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function orLate<Result>(promise: Promise<Result>, what: string): Promise<Result> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await within(() => isSettled, what);
  return promise;
}
