import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '@sluice/control';
import { openReader } from '@sluice/persistence';
import type { Figure } from '../figure.ts';
import { count } from '../options.ts';
import { BenchAgent, makeSpeedFolders, type Route, type Usage, untilRoute } from './bench-agent.ts';
import { timed } from './peers.ts';

const perFolder = 100;
const stableAfterMs = 5_000;
const calmMs = 60_000;
const newFiles = 9;

/**
 * Measures a source with very many files whose destination is offline: how soon `status` says how many they are, how soon all of
 * them are in the journal, and what they cost while nothing changes.
 */
export async function measureLargeSource(rounds: number): Promise<readonly Figure[]> {
  const files = count('listed', 100_000);
  const folders = makeSpeedFolders();
  const readings: Readings = { find: [], listed: [], journaled: [], processor: [], ready: [] };
  const rest = new Rest();
  try {
    makeFiles(folders.source, files);
    for (let turn = 0; turn < rounds; turn += 1) {
      readings.find.push(timed('find', [folders.source, '-printf', '%s %T@ %p\\n']));
      const stateDir = join(folders.root, `state${turn}`);
      const agent = new BenchAgent({ ...folders, destination: join(folders.root, 'away'), stateDir }, settings);
      try {
        const client = await agent.client();
        const began = performance.now();
        const before = agent.usage().processorMs;
        const isListed = ({ counts, sourceState }: Route): boolean => Math.max(sumOf(counts), sourceState.listedFiles ?? 0) >= files;
        const listed = await untilRoute(client, 'all are listed', isListed);
        // The agent answers between two transactions, so that what it counts is in the journal.
        const journaled = await untilRoute(client, 'all are in the journal', ({ counts }) => sumOf(counts) >= files);
        readings.processor.push(agent.usage().processorMs - before);
        const ready = await untilRoute(client, 'all are ready', ({ counts }) => counts.READY >= files);
        readings.listed.push(listed - began);
        readings.journaled.push(journaled - began);
        readings.ready.push(ready - journaled - stableAfterMs);
        if (turn === rounds - 1) await rest.measure({ agent, client, stateDir, source: folders.source }, rounds);
        client.close();
      } finally {
        await agent.stop();
      }
    }
  } finally {
    folders.remove();
  }
  const name = `${files.toLocaleString('en')} waiting files`;
  return [...figuresOf(name, readings), ...rest.figures(name)];
}

/** One reading of each for every round. */
interface Readings {
  readonly find: number[];
  /** Until `status` says how many files there are. */
  readonly listed: number[];
  /** Until all of them are in the journal. */
  readonly journaled: number[];
  /** Processor time of all processes until then, milliseconds. */
  readonly processor: number[];
  readonly ready: number[];
}

function figuresOf(name: string, { find, listed, journaled, processor, ready }: Readings): readonly Figure[] {
  const times = (readings: readonly number[]): number[] => readings.map((ms, turn) => ms / (find[turn] ?? Number.NaN));
  return [
    { what: `${name}: find -printf`, unit: 'ms', goal: null, readings: find, judged: 'median' },
    { what: `${name}: all listed`, unit: 'ms', goal: null, readings: listed, judged: 'median' },
    { what: `${name}: listed, times find`, unit: 'x', goal: 3, readings: times(listed), judged: 'median' },
    { what: `${name}: all in the journal`, unit: 'ms', goal: null, readings: journaled, judged: 'median' },
    { what: `${name}: in the journal, times find`, unit: 'x', goal: null, readings: times(journaled), judged: 'median' },
    { what: `${name}: processor time until then`, unit: 'ms', goal: null, readings: processor, judged: 'median' },
    { what: `${name}: READY, after stable_after`, unit: 'ms', goal: 5_000, readings: ready, judged: 'median' },
  ];
}

/** Measures the same source while nothing changes and all of it is copied. */
export async function measureCopiedSource(rounds: number): Promise<readonly Figure[]> {
  const files = count('listed', 100_000);
  const folders = makeSpeedFolders();
  const rest = new Rest();
  try {
    makeFiles(folders.source, files);
    const agent = new BenchAgent(folders, settings);
    try {
      const client = await agent.client();
      await untilRoute(client, 'all are copied', ({ counts }) => counts.COMPLETED >= files);
      await rest.measure({ agent, client, ...folders }, rounds);
      client.close();
    } finally {
      await agent.stop();
    }
  } finally {
    folders.remove();
  }
  return rest.figures(`${files.toLocaleString('en')} copied files`);
}

