import type { TrackedFile } from '@sluice/core/model';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import { filesInPieces, pastInPieces } from '../../src/serve/read-in-pieces.ts';
import { type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('what is read in pieces');
const count = 2 * limits.recordsAtOnce + 10;

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

test('filesInPieces: returns the same page as one read, with a pause after every few records', async ({ rest, serving }) => {
  rest(...Array.from({ length: count }, (_, index) => `${index}.mxf`));
  const query = { endedSince: null, limit: count - 5, before: null };
  let pauses = 0;
  const page = await filesInPieces(serving.reader, query, async () => void (pauses += 1));
  assert.is(pauses, 2);
  assert.equal(page, serving.reader.files(query));
  const next = { ...query, before: page.next };
  assert.equal(await filesInPieces(serving.reader, next, () => Promise.resolve()), serving.reader.files(next));
});

test('pastInPieces: returns every record once, and at most as many as requested', async () => {
  const ended = Array.from({ length: count }, (_, index) => ({ id: `${index}`, endedAt: 10_000 - index }) as unknown as TrackedFile);
  const past = ({ limit, before }: { readonly limit: number; readonly before: { readonly id: string } | null }): TrackedFile[] => {
    const from = before === null ? 0 : Number(before.id) + 1;
    return ended.slice(from, from + limit);
  };
  let pauses = 0;
  const pause = async (): Promise<void> => void (pauses += 1);
  assert.equal(await pastInPieces({ past }, { since: 0, limit: count - 5, before: null }, pause), ended.slice(0, count - 5));
  assert.is(pauses, 2);
  assert.equal(await pastInPieces({ past }, { since: 0, limit: count * 2, before: null }, pause), ended);
});

test('filesInPieces: stops reading for a client that has disconnected', async ({ rest, serving }) => {
  rest(...Array.from({ length: count }, (_, index) => `${index}.mxf`));
  const left = new Error('it has left');
  const reading = filesInPieces(serving.reader, { endedSince: null, limit: count }, () => Promise.reject(left));
  assert.is(await reading.catch((error: unknown) => error), left);
});

test.run();
