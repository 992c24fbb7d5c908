// npm run package -- [--target NAME | --target all] [--node VERSION] [--out FOLDER]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cwd, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { makeExecutable } from './make-executable.ts';
import { findTarget, onVersion, type Target, targets, thisMachine } from './targets.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: thisMachine() },
    node: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, '../../dist') },
  },
});

for (const target of targetsOf(values.target)) {
  const path = await makeExecutable(target, resolve(values.out), say);
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  say(`${relative(cwd(), path)}: ${(bytes.length / 1e6).toFixed(1)} MB, Node ${target.base.version}, sha256 ${sha256}`);
}

function targetsOf(name: string): readonly Target[] {
  const found = name === 'all' ? targets : [findTarget(name)];
  const { node } = values;
  return node === undefined ? found : found.map((target) => onVersion(target, node));
}

function say(line: string): void {
  stdout.write(`${line}\n`);
}
