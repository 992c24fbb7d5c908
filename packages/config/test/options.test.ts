import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue } from '../src/schema/catalogue.ts';
import { pickOptions, routeOptions } from '../src/schema/options.ts';
import { nearest } from '../src/schema/unknown-keys.ts';

const flags: readonly [string, readonly string[]][] = [
  ['stable-after', ['--stable-after <duration>']],
  ['verify', ['--verify <readback|size>']],
  ['after-copy', ['--after-copy <keep|delete|archive>']],
  ['growing', ['--growing', '--no-growing']],
  ['growing-min-size', ['--growing-min-size <size>']],
  ['recovery-suffix', ['--recovery-suffix <text>']],
  ['space-keep-free', ['--space-keep-free <size|share>']],
  ['probe-closed', ['--probe-closed <duration>']],
  ['include', ['--include <glob...>']],
  ['lanes', ['--lanes <number>']],
  ['growing-lanes', ['--growing-lanes <number>']],
  ['stop-after', ['--stop-after <duration>']],
  ['log-level', ['--log-level <debug|info|warn|error>']],
];
for (const [name, expected] of flags) {
  test(`routeOptions has --${name}`, () => assert.equal(routeOptions.find((option) => option.name === name)?.flags, expected));
}

test('routeOptions has every setting except those with a separate option, and each name once', () => {
  assert.is(routeOptions.length, catalogue.length - 7);
  assert.is(new Set(routeOptions.map(({ attribute }) => attribute)).size, routeOptions.length);
  assert.ok(routeOptions.every(({ description }) => description !== ''));
});

test('pickOptions finds the given values by their attributes', () => {
  assert.equal(pickOptions({ stableAfter: '2s', growing: false, json: true, lanes: undefined }), { 'stable-after': '2s', growing: false });
});

const guesses: readonly [string, string | null][] = [
  ['stable_afer', 'stable_after'],
  ['stable-after', 'stable_after'],
  ['Source', 'source'],
  ['destnation', 'destination'],
  ['zzzzzz', null],
];
for (const [given, expected] of guesses) {
  test(`nearest finds ${expected} for ${given}`, () =>
    assert.is(nearest(given, ['source', 'destination', 'stable_after', 'stuck_after']), expected));
}

test.run();
