// real: it makes a FIFO with a program of the system
import { execFileSync } from 'node:child_process';
import { ftruncateSync, openSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../src/limits.ts';
import { loadConfig } from '../src/load.ts';
import { around, complaint, freshFolder, load, route } from './support.ts';

const named = (file: string): Promise<string> => complaint(loadConfig({ config: file, around: around(path.dirname(file)) }));

test('loadConfig: refuses a FIFO and a device at once, without opening them', async () => {
  if (process.platform === 'win32') return;
  const fifo = path.join(freshFolder(), 'sluice.toml');
  execFileSync('mkfifo', [fifo]);
  assert.is(await named(fifo), `cannot read ${fifo}: it is a FIFO, not a file`);
  assert.is(await named('/dev/zero'), 'cannot read /dev/zero: it is a device, not a file');
  assert.is(await named(path.dirname(fifo)), `cannot read ${path.dirname(fifo)}: it is a folder, not a file`);
});

test('loadConfig: reads only as much of an enormous file as shows its size', async () => {
  const file = path.join(freshFolder(), 'sluice.toml');
  ftruncateSync(openSync(file, 'w'), 2_000_000_000);
  const before = process.memoryUsage().rss;
  assert.is(await named(file), `cannot read ${file}: it is larger than ${limits.fileBytes} bytes, the limit`);
  assert.ok(process.memoryUsage().rss - before < 100_000_000);
});

test('loadConfig: reports nesting that is too deep as one error with its line', async () => {
  const deep = [
    `${route}x = ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    `${route}x = ${'{a='.repeat(5000)}1${'}'.repeat(5000)}\n`,
    `${route}${'a.'.repeat(5000)}a = 1\n`,
    `${route}\n[${'a.'.repeat(5000)}a]\n`,
  ];
  for (const text of deep) assert.match(await complaint(load(text)), /^cannot read sluice\.toml:[56]: .*nested more than 32 levels deep/u);
});

test('loadConfig: brackets and dots in texts and comments do not count as nesting', async () => {
  const many = '[.{'.repeat(100);
  const config = await load(`# ${many}\n[agent]\non_attention = ["${many.replaceAll('{', '')}", 'a.b', """\n${many}"""]\n${route}`);
  assert.is(config.agent.onAttention.length, 3);
  assert.match(await complaint(load(`${route}x = """${'"'.repeat(1000)}${many}\n`)), /not valid TOML|nested/u);
});

test('loadConfig: no key reaches the objects of the program', async () => {
  const texts = [
    '__proto__.polluted = 1',
    '[__proto__]\npolluted = 1',
    '[agent.__proto__]\npolluted = 1',
    'agent = { __proto__ = { polluted = 1 } }',
    `${route}[route.__proto__]\npolluted = 1`,
    `${route}exclude = [{ __proto__ = { polluted = 1 } }]`,
    `${route}source.__proto__.polluted = 1`.replace('source = "src"\n', ''),
  ];
  for (const text of texts) assert.match(await complaint(load(text)), /^cannot read sluice\.toml:\d+: unknown key "__proto__"$/u);
  for (const text of ['[constructor]\npolluted = 1', '[toString]\npolluted = 1', '[constructor.prototype]\npolluted = 1'])
    assert.match(await complaint(load(text)), /unknown table or key/u);
  for (const object of [{}, Object, Object.prototype.toString]) assert.is('polluted' in object, false);
});

test('loadConfig: reports too many routes as one error, at once', async () => {
  const routes = Array.from({ length: 3000 }, (_, at) => `[[route]]\nname = "r${at}"\nsource = "s${at}"\ndestination = "d${at}"\n`);
  const startedAt = performance.now();
  assert.match(
    await complaint(load(routes.join(''))),
    /^cannot read sluice\.toml: it has 3000 \[\[route\]\] tables: expected at most 256/u,
  );
  assert.ok(performance.now() - startedAt < 20_000);
});

test('loadConfig: finds thousands of wrong values in one pass', async () => {
  const wrong = Array.from({ length: 10 }, (_, at) => `zz${at} = 1\n`).join('');
  const text = Array.from({ length: limits.routes }, () => `[[route]]\nsource = 1\ndestination = 2\n${wrong}`).join('');
  const startedAt = performance.now();
  assert.match(await complaint(load(text)), /and \d{4} more/u);
  assert.ok(performance.now() - startedAt < 20_000);
});

test.run();
