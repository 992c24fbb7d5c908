import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { baseBinary } from '../package/base-binary.ts';
import { makeExecutable } from '../package/make-executable.ts';
import { stripped } from '../package/strip.ts';
import { findTarget, thisMachine } from '../package/targets.ts';
import { measureSizes } from './executable-size.ts';
import { measureStarts } from './executable-start.ts';
import type { Figure } from './figure.ts';
import { option } from './options.ts';

const dist = join(import.meta.dirname, '../../dist');

/** Measures what is promised of the executable: its sizes and starts, next to the Node that it is made from. */
export async function* benchExecutable(): AsyncGenerator<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const pair = { program: await programToMeasure(), base: await bareBase(folder) };
    yield* measureStarts(pair);
    yield await measureSizes(pair);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns what `--program=PATH` names, else an executable of the present sources. */
async function programToMeasure(): Promise<string> {
  const named = option('program');
  return named ?? (await makeExecutable(findTarget(thisMachine()), dist, say));
}

async function bareBase(folder: string): Promise<string> {
  const target = findTarget(thisMachine());
  const path = join(folder, 'base');
  await stripped(target, await baseBinary(target.base, join(dist, 'cache')), path, say);
  return path;
}

function say(line: string): void {
  stderr.write(`${line}\n`);
}
