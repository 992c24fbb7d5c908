import type { JournalRecord } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import * as assert from 'uvu/assert';
import { append, type Claim, refused } from './claim.ts';
import {
  completed,
  discovered,
  failed,
  fileFact,
  gateChange,
  known,
  numbered,
  ready,
  removed,
  routeFact,
  sampleId,
  story,
  transition,
} from './samples.ts';

/** Tests of appending. */
export function appending(claim: Claim): void {
  claim('a new journal is empty and begins with 1', ({ journal }) => {
    assert.equal(journal.load(), { nextSeq: 1, files: [], routeFacts: [], usedNames: [] });
  });

  claim('append of nothing changes nothing', ({ journal }) => {
    journal.append([]);
    assert.is(journal.load().nextSeq, 1);
  });

  claim('append numbers records without a gap, over batches and restarts', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')), gateChange('closed'));
    append(under.journal, routeFact(known));
    assert.is(under.journal.load().nextSeq, 4);
    assert.is(under.reopen().load().nextSeq, 4);
  });

  claim('append refuses a number that does not follow', (under) => {
    refused(under, numbered([gateChange('open')], 2), /2 does not follow 0/);
    append(under.journal, gateChange('open'), gateChange('closed'));
    refused(under, numbered([gateChange('open')], 2), /2 does not follow 2/);
    refused(under, numbered([gateChange('open')], 4), /4 does not follow 2/);
    const [first, second] = numbered([gateChange('open'), gateChange('open')], 3) as [JournalRecord, JournalRecord];
    refused(under, [first, { ...second, seq: 5 }], /5 does not follow 3/);
    refused(under, [second, first], /4 does not follow 2/);
  });

  claim('append writes all or nothing, and the numbers of a refused batch can be used again', (under) => {
    const used = discovered(1, 'a');
    append(under.journal, transition(null, used), transition('DISCOVERED', removed(1, 'a')));
    const good = [transition(null, discovered(2, 'b')), routeFact(known), gateChange('open')];
    refused(under, numbered([...good, transition(null, { ...used, source: 'c' })], 3), /used already/);
    assert.equal(under.reopen().load().files, [removed(1, 'a')]);
  });

  claim('append works after a refusal', (under) => {
    refused(under, numbered([gateChange('open'), transition('READY', ready(9, 'x'))], 1), /not in the journal/);
    append(under.journal, transition(null, discovered(1, 'a')));
    assert.equal(under.reopen().load().files, [discovered(1, 'a')]);
  });

  claim('a huge batch is written as one batch', (under) => {
    const count = 4_000;
    const records = Array.from({ length: count }, (_, index) => story(ready(index + 1, `day/${index}.mxf`))).flat();
    append(under.journal, ...records, routeFact({ kind: 'first', sources: ['x'.repeat(2_000_000)] }));
    const image = under.reopen().load();
    assert.is(image.nextSeq, 2 * count + 2);
    assert.is(image.files.length, count);
    assert.equal(image.files.at(-1), ready(count, `day/${count - 1}.mxf`));
    assert.equal(image.routeFacts[0]?.event, { kind: 'first', sources: ['x'.repeat(2_000_000)] });
  });

  claim('append to a closed journal is refused', ({ journal }) => {
    journal.close();
    assert.throws(() => journal.append(numbered([gateChange('open')], 1)));
    assert.throws(() => journal.load());
    assert.throws(() => journal.prune({ before: 0, isAtSource: () => false }));
  });
}

/** Tests of the rules that records have to obey. */
export function rules(claim: Claim): void {
  claim('an id of a tracked file is not used twice', (under) => {
    append(under.journal, ...story(completed(1, 'a')));
    refused(under, numbered([transition(null, discovered(1, 'a'))], 3), /used already/);
    refused(under, numbered([transition(null, discovered(1, 'b'))], 3), /used already/);
    refused(under, numbered([transition(null, discovered(2, 'b')), transition(null, discovered(2, 'c'))], 3), /used already/);
  });

  claim('an id stays with its source file and route', (under) => {
    append(under.journal, ...story(ready(1, 'a')));
    refused(under, numbered([fileFact(ready(1, 'b'))], 3), /another file's/);
    refused(under, numbered([fileFact(ready(1, 'a', { route: routeName('other') }))], 3), /another file's/);
  });

  claim('a lineage has at most one live file', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition(null, discovered(2, 'a'))], 2), /./);
    append(under.journal, transition(null, discovered(2, 'a', { route: routeName('other') })));
    append(under.journal, transition('DISCOVERED', failed(1, 'a')), transition(null, discovered(3, 'a')));
    assert.equal(
      under.journal.load().files.map((file) => file.id),
      [sampleId(2), sampleId(3)],
    );
  });

  claim('a recovery does not begin before the attempt before it has ended', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition(null, discovered(2, 'a')), transition('DISCOVERED', failed(1, 'a'))], 2), /./);
  });

  claim('the states of a file follow each other without a gap', (under) => {
    refused(under, numbered([transition('DISCOVERED', ready(1, 'a'))], 1), /not in the journal/);
    refused(under, numbered([fileFact(ready(1, 'a'))], 1), /not in the journal/);
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition('READY', completed(1, 'a'))], 2), /is DISCOVERED in the journal, not READY/);
    refused(under, numbered([fileFact(ready(1, 'a'))], 2), /is DISCOVERED in the journal, not READY/);
    const [record] = numbered([transition('DISCOVERED', ready(1, 'a'))], 2) as [JournalRecord];
    refused(under, [{ ...record, to: 'GROWING' } as JournalRecord], /says GROWING of a READY file/);
  });
}
