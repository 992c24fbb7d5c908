import type { FileJson, ScreenRow } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import { render } from '../../src/views/render.ts';
import { calmFrame, model, now, row } from './sample-model.ts';
import { themes } from './themes.ts';

// `npm run bench -- screen` measures the time of a picture. This file limits what it may read at all.

const columns = 120;
const rows = 40;

/** Returns a file that records when more than its id is read. */
function watched(file: FileJson, read: Set<string>): FileJson {
  return new Proxy(file, {
    get(target, key) {
      if (key !== 'id') read.add(target.id);
      return Reflect.get(target, key) as unknown;
    },
  });
}

function named(index: number): ScreenRow {
  return row({ id: `f${index}`, source: `clip${index}.mxf`, status: 'COMPLETED', endedAt: new Date(now - index * 600_000).toISOString() });
}

test('render: of the largest window only visible rows are read', () => {
  const read = new Set<string>();
  const window = Array.from({ length: 200 }, (_, index) => {
    const each = named(index);
    return { ...each, file: watched(each.file, read) };
  });
  const frame = calmFrame({ rows: { total: 100_000, matched: 100_000, offset: 50_000, rows: window } });
  const shown = model(columns, rows, { frame, top: 50_020, selected: null });
  render(shown, themes.colours);
  assert.ok(read.size > 10 && read.size <= rows, `${read.size} rows were read`);
  assert.ok(read.has('f20') && !read.has('f19') && !read.has('f70'));
});

test('render: an unchanged history is not counted again, and only visible lines are made', () => {
  const read = new Set<string>();
  const files = Array.from({ length: 5_000 }, (_, index) => watched(named(index).file, read));
  const base = model(columns, rows, { tab: 'history', selected: null });
  const past: Model = { ...base, history: { ...base.history, files } };
  render(past, themes.colours);
  assert.is(read.size, 5_000, 'the bars count all of them, once');
  read.clear();
  render({ ...past, now: now + 1_000, history: { ...past.history, top: 100 } }, themes.colours);
  const known = [...read].filter((id) => Number(id.slice(1)) > 200);
  assert.equal(known.length, 0, `${known.length} files far below were read again`);
});

test.run();
