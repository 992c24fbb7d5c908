import { ControlError } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkLimits } from '../../src/client/limits.ts';
import type { AgentLink } from '../../src/client/link.ts';
import { askPast } from '../../src/client/past.ts';

/** An agent with this many ended files. A filter matches those whose number ends in it. */
function agentOf(count: number, isOld = false) {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  const request = (method: string, params: Record<string, unknown>): Promise<unknown> => {
    asked.push({ method, params });
    if (params['outages'] === true) return Promise.resolve({ v: 1, files: [], outages: [], next: null });
    if (method === 'past' && isOld) return Promise.reject(new ControlError('unknown_method', 'past'));
    const {
      limit,
      before,
      filter = '',
      bounds = [],
    } = params as { limit: number; before: { id: string } | null; filter?: string; bounds?: [] };
    const all = Array.from({ length: count }, (_, index) => String(index)).filter((id) => id.endsWith(filter));
    const from = before === null ? 0 : all.indexOf(before.id) + 1;
    const files = all.slice(from, from + limit).map((id) => ({ id }));
    const next = files.length < limit ? null : { endedAt: 0, id: files.at(-1)?.id };
    return Promise.resolve({ v: 1, files, outages: [], next, sums: bounds.map(() => ({ files: all.length, bytes: 7 })) });
  };
  return { asked, link: { request } as unknown as Pick<AgentLink, 'request'> };
}

const now = new Date(2026, 10, 23, 14).getTime();
const isNeeded = (): boolean => true;
const ask = (link: Pick<AgentLink, 'request'>, filter: string) => askPast(link, { range: '7d', filter, now }, isNeeded);
const many = linkLimits.historyFiles + 1_000;

test('askPast: has sums of everything that ended, if more did than is listed', async () => {
  const { link, asked } = agentOf(many);
  const past = await ask(link, '');
  assert.equal([past?.files.length, past?.hasMore, past?.filter], [linkLimits.historyFiles, true, '']);
  const starts = [now - 7 * 86_400_000, ...[17, 18, 19, 20, 21, 22, 23].map((day) => new Date(2026, 10, day).getTime())];
  assert.equal(
    past?.sums?.map(({ from }) => from),
    starts,
  );
  assert.equal(past?.sums?.[0]?.files, many);
  assert.equal(
    asked.at(-1)?.params['bounds'],
    starts.map((start) => new Date(start).toISOString()),
  );
});

test('askPast: if all are listed, their sums come from the files themselves', async () => {
  const { link, asked } = agentOf(3);
  assert.equal([(await ask(link, ''))?.sums, asked.filter(({ method }) => method === 'past').length], [null, 0]);
});

test('askPast: a filter is answered from everything that ended, and its sums are requested once', async () => {
  const { link, asked } = agentOf(many);
  const past = await ask(link, '7');
  assert.equal([past?.files.length, past?.hasMore, past?.filter], [many / 10, false, '7']);
  assert.equal(past?.sums?.at(-1)?.files, many / 10);
  const pages = asked.filter(({ method }) => method === 'past').map(({ params }) => (params['bounds'] as unknown[]).length);
  assert.equal(pages, [8, 0]);
});

test('askPast: more matches than are listed are counted too', async () => {
  const { link } = agentOf(10 * many);
  const past = await ask(link, '7');
  assert.equal([past?.files.length, past?.hasMore, past?.sums?.[0]?.files], [linkLimits.historyFiles, true, many]);
});

test('askPast: an agent of an older version gives the newest files, and no sums', async () => {
  const past = await ask(agentOf(many, true).link, '7');
  assert.equal([past?.files.length, past?.hasMore, past?.filter, past?.sums], [linkLimits.historyFiles, true, '', null]);
});

test('askPast: any other refusal is reported', async () => {
  const link = { request: () => Promise.reject(new ControlError('not_possible', 'it took too long')) };
  const refused = await ask(link as never, '7').catch((error: Error) => error.message);
  assert.is(refused, 'it took too long');
});

test('askPast: nothing more is requested once the result is not needed', async () => {
  const { link, asked } = agentOf(many);
  assert.is(await askPast(link, { range: 'all', filter: '7', now }, () => false), null);
  assert.is(asked.length, 2);
});

test.run();
