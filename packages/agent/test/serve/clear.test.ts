import type { ProvenFile, SafeInit, SafeReport } from '@sluice/audit';
import { ControlError } from '@sluice/control';
import { fileOf } from '@sluice/core/fixtures';
import { type FileId, routeName, type TrackedFile } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { type ClearOrder, SourceClearer } from '../../src/serve/clear.ts';
import { a, asker, b, type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('a source is cleared on request');
const who = { by: 'ann', reason: 'card 1 is archived' };
const order: ClearOrder = { route: a, folder: null, dryRun: false, who };

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

const proof = (path: string): ProvenFile => ({ route: a, path, sizeBytes: 10, id: `${a} ${path}` as FileId, mtimeNs: '7' });

type Prove = ConstructorParameters<typeof SourceClearer>[1] & {};

const unsafeText = 'not copied: Sluice has not seen it yet';
/** Two proven files, and one file that is not safe. */
const answer: SafeReport = {
  isSafe: false,
  verdict: 'NOT SAFE: 1 file of 3 files (30 B) must not be cleared',
  files: [{ route: b, path: 'z.mxf', text: unsafeText }],
  more: 0,
  isEmpty: false,
  proven: 2,
  notes: [],
};
const both = [proof('x.mxf'), proof('y.mxf')];
/** Answers as the process does: the proven files in parts, then the report. */
const proves =
  (report = answer, proven: readonly ProvenFile[] = both): Prove =>
  async (_init, { onProven }) => {
    for (const file of proven) onProven?.([file]);
    return report;
  };
const clearer = (desk: Desk, prove = proves()): SourceClearer => new SourceClearer(desk.serving, prove);

/** Puts these files into core. */
function holds(desk: Desk, ...files: readonly Partial<TrackedFile>[]): void {
  for (const file of files) {
    const record = fileOf('COMPLETED', { route: a, ...file } as Parameters<typeof fileOf>[1]) as TrackedFile;
    desk.state.files.set(record.id, record);
  }
}

const gone = (path: string): Partial<TrackedFile> => ({ id: proof(path).id, source: path, afterCopy: 'done', sourceGone: true }) as never;

test('clear: with dryRun nothing is ordered, and every file that would be deleted is named', async (desk) => {
  const cleared = await clearer(desk).clear({ ...order, dryRun: true }, asker);
  assert.equal(desk.offered, []);
  assert.equal([cleared.names, cleared.files, cleared.bytes, cleared.deleted], [['x.mxf', 'y.mxf'], 2, 20, null]);
  assert.equal(cleared.verdict, { ok: false, text: 'would delete 2 files (20 B); 1 file stays, because it is not safe to clear' });
  assert.equal(cleared.unsafe, [{ source: 'z.mxf', text: `route b: ${unsafeText}` }]);
});

test('clear: exactly the proven files of the route are ordered, with the operator and the reason', async (desk) => {
  holds(desk, gone('x.mxf'), gone('y.mxf'));
  const { deleted, verdict } = await clearer(desk, proves({ ...answer, isSafe: true, files: [] })).clear(order, asker);
  assert.equal([deleted, verdict], [2, { ok: true, text: 'deleted 2 files (20 B)' }]);
  const files = ['x.mxf', 'y.mxf'].map((path) => ({ id: proof(path).id, sizeBytes: 10, mtimeNs: '7' }));
  assert.equal(desk.offered, [{ kind: 'operator_asked', action: { do: 'remove_sources', route: a, files }, who }]);
});

test('clear: each file that stays is named with the reason', async (desk) => {
  const removal = { to: { kind: 'delete' }, by: 'policy', step: 'waits', failures: 0, code: null };
  const id = proof('y.mxf').id;
  holds(desk, gone('x.mxf'), { id, source: 'y.mxf', afterCopy: 'pending', removal } as never);
  desk.state.routes.get(a)?.removals.waiting.set(id, { wait: { kind: 'open_for_writing' }, since: 0, times: 1 });
  const { deleted, kept, verdict } = await clearer(desk).clear(order, asker);
  assert.is(deleted, 1);
  assert.equal(kept, [{ source: 'y.mxf', text: 'a program has it open for writing; it is removed when that is over' }]);
  assert.equal(verdict, {
    ok: false,
    text: 'deleted 1 file (10 B); 1 file stays, because it is not safe to clear; 1 file was safe to clear and stays all the same',
  });
});

test('clear: if no file is proven, nothing is ordered', async (desk) => {
  const { deleted, verdict } = await clearer(desk, proves({ ...answer, proven: 0 }, [])).clear(order, asker);
  assert.equal(desk.offered, []);
  assert.is(deleted, 0);
  assert.match(verdict.text, /^NOT SAFE: .*; nothing was deleted$/);
});

test('clear: a source without any file is clear already', async (desk) => {
  const empty = { ...answer, files: [], proven: 0, isEmpty: true };
  for (const dryRun of [true, false]) {
    const { verdict } = await clearer(desk, proves(empty, [])).clear({ ...order, dryRun }, asker);
    assert.equal(verdict, { ok: true, text: 'nothing to delete: there is no file at the source' });
  }
  assert.equal(desk.offered, []);
});

test('clear: a client that has left cannot see the result, so nothing is deleted', async (desk) => {
  const left = { isOwner: true, pause: () => Promise.reject(new ControlError('not_possible', 'the client has left')) };
  await refused(clearer(desk).clear(order, left), 'the client has left');
  assert.equal(desk.offered, []);
});

const refusals: Readonly<Record<string, readonly [(desk: Desk) => void, Partial<ClearOrder>, string | RegExp]>> = {
  'a route that does not exist': [() => undefined, { route: routeName('x') }, 'there is no route "x"'],
  'a route that is held': [
    (desk) => void Object.assign(desk.state.routes.get(a) ?? {}, { hold: { by: 'bob', since: 0, until: null, reason: '' } }),
    {},
    /^the route is held by bob; release it first/,
  ],
  'an agent that stops': [(desk) => void (desk.state.stopping = { by: 'bob', drain: true }), {}, 'the agent is stopping'],
};

for (const [what, [change, over, message]] of Object.entries(refusals)) {
  test(`clear: refused for ${what}, and nothing is compared or ordered`, async (desk) => {
    change(desk);
    const never = (): never => assert.unreachable() as never;
    await refused(clearer(desk, never).clear({ ...order, ...over }, asker), message);
    assert.equal(desk.offered, []);
  });
}

test('clear: the process that compares names and sends a bounded number of files, and no more are taken', async (desk) => {
  const asked: SafeInit[] = [];
  const many = Array.from({ length: limits.clearFiles + 1 }, (_, index) => proof(`${index}.mxf`));
  const prove: Prove = async (init, { onProven }) => {
    asked.push(init);
    for (let from = 0; from < many.length; from += 1_000) onProven?.(many.slice(from, from + 1_000));
    return { ...answer, isSafe: true, files: [], more: 0, proven: many.length };
  };
  const { files, notSafe, verdict } = await clearer(desk, prove).clear({ ...order, dryRun: true }, asker);
  assert.equal(
    asked.map(({ route, reads, namedFiles, provenFiles }) => [route, reads, namedFiles, provenFiles]),
    [[a, false, limits.clearNames, limits.clearFiles]],
  );
  assert.equal([files, notSafe, verdict.ok], [limits.clearFiles, 0, false]);
  assert.match(verdict.text, /; there are more; run the command again$/);
});

test('clear: the files that the report does not name count as well', async (desk) => {
  const { notSafe, unsafe, verdict } = await clearer(desk, proves({ ...answer, more: 7 })).clear({ ...order, dryRun: true }, asker);
  assert.equal([notSafe, unsafe.length], [8, 1]);
  assert.is(verdict.text, 'would delete 2 files (20 B); 8 files stay, because they are not safe to clear');
});

test('clear: when the client leaves, the process that compares is ended, and the next client is served', async (desk) => {
  let isEnded = false;
  const prove: Prove = (_init, _listener, signal) => {
    const { promise, reject } = Promise.withResolvers<SafeReport>();
    signal.addEventListener('abort', () => {
      isEnded = true;
      reject(new Error('it was canceled'));
    });
    return promise;
  };
  let pauses = 0;
  const leaves = {
    isOwner: true,
    pause: async () => {
      pauses += 1;
      if (pauses === 2) throw new ControlError('not_possible', 'the client has left');
    },
  };
  const one = clearer(desk, prove);
  await refused(one.clear({ ...order, dryRun: true }, leaves), 'the client has left');
  assert.ok(isEnded);
  pauses = 0;
  await refused(one.clear(order, leaves), 'the client has left');
  assert.equal(desk.offered, []);
});

test('clear: only one request runs at a time', async (desk) => {
  const { promise, resolve } = Promise.withResolvers<SafeReport>();
  const one = clearer(desk, () => promise);
  const first = one.clear({ ...order, dryRun: true }, asker);
  await refused(one.clear({ ...order, dryRun: true }, asker), /is being cleared already/);
  resolve(answer);
  await first;
});

async function refused(work: Promise<unknown>, message: string | RegExp): Promise<void> {
  await work.then(
    () => assert.unreachable('it was not refused'),
    (error) => {
      assert.instance(error, ControlError);
      if (typeof message === 'string') assert.is((error as Error).message, message);
      else assert.match((error as Error).message, message);
    },
  );
}

test.run();
