import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { requests } from '../../../packages/control/src/protocol/protocol.ts';
import { requestSections } from '../../../scripts/docs/requests.ts';
import type { RequestMeanings, Shape } from '../../../scripts/docs/types.ts';

const reply: Shape = { kind: 'object', name: 'LogReply' };
const replies = new Map<string, Shape>(Object.keys(requests).map((name) => [name, reply]));
const meanings: RequestMeanings = new Map(
  Object.keys(requests).map((name) => [name, { text: `Does ${name}.`, params: new Map([['who.user', 'A name.']]) }]),
);

test('requestSections: has each request with its parameters, their bounds and defaults, and its reply', () => {
  const page = requestSections(meanings, replies, (name) => `#${name}`);
  assert.ok(page.includes('### `log`\n\nDoes log.\n'));
  assert.ok(page.includes('| `limit` | number, whole, at least 1, at most 200 | `50` |'));
  assert.ok(page.includes('| `who.user` | string, at least 1, at most 256 characters |  | A name. |'));
  assert.ok(page.includes('| `route` | string, at most 4,096 characters, or null | `null` |'));
  assert.ok(page.includes('Reply: [LogReply](#LogReply).'));
});

test('requestSections: a request without a description is an error', () => {
  assert.throws(() => requestSections(new Map(), replies, (name) => name), /the request ping is not described/);
});

test.run();
