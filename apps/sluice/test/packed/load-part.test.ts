import { Script } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPart, runPart, wrapPart } from '../../src/packed/load-part.ts';

const run = (source: string): unknown => runPart(new Script(wrapPart(source)), 'example');

test('runPart: returns what the part exports, in either form', () => {
  assert.equal(run('exports.answer = 42'), { answer: 42 });
  assert.equal(run('module.exports = { answer: 42 } // the end'), { answer: 42 });
});

test("runPart: only Node's own modules can be loaded", () => {
  assert.equal(run("exports.sep = typeof require('node:path').sep + typeof require('path').sep"), { sep: 'stringstring' });
  assert.throws(() => run("require('better-sqlite3')"), 'better-sqlite3 is not in the bundle');
});

test('loadPart: a checkout has no parts', () => {
  assert.throws(() => loadPart('program'), 'the bundle has no program.cjs');
});

test.run();
