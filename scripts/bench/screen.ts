import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CoreState, fileId, type JournalRecord, restoreState, type TrackedFile } from '@sluice/core';
import { openJournal, readerOf, type WritableJournal } from '@sluice/persistence';
import { makeSystemTimer, systemClock } from '../../packages/agent/src/clock.ts';
import { type ScreenFrame, type ScreenWindow, screenSorts } from '../../packages/agent/src/control/screen-frame.ts';
import { createScreens, type ScreenServing } from '../../packages/agent/src/serve/screen.ts';
import { fileOf } from '../../packages/core/test/snapshot/files.ts';
import { coreSettings, ingest } from '../../packages/core/test/support/settings.ts';

const count = 100_000;
const running = 16;

const everything: ScreenWindow = {
  tab: 'all',
  filter: '',
  sort: 'attention',
  isReversed: false,
  hideRecovered: false,
  offset: 0,
  limit: 200,
  anchor: null,
};
/** Ten watchers that share no order. */
const tenWindows: readonly ScreenWindow[] = [
  ...screenSorts.map((sort) => ({ ...everything, sort, offset: count / 2 })),
  { ...everything, filter: 'clip9' },
  { ...everything, filter: 'state:ready', sort: 'size' },
  { ...everything, filter: 'hold:network', sort: 'name', isReversed: true },
  { ...everything, tab: 'done', sort: 'age' },
  { ...everything, hideRecovered: true },
];

/** How long the loop was held, turn by turn; in time of the processor, so that others on the machine do not count. */
interface Holds {
  readonly ms: number[];
  run(work: () => void): void;
}

/** 100,000 files in core and as many more in the journal: what a screen costs the agent. */
export async function benchScreen(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const journal = openJournal({ path: join(folder, 'journal.db'), now: systemClock.wall });
  try {
    fillJournal(journal);
    return [...(await measure('one watcher', journal, [everything])), ...(await measure('ten watchers, ten orders', journal, tenWindows))];
  } finally {
    journal.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(what: string, journal: WritableJournal, windows: readonly ScreenWindow[]): Promise<string[]> {
  const state = manyFiles();
  const holds = createHolds();
  const deltas = { count: 0, bytes: 0 };
  let workedAt = 0;
  const screens = createScreens({
    state,
    reader: readerOf(journal.database),
    self: { pid: 1, version: '0', startedAt: '', stateDir: '/' },
    clock: systemClock,
    isStalled: () => false,
    makeTimer: (fire) => makeSystemTimer(() => holds.run(fire)),
    defer: (work) => void setImmediate(() => holds.run(work)),
    onTrouble: (message) => {
      throw new Error(message);
    },
    onTurn: (units) => {
      if (units > 0) workedAt = performance.now();
    },
  });
  const lines: string[] = [];
  const tell = (phase: string, more: string): void => {
    lines.push(`${what}, ${phase}: ${more}, the loop was held for ${holdText(holds)}`);
    holds.ms.length = 0;
  };
  const watchers = windows.map((window) => ({
    window,
    watcher: screens.attach({
      hasRead: () => true,
      close: () => undefined,
      send(delta) {
        deltas.count += 1;
        deltas.bytes += JSON.stringify(delta).length;
      },
    }),
  }));
  const began = performance.now();
  const frames = await Promise.all(watchers.map(({ watcher, window }) => watcher.look(window)));
  tell('first frames', `after ${ms(performance.now() - began)} (${sizeOf(frames[0])} kB)`);
  while (performance.now() - workedAt < 600) await sleep(50);
  tell('until all is listed', `after ${ms(workedAt - began)}`);
  const idle = await cpuShare(() => sleep(5_000));
  tell('idle', `${idle} of a core`);
  const busy = await cpuShare(() => carry(state, screens));
  tell(
    `${running} files move`,
    `${busy} of a core, ${deltas.count} deltas of ${Math.round(deltas.bytes / Math.max(1, deltas.count))} bytes in 5 s`,
  );
  const asked = performance.now();
  await watchers[0]?.watcher.look({ ...everything, filter: 'clip7 state:r', sort: 'name' });
  tell('another filter', `after ${ms(performance.now() - asked)}`);
  screens.end();
  return lines;
}

/** Sixteen copies that tell how far they are four times a second. */
async function carry(state: CoreState, screens: ScreenServing): Promise<void> {
  for (let times = 1; times <= 20; times += 1) {
    for (let index = 0; index < running; index += 1) {
      const before = state.files.get(fileId(idOf(index)));
      if (before?.status === 'COPYING') state.files.set(before.id, { ...before, copiedBytes: before.copiedBytes + 1_000 });
    }
    screens.committed([]);
    await sleep(250);
  }
}

function manyFiles(): CoreState {
  const common = { route: ingest, nameReason: null, nameNumber: 0, recoveryOf: null };
  const files = Array.from({ length: count }, (_, index): TrackedFile => {
    const name = `day${index % 300}/clip${index}.mxf`;
    const fingerprint = { sizeBytes: 1_000_000 + ((index * 7919) % 1_000_003), mtimeNs: '1' };
    const own = { ...common, id: fileId(idOf(index)), source: name, destination: name, fingerprint };
    if (index < running) return fileOf('COPYING', { ...own, copiedBytes: 0, bytesPerSecond: 4_000 });
    return index % 5 === 0 ? fileOf('COMPLETED', own) : fileOf('READY', own);
  });
  const image = { nextSeq: 1, files, routeFacts: [], usedNames: [] };
  return restoreState({ settings: coreSettings({}), image, untilIdle: false, at: systemClock.monotonic(), wall: systemClock.wall() });
}

/** As many that ended lately and that core has dropped. */
function fillJournal(journal: WritableJournal): void {
  journal.database.pragma('synchronous = OFF');
  const endedAt = systemClock.wall();
  let seq = 1;
  for (let from = 0; from < count; from += 1_000) {
    const records = Array.from({ length: 1_000 }, (_, index): JournalRecord => {
      const number = from + index;
      const name = `gone/clip${number}.mxf`;
      const own = {
        id: fileId(idOf(number, '8')),
        route: ingest,
        source: name,
        destination: name,
        recoveryOf: null,
        endedAt: endedAt - number,
      };
      const file = fileOf('COMPLETED', own);
      return { kind: 'transition', seq: seq++, at: endedAt, event: 'seen', from: null, to: file.status, detail: {}, file };
    });
    journal.append(records);
  }
}

function idOf(number: number, variant = '9'): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-${variant}000-000000000000`;
}

function createHolds(): Holds {
  const held: number[] = [];
  return {
    ms: held,
    run(work) {
      const began = process.threadCpuUsage();
      work();
      const used = process.threadCpuUsage(began);
      held.push((used.user + used.system) / 1_000);
    },
  };
}

function holdText({ ms: held }: Holds): string {
  const sorted = held.toSorted((a, b) => a - b);
  const at = (share: number): string => ms(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `${at(1)} at most (half ${at(0.5)}, 99 % ${at(0.99)}, ${held.length} turns)`;
}

async function cpuShare(work: () => Promise<unknown>): Promise<string> {
  const before = process.threadCpuUsage();
  const began = performance.now();
  await work();
  const used = process.threadCpuUsage(before);
  return `${((used.user + used.system) / 10 / (performance.now() - began)).toFixed(2)} %`;
}

function sizeOf(frame: ScreenFrame | undefined): string {
  return (JSON.stringify(frame).length / 1_000).toFixed(0);
}

function ms(duration: number): string {
  return `${duration.toFixed(1)} ms`;
}
