import type { FileJson, ScreenRow } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import { render } from '../../src/views/render.ts';
import { looks } from './looks.ts';
import { calmFrame, model, now, row } from './sample-model.ts';

// What a picture costs in time is measured by `npm run bench -- screen`; here is what it may look at at all.

const columns = 120;
const rows = 40;

/** A file that writes down when more than its id is looked at. */
function watched(file: FileJson, looked: Set<string>): FileJson {
  return new Proxy(file, {
    get(target, key) {
      if (key !== 'id') looked.add(target.id);
      return Reflect.get(target, key) as unknown;
    },
  });
}

function named(index: number): ScreenRow {
  return row({ id: `f${index}`, source: `clip${index}.mxf`, status: 'COMPLETED', endedAt: new Date(now - index * 600_000).toISOString() });
}

test('render: of the largest window no row is looked at that is not shown', () => {
  const looked = new Set<string>();
  const window = Array.from({ length: 200 }, (_, index) => {
    const each = named(index);
    return { ...each, file: watched(each.file, looked) };
  });
  const frame = calmFrame({ rows: { total: 100_000, matched: 100_000, offset: 50_000, rows: window } });
  const shown = model(columns, rows, { frame, top: 50_020, selected: null });
  render(shown, looks.colours);
  assert.ok(looked.size > 10 && looked.size <= rows, `${looked.size} rows were looked at`);
  assert.ok(looked.has('f20') && !looked.has('f19') && !looked.has('f70'));
});

test('render: of a history nothing is counted again that is the same, and no line is made that is not shown', () => {
  const looked = new Set<string>();
  const files = Array.from({ length: 5_000 }, (_, index) => watched(named(index).file, looked));
  const base = model(columns, rows, { tab: 'history', selected: null });
  const past: Model = { ...base, history: { ...base.history, files } };
  render(past, looks.colours);
  assert.is(looked.size, 5_000, 'the bars count all of them, once');
  looked.clear();
  render({ ...past, now: now + 1_000, history: { ...past.history, top: 100 } }, looks.colours);
  const known = [...looked].filter((id) => Number(id.slice(1)) > 200);
  assert.equal(known.length, 0, `${known.length} files far below were looked at again`);
});

test.run();
