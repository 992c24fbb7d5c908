// timeout: 14400s
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError, configTemplate, describeProblem, explainText, loadConfig } from '@sluice/config';
import { type Prng, temporaryFolder } from '@sluice/testkit';
import { clean } from '@sluice/words';
import { test } from 'uvu';
import { assertClear } from './clear.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, oddTexts, randomBytes } from './mutate.ts';

const folder = temporaryFolder('fuzz-config');
const file = join(folder, 'sluice.toml');
const around = { platform: 'linux', env: { HOME: join(folder, 'home') }, cwd: folder, executableDir: join(folder, 'bin') } as const;
/** A path or a value may be long; the rest of a message is short. */
const maxMessage = 3_000;

const whole = configTemplate({ name: 'a', source: join(folder, 'in'), destination: join(folder, 'out') });
/** The template with every setting in force, one route, and two routes. */
const bases: readonly string[] = [
  whole,
  whole.replace(/^# (?=[a-z_]+ = |\[)/gmu, ''),
  '[[route]]\nname = "a"\nsource = "in"\ndestination = "out"\n[[route]]\nname = "b"\nsource = "in2"\ndestination = "out2"\n',
];

fuzz<Buffer>({
  claim: 'loadConfig: any bytes are a configuration or one clear error',
  file: 'tests/fuzz/config.test.ts',
  cases: 800,
  limitMs: 20_000,
  make: textBy,
  show: (bytes) => JSON.stringify(bytes.toString('latin1')),
  run: async (bytes) => {
    writeFileSync(file, bytes);
    const first = await outcome();
    // The same text has to give the same result again, even with a comment after it.
    if (JSON.stringify(first) !== JSON.stringify(await outcome())) throw new Error('the same text was two configurations');
    if (first.problems === null) assertClear(first.shown, 1_000_000);
    else for (const problem of first.problems) assertClear(clean(problem), maxMessage);
    assertClear(clean(first.shown.split('\n').join(' ')), first.problems === null ? 1_000_000 : maxMessage);
  },
});

test.run();

interface Outcome {
  /** What a person reads: the settings, or the error. */
  readonly shown: string;
  readonly problems: readonly string[] | null;
}

async function outcome(): Promise<Outcome> {
  try {
    const config: Config = await loadConfig({ config: 'sluice.toml', around });
    return { shown: explainText(config), problems: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { shown: error.message, problems: error.problems.map(describeProblem) };
  }
}

function textBy(chance: Prng): Buffer {
  const kind = chance.between(0, 9);
  if (kind === 0) return randomBytes(chance, chance.between(0, 300));
  if (kind === 1) return Buffer.from(deep(chance));
  let text = chance.pick(bases);
  for (let left = chance.between(1, 4); left > 0; left -= 1) text = chance.pick(changes)(chance, text);
  return chance.chance(0.3) ? mutateBytes(chance, Buffer.from(text)) : Buffer.from(text);
}

/** Nested tables, lists and keys, about as deep as is allowed and far deeper. */
function deep(chance: Prng): string {
  const depth = chance.pick([1, 5, 31, 32, 33, 1_000, 100_000]);
  const [open, middle, close] = chance.pick([
    ['[', '', ']'],
    ['{a=', '1', '}'],
    ['{"a".b=', '1', '}'],
    ['[{a=', '1', '}]'],
  ] as const);
  const value = `${open.repeat(depth)}${middle}${close.repeat(chance.chance(0.8) ? depth : depth - 1)}`;
  const keys = chance.pick(['a.', '"a".', 'a . ', "'' ."]).repeat(depth);
  return chance.pick([
    `${chance.pick(bases)}x = ${value}\n`,
    `${keys}a = 1\n`,
    `[${keys}a]\n`,
    `[[${keys}a]]\n`,
    `x = ${open.repeat(depth)}`,
  ]);
}

type Change = (chance: Prng, text: string) => string;

const changes: readonly Change[] = [
  (chance, text) => onLine(chance, text, () => []),
  (chance, text) => onLine(chance, text, (line) => [line, line]),
  (chance, text) => onLine(chance, text, (line) => [line.replace(/=.*/u, `= ${value(chance)}`)]),
  (chance, text) => onLine(chance, text, (line) => [line.replace(/=.*/u, `= ${value(chance)}`)]),
  (chance, text) => onLine(chance, text, (line) => [line.replace(/^\w+/u, key(chance))]),
  (chance, text) => onLine(chance, text, (line) => [line, `${key(chance)} = ${value(chance)}`]),
  (chance, text) => onLine(chance, text, (line) => [line, `[${key(chance)}]`]),
  (chance, text) => onLine(chance, text, (line) => [line, `[[${key(chance)}]]`]),
  (chance, text) => onLine(chance, text, (line) => [`${line} ${chance.pick(oddTexts)}`]),
  (_chance, text) => text.replaceAll('\n', '\r\n'),
  (_chance, text) => `\ufeff${text}`,
];

function onLine(chance: Prng, text: string, change: (line: string) => readonly string[]): string {
  const lines = text.split('\n');
  const at = chance.between(0, lines.length - 1);
  return lines.flatMap((line, index) => (index === at ? change(line) : [line])).join('\n');
}

function key(chance: Prng): string {
  const known = [
    'route',
    'agent',
    'log',
    'journal',
    'route.growing',
    'route.recovery',
    'source',
    'name',
    'exclude',
    'stable_after',
    'on_attention',
  ];
  const odd = chance.pick(oddTexts);
  return chance.pick([chance.pick(known), JSON.stringify(odd), `'${odd}'`, odd, '__proto__', 'constructor', `${chance.pick(known)}.x`]);
}

function value(chance: Prng): string {
  const odd = chance.pick(oddTexts);
  const many = chance.pick([2, 100, 20_000]);
  return chance.pick([
    ...[
      '0',
      '-0',
      '-1',
      '1e400',
      'nan',
      '-inf',
      '0x7fffffffffffffff',
      '9223372036854775807',
      '9223372036854775808',
      '0b1',
      '1_000',
      'true',
      '',
    ],
    ...[
      '1979-05-27T07:32:00Z',
      '07:32:00',
      '1979-02-31',
      '"5m"',
      '"-5m"',
      '"999999999999d"',
      '"1e9GB"',
      '"100%"',
      '"101%"',
      '[]',
      '{}',
      '[{}]',
    ],
    ...[
      JSON.stringify(odd),
      `'${odd}'`,
      `"""${odd}"""`,
      odd,
      '"\\ud800"',
      '"\\U00110000"',
      '"\\u0000"',
      `'''${odd}`,
      '"/"',
      '"."',
      '"~"',
      '"\\\\\\\\x\\\\y"',
    ],
    ...[
      `"${'x'.repeat(many)}"`,
      `[${'"x", '.repeat(many)}]`,
      `[${'[], '.repeat(many)}]`,
      `"${'*'.repeat(many)}"`,
      `["${'a/**/'.repeat(many)}"]`,
      '9'.repeat(many),
    ],
    ...[
      '["/bin/sh", "-c", "echo {summary}"]',
      '["{summary}"]',
      '[1, "a"]',
      '{ a = 1, a = 2 }',
      '{ __proto__ = 1 }',
      '{ min_size = "1MB" }',
    ],
  ]);
}