const settings = ['--stable-after', `${stableAfterMs}ms`];

function makeFiles(source: string, files: number): void {
  for (let index = 0; index < files; index += 1) {
    const folder = join(source, `d${Math.floor(index / perFolder)}`);
    if (index % perFolder === 0) mkdirSync(folder);
    writeFileSync(join(folder, `f${index}.dat`), 'x');
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

interface Resting {
  readonly agent: BenchAgent;
  readonly client: ControlClient;
  readonly stateDir: string;
  readonly source: string;
}

/** Measures what an agent costs while nothing happens, in consecutive periods, and how soon it notices a new file. */
class Rest {
  readonly #processor: number[] = [];
  readonly #resident: number[] = [];
  readonly #sharedOnce: number[] = [];
  /** The last period compared with the first: processor time, times; memory, megabytes. */
  readonly #later: number[] = [];
  readonly #growth: number[] = [];
  readonly #records: number[] = [];
  readonly #noticed: number[] = [];

  /** @param periods of `--rest` milliseconds each */
  async measure({ agent, client, stateDir, source }: Resting, periods: number): Promise<void> {
    const restMs = count('rest', 130_000);
    await sleep(Math.min(calmMs, restMs));
    const recordsBefore = newestRecord(stateDir);
    for (let period = 0; period < periods; period += 1) {
      const { share, residentBytes, sharedOnceBytes } = await spanOf(agent, restMs);
      this.#processor.push(share);
      this.#resident.push(residentBytes / 1e6);
      this.#sharedOnce.push(sharedOnceBytes / 1e6);
    }
    this.#later.push(lastOf(this.#processor) / firstOf(this.#processor));
    this.#growth.push(lastOf(this.#sharedOnce) - firstOf(this.#sharedOnce));
    this.#records.push(newestRecord(stateDir) - recordsBefore);
    for (let file = 0; file < newFiles; file += 1) {
      const name = `d${file}/new${file}.dat`;
      writeFileSync(join(source, name), 'x');
      const began = performance.now();
      while (!(await isKnown(client, name))) await sleep(10);
      this.#noticed.push(performance.now() - began);
      await sleep(1_000);
    }
  }

  figures(name: string): readonly Figure[] {
    return [
      { what: `${name}: at rest, of a core, all processes`, unit: '%', goal: 2, readings: this.#processor, judged: 'median' },
      { what: `${name}: memory, shared pages once`, unit: 'MB', goal: 350, readings: this.#sharedOnce, judged: 'median' },
      { what: `${name}: memory, sum over the processes`, unit: 'MB', goal: null, readings: this.#resident, judged: 'median' },
      { what: `${name}: the last period, times the first`, unit: 'x', goal: null, readings: this.#later, judged: 'median' },
      { what: `${name}: growth of the memory`, unit: 'MB', goal: null, readings: this.#growth, judged: 'median' },
      { what: `${name}: journal records at rest`, unit: 'rows', goal: 0, readings: this.#records, judged: 'max' },
      { what: `${name}: a new file is noticed`, unit: 'ms', goal: 200, readings: this.#noticed, judged: 'median' },
    ];
  }
}

function firstOf([first = Number.NaN]: readonly number[]): number {
  return first;
}

function lastOf(readings: readonly number[]): number {
  return readings.at(-1) ?? Number.NaN;
}

async function spanOf(agent: BenchAgent, restMs: number): Promise<Usage & { readonly share: number }> {
  const before = agent.usage().processorMs;
  await sleep(restMs);
  const after = agent.usage();
  return { ...after, share: ((after.processorMs - before) / restMs) * 100 };
}

function newestRecord(stateDir: string): number {
  const reader = openReader({ path: join(stateDir, 'journal.db'), isChecked: true });
  const [record] = reader.records({ before: null, limit: 1 });
  reader.close();
  return record?.seq ?? 0;
}

async function isKnown(client: ControlClient, name: string): Promise<boolean> {
  return await client.request('show', { file: name }).then(
    () => true,
    () => false,
  );
}
