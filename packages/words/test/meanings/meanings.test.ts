import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeMeanings } from '../../src/failures/codes.ts';
import { kindMeanings } from '../../src/failures/kinds.ts';
import type { Meaning } from '../../src/failures/meaning.ts';
import { conditionMeanings } from '../../src/meanings/conditions.ts';
import { causeMeanings, findingMeanings } from '../../src/meanings/destinations.ts';
import { exitCodeMeanings } from '../../src/meanings/exit-codes.ts';
import { holdMeanings } from '../../src/meanings/holds.ts';
import { refusalMeanings } from '../../src/meanings/refusals.ts';
import { leftAloneMeanings, sourceMeanings } from '../../src/meanings/sources.ts';
import { isForOperators } from '../support/for-operators.ts';

const tables: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  codes: codeMeanings,
  kinds: kindMeanings,
  conditions: conditionMeanings,
  causes: causeMeanings,
  findings: findingMeanings,
  'exit codes': exitCodeMeanings,
  holds: holdMeanings,
  refusals: refusalMeanings,
  'left alone': leftAloneMeanings,
  sources: sourceMeanings,
};

for (const [table, rows] of Object.entries(tables)) {
  for (const [code, { cause, files, remedy }] of Object.entries(rows)) {
    test(`meanings: ${table}: ${code} has a cause, what it means for the files, and a remedy, in whole sentences`, () => {
      for (const text of [cause, files, remedy]) {
        assert.match(text, /^[A-Z`][^]*\.$/, text);
        assert.ok(isForOperators(text), text);
        for (const sentence of text.split(/(?<=\.) /)) assert.ok(sentence.split(' ').length <= 32, `too long: ${sentence}`);
      }
    });
  }
}

test.run();
