import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { journalConformance } from '../src/conformance/journal/journal.ts';
import { gateChange, numbered, ready, story } from '../src/conformance/journal/samples.ts';
import { createMemoryDisk, createMemoryJournal } from '../src/memory-journal.ts';

journalConformance('createMemoryJournal', () => {
  const disk = createMemoryDisk();
  let journal = createMemoryJournal(disk);
  return {
    journal,
    reopen() {
      journal.close();
      journal = createMemoryJournal(disk);
      return journal;
    },
    end: () => journal.close(),
  };
});

test('MemoryJournal.refuse: append throws the code, writes nothing, and works again afterwards', () => {
  const journal = createMemoryJournal();
  journal.refuse('SQLITE_FULL');
  assert.throws(
    () => journal.append(numbered([gateChange('open')], 1)),
    (error: { code: string }) => error.code === 'SQLITE_FULL',
  );
  assert.equal(journal.records, []);
  journal.refuse(null);
  journal.append(numbered([gateChange('open')], 1));
  assert.is(journal.load().nextSeq, 2);
});

test('MemoryJournal: an agent that ended without closing finds everything it committed', () => {
  const disk = createMemoryDisk();
  createMemoryJournal(disk).append(numbered(story(ready(1, 'a')), 1));
  const next = createMemoryJournal(disk);
  assert.equal(next.load().files, [ready(1, 'a')]);
  assert.equal(next.files(), [ready(1, 'a')]);
  assert.is(next.records.length, 2);
});

test.run();
