import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '@sluice/control';
import type { Figure } from '../figure.ts';
import { BenchAgent, count, makeSpeedFolders, untilRoute } from './bench-agent.ts';
import { timed } from './peers.ts';

const perFolder = 100;
const stableAfterMs = 5_000;
const restMs = 130_000;
const newFiles = 9;

/** Measures a source with very many files whose destination is offline: how soon they are found, and what they cost at rest. */
export async function measureLargeSource(rounds: number): Promise<readonly Figure[]> {
  const files = count('listed', 100_000);
  const folders = makeSpeedFolders();
  const readings = { find: [] as number[], listed: [] as number[], ready: [] as number[] };
  const rest = { processor: [] as number[], resident: [] as number[], noticed: [] as number[] };
  try {
    for (let index = 0; index < files; index += 1) {
      const folder = join(folders.source, `d${Math.floor(index / perFolder)}`);
      if (index % perFolder === 0) mkdirSync(folder);
      writeFileSync(join(folder, `f${index}.dat`), 'x');
    }
    for (let turn = 0; turn < rounds; turn += 1) {
      readings.find.push(timed('find', [folders.source, '-printf', '%s %T@ %p\\n']));
      const stateDir = join(folders.root, `state${turn}`);
      const agent = new BenchAgent({ ...folders, destination: join(folders.root, 'away'), stateDir }, [
        '--stable-after',
        `${stableAfterMs}ms`,
      ]);
      try {
        const client = await agent.client();
        const began = performance.now();
        readings.listed.push(
          (await untilRoute(client, 'all are found', ({ counts }) => Object.values(counts).reduce((sum, each) => sum + each, 0) >= files)) -
            began,
        );
        readings.ready.push(
          (await untilRoute(client, 'all are ready', ({ counts }) => counts.READY >= files)) -
            began -
            (readings.listed.at(-1) ?? 0) -
            stableAfterMs,
        );
        if (turn === rounds - 1) await measureRest(agent, client, folders.source, rest);
        client.close();
      } finally {
        await agent.stop();
      }
    }
  } finally {
    folders.remove();
  }
  const name = `${files.toLocaleString('en')} files`;
  const times = readings.listed.map((ms, turn) => ms / (readings.find[turn] ?? Number.NaN));
  return [
    { what: `${name}: find -printf`, unit: 'ms', goal: null, readings: readings.find, judged: 'median' },
    { what: `${name}: all found by sluice`, unit: 'ms', goal: null, readings: readings.listed, judged: 'median' },
    { what: `${name}: found, times find`, unit: 'x', goal: 3, readings: times, judged: 'median' },
    { what: `${name}: READY, after stable_after`, unit: 'ms', goal: 5_000, readings: readings.ready, judged: 'median' },
    { what: `${name}: at rest, of a core, all processes`, unit: '%', goal: 2, readings: rest.processor, judged: 'median' },
    { what: `${name}: at rest, resident, all processes`, unit: 'MB', goal: 350, readings: rest.resident, judged: 'median' },
    { what: `${name}: a new file is noticed`, unit: 'ms', goal: 200, readings: rest.noticed, judged: 'median' },
  ];
}

interface Rest {
  readonly processor: number[];
  readonly resident: number[];
  readonly noticed: number[];
}

async function measureRest(agent: BenchAgent, client: ControlClient, source: string, rest: Rest): Promise<void> {
  await sleep(10_000);
  const before = agent.usage().processorMs;
  await sleep(restMs);
  const after = agent.usage();
  rest.processor.push(((after.processorMs - before) / restMs) * 100);
  rest.resident.push(after.residentBytes / 1e6);
  for (let file = 0; file < newFiles; file += 1) {
    const name = `d${file}/new${file}.dat`;
    writeFileSync(join(source, name), 'x');
    const began = performance.now();
    while (!(await isKnown(client, name))) await sleep(10);
    rest.noticed.push(performance.now() - began);
    await sleep(1_000);
  }
}

async function isKnown(client: ControlClient, name: string): Promise<boolean> {
  return await client.request('show', { file: name }).then(
    () => true,
    () => false,
  );
}
