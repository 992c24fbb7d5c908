import { globSync, readFileSync } from 'node:fs';
import { execPath, exit, stdout, versions } from 'node:process';
import { type Gate, gates, runGate } from './gates/gates.ts';
import { runProcess } from './run-process.ts';

/** What one run of a gate or a test file came to. */
interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly output: string;
  readonly seconds: number;
}

const groups: Readonly<Record<string, readonly string[]>> = {
  unit: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
  scenario: ['tests/sim/**/*.test.ts', 'tests/scenario/**/*.test.ts', 'tests/screen/**/*.test.ts'],
  gates: ['tests/gates/**/*.test.ts'],
  executable: ['tests/executable/**/*.test.ts'],
  bed: ['tests/bed/**/*.test.ts'],
  e2e: ['tests/e2e/**/*.test.ts'],
};

/** Left out of `npm run ok`. */
const slow: ReadonlySet<string> = new Set(['e2e', 'bed', 'gates', 'executable']);
const isDeno = 'deno' in versions;
/** What runs under Deno where nobody says more: it has no bytes of a name, and its times are coarse (docs/deno.md). */
const underDeno = ['core', 'child', 'persistence', 'agent', 'testkit']
  .map((name) => `packages/${name}/test/**/*.test.ts`)
  .concat('tests/sim/**/*.test.ts', 'tests/scenario/**/*.test.ts');
const how = isDeno ? ['run', '-q', '-A'] : ['--disable-warning=ExperimentalWarning'];
const usualTimeoutMs = 120_000;
const atOnce = 2;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const quick = args.includes('--ok');
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const chosenGates = (wanted.length === 0 && !isDeno) || wanted.includes('check') ? gates : [];
  const outcomes: Outcome[] = [];
  for (const gate of chosenGates) outcomes.push(tell(await outcomeOfGate(gate)));
  const files = chooseFiles(wanted, quick);
  await pool(
    files.filter((file) => !isAlone(file)),
    atOnce,
    async (file) => void outcomes.push(tell(await runFile(file))),
  );
  await pool(files.filter(isAlone), 1, async (file) => void outcomes.push(tell(await runFile(file))));
  exit(summary(outcomes));
}

function chooseFiles(wanted: readonly string[], quick: boolean): string[] {
  const names = wanted.filter((name) => name !== 'check');
  if (wanted.length > 0 && names.length === 0) return [];
  const kinds = Object.keys(groups).filter((kind) => !quick || !slow.has(kind));
  if (names.length === 0 && isDeno) return find(underDeno);
  if (names.length === 0) return kinds.flatMap((kind) => find(groups[kind] ?? []));
  return names.flatMap((name) => (groups[name] === undefined ? find([name, `${name}/**/*.test.ts`]) : find(groups[name])));
}

function find(patterns: readonly string[]): string[] {
  return globSync([...patterns], { exclude: (name) => name === 'node_modules' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort();
}

/** What measures promised times runs alone and says so in its file; what builds, or looks at the whole machine, is in a group that does. */
function isAlone(file: string): boolean {
  return (
    file.startsWith('tests/bed/') ||
    file.startsWith('tests/gates/') ||
    file.startsWith('tests/executable/') ||
    /^\/\/ alone\b/m.test(readFileSync(file, 'utf8'))
  );
}

async function outcomeOfGate(gate: Gate): Promise<Outcome> {
  const started = performance.now();
  const { isGreen, output } = await runGate(gate, '.');
  const seconds = (performance.now() - started) / 1000;
  return { name: gate.name, passed: isGreen ? 1 : 0, failed: isGreen ? 0 : 1, skipped: [], output: isGreen ? '' : output, seconds };
}

async function runFile(file: string): Promise<Outcome> {
  const started = performance.now();
  const timeoutMs = Number(/^\/\/ timeout: (\d+)s/m.exec(readFileSync(file, 'utf8'))?.[1] ?? usualTimeoutMs / 1000) * 1000;
  const { code, output, isLate } = await runProcess(execPath, [...how, file], { timeoutMs });
  const number = (word: string): number => Number(new RegExp(`^\\s+${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const total = number('Total');
  const passed = number('Passed');
  const skipped = output.split('\n').filter((line) => line.startsWith('skipped: '));
  const seconds = (performance.now() - started) / 1000;
  // A file without a test, or one that ended without uvu's summary, has failed. So has one whose tests did not all run: uvu
  // leaves off where a hook throws, and ends with 0 all the same.
  const isWhole = code === 0 && !isLate && passed === total && (total > 0 || skipped.length > 0);
  const failed = isWhole ? 0 : Math.max(1, total - passed);
  const why = isLate
    ? `\nended after ${timeoutMs / 1000} s\n`
    : passed < total
      ? `\nonly ${passed} of ${total} tests ran to their end\n`
      : '';
  return { name: file, passed, failed, skipped, output: isWhole ? '' : output + why, seconds };
}

function tell(outcome: Outcome): Outcome {
  const mark = outcome.failed === 0 ? 'ok  ' : 'FAIL';
  stdout.write(`${mark} ${outcome.name} (${outcome.passed} passed, ${outcome.seconds.toFixed(1)} s)\n`);
  for (const line of outcome.skipped) stdout.write(`     ${line}\n`);
  if (outcome.output !== '') stdout.write(`${outcome.output}\n`);
  return outcome;
}

/** The last line is what CI reads. @returns the exit code */
function summary(outcomes: readonly Outcome[]): number {
  const sum = (figure: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + figure(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const skipped = sum((outcome) => outcome.skipped.length);
  for (const outcome of outcomes) if (outcome.failed > 0) stdout.write(`failed: ${outcome.name}\n`);
  stdout.write(`${sum((outcome) => outcome.passed)} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
  return failed === 0 && outcomes.length > 0 ? 0 : 1;
}

async function pool<Item>(items: readonly Item[], size: number, work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}
