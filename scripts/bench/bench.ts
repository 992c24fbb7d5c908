// Measures what the tests only count: npm run bench -- NAME
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { argv, exit, stderr, stdout } from 'node:process';
import { benchExecutable } from './executable.ts';
import { type Figure, jsonOf, missed, tableOf } from './figure.ts';
import { option, optionNames } from './options.ts';
import { benchScreen } from './screen.ts';
import { benchSpeed } from './speed.ts';

/** Every benchmark. Each yields its figures piece by piece. */
const benches: Readonly<Record<string, () => AsyncIterable<readonly Figure[]>>> = {
  screen: benchScreen,
  executable: benchExecutable,
  speed: benchSpeed,
};

const wanted = argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  stderr.write(`there is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}\n`);
  exit(2);
}
const isKnown = (arg: string): boolean => optionNames.some((name) => arg.startsWith(`--${name}=`));
const strange = argv.slice(2).filter((arg) => arg.startsWith('--') && !isKnown(arg));
if (strange.length > 0) {
  stderr.write(`there is no option ${strange.join(', ')}; there are: ${optionNames.map((name) => `--${name}=`).join(', ')}\n`);
  exit(2);
}
const jsonPath = option('json');
const all: Figure[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for await (const figures of bench()) {
    all.push(...figures);
    // Other programs use the machine too. The load says how far measured times can be trusted.
    const [load = 0] = loadavg();
    stdout.write(`${tableOf(figures).join('\n')}\nload ${load.toFixed(1)} on ${availableParallelism()} processors\n\n`);
    // After each part, so that what was measured stays if a later part fails.
    if (jsonPath !== undefined) {
      const machine = { at: new Date().toISOString(), processors: availableParallelism(), load };
      writeFileSync(jsonPath, `${JSON.stringify(jsonOf(all, machine), null, 2)}\n`);
    }
  }
}
// A benchmark is not a test: a missed goal is reported, and does not fail the command.
const short = missed(all);
if (short.length === 0) stdout.write('every goal is met (* is what a goal is held against)\n');
else stdout.write(`!! MISSED ${short.length} of ${all.filter(({ goal }) => goal !== null).length} goals:\n${tableOf(short).join('\n')}\n`);
