import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DestinationUnderTest, destinationConformance, type FileUnderTest } from '../../src/conformance/destination/destination.ts';
import { type CallKind, createFakeDestination, type FakeDestination, type FakeOpenFile } from '../../src/fakes/destination.ts';

const capacityBytes = 4_000_000;

function errno(code: string): Error {
  return Object.assign(new Error(`simulated ${code}`), { code });
}

/** Calls the simulated storage as its carriers do: they ask first for the answer. */
function underTest(fake: FakeDestination): DestinationUnderTest {
  const call = (kind: CallKind, name: string): void => {
    const answer = fake.answer(kind, name);
    if (answer.kind === 'fails') throw errno(answer.code);
    assert.is(answer.kind, 'done');
  };
  const names = (): readonly string[] => fake.names();
  const unless = (isDone: boolean, code: string): void => {
    if (!isDone) throw errno(code);
  };
  const fileOf = (file: FakeOpenFile, name: string): FileUnderTest => ({
    write: async (content) => {
      call('write', name);
      unless(file.write(content), 'ENOSPC');
    },
    sync: async () => undefined,
    sizeBytes: async () => file.content().sizeBytes,
    close: async () => undefined,
  });
  return {
    async create(name) {
      call('create', name);
      const file = fake.createExclusive(name);
      if (file === null) throw errno('EEXIST');
      return fileOf(file, name);
    },
    async stat(name) {
      call('stat', name);
      const [content, identity] = [fake.content(name), fake.inode(name)];
      return content === null || identity === null ? null : { sizeBytes: content.sizeBytes, identity };
    },
    async holds(name, { sizeBytes, stamp }) {
      call('read', name);
      const content = fake.content(name);
      return content?.sizeBytes === sizeBytes && content.stamp === stamp;
    },
    async link(from, to) {
      call('link', to);
      unless(fake.has(from), 'ENOENT');
      unless(fake.link(from, to), 'EEXIST');
    },
    async rename(from, to) {
      call('link', to);
      unless(fake.rename(from, to), 'ENOENT');
    },
    async unlink(name) {
      call('unlink', name);
      unless(fake.unlink(name), 'ENOENT');
    },
    putForeign: async (name, content) => fake.putForeign(name, content),
    names: async () => names(),
    freeBytes: async () => fake.freeBytes(),
    setReadOnly: (isReadOnly) => fake.setWeather(isReadOnly ? 'read_only' : 'good'),
    end: async () => assert.equal(fake.sins, []),
  };
}

destinationConformance(
  'createFakeDestination',
  async () => {
    const fake = createFakeDestination();
    fake.setCapacity(capacityBytes);
    return underTest(fake);
  },
  { hasOwnRoom: true, canBeReadOnly: true },
);

const ours = { sizeBytes: 10, stamp: 'ours' };
const theirs = { sizeBytes: 10, stamp: 'theirs' };

test('FakeDestination.sins: reports that a file of another program is replaced, removed or written to unseen', () => {
  const fake = createFakeDestination();
  fake.createExclusive('part')?.write(ours);
  fake.putForeign('final', theirs);
  fake.rename('part', 'final');
  fake.putForeign('other', theirs);
  fake.unlink('other');
  assert.equal(fake.sins, ['2: renamed over final, which is not ours', '2: removed other, which is not ours']);
});

test('FakeDestination.sins: reports that a file of Sluice with content is replaced unseen', () => {
  const fake = createFakeDestination();
  fake.createExclusive('part')?.write(ours);
  fake.createExclusive('final')?.write(ours);
  fake.rename('part', 'final');
  assert.equal(fake.sins, ['2: renamed over final, which holds something']);
});

for (const [weather, refused, code] of [
  ['down', ['stat', 'read', 'create', 'write', 'link', 'unlink'], 'EIO'],
  ['wrong_disk', ['stat', 'read', 'create', 'write', 'link', 'unlink'], 'DIVERTED'],
  ['full', ['create', 'write', 'link'], 'ENOSPC'],
  ['read_only', ['create', 'write', 'link', 'unlink'], 'EROFS'],
  ['good', [], ''],
] as const) {
  test(`FakeDestination.answer: ${weather} refuses ${refused.length === 0 ? 'nothing' : `${refused.join(', ')} with ${code}`}`, () => {
    const fake = createFakeDestination();
    fake.setWeather(weather);
    for (const kind of ['stat', 'read', 'create', 'write', 'link', 'unlink'] as const) {
      const isRefused = (refused as readonly CallKind[]).includes(kind);
      assert.equal(fake.answer(kind, 'a'), isRefused ? { kind: 'fails', code } : { kind: 'done', afterMs: 0 }, kind);
    }
  });
}

test('FakeDestination.refuse: calls that would change a name or its temporary file fail, and no others', () => {
  const fake = createFakeDestination();
  fake.refuse('day/a.mxf', 'EACCES');
  for (const name of ['day/a.mxf', 'day/.a.mxf.01234567.part']) {
    assert.equal(fake.answer('create', name), { kind: 'fails', code: 'EACCES' });
    assert.is(fake.answer('read', name).kind, 'done');
  }
  for (const name of ['a.mxf', 'day/a.mxf2', 'day/.a.mxf.01234567.whole']) assert.is(fake.answer('create', name).kind, 'done');
  fake.refuse('day/a.mxf', null);
  assert.is(fake.answer('create', 'day/a.mxf').kind, 'done');
});

test('FakeDestination.hangNext: one call of its kind hangs until it is released; calls during a silence wait for the weather', () => {
  const fake = createFakeDestination();
  const done: string[] = [];
  fake.hangNext('write');
  assert.is(fake.answer('create', 'a').kind, 'done');
  assert.is(fake.answer('write', 'a').kind, 'hangs');
  assert.is(fake.answer('write', 'a').kind, 'done');
  fake.setWeather('silent');
  assert.is(fake.answer('stat', 'a').kind, 'silent');
  fake.whenLetGo(() => done.push('let go'));
  fake.whenAnswering(() => done.push('answering'));
  fake.setWeather('down');
  assert.equal(done, ['answering']);
  fake.letGo();
  fake.letGo();
  assert.equal(done, ['answering', 'let go']);
});

test('FakeDestination.freeBytes: is null if the storage does not say, and 0 if it is full', () => {
  const fake = createFakeDestination();
  assert.is(fake.freeBytes(), null);
  fake.setWeather('full');
  assert.is(fake.freeBytes(), 0);
});

test.run();
