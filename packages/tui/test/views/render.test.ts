import { env } from 'node:process';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import { type Theme, tones } from '../../src/picture/picture.ts';
import { rowAt } from '../../src/views/arrangement.ts';
import { render } from '../../src/views/render.ts';
import { hostileNames } from './hostile-names.ts';
import { anyModel, hostileModel } from './random-models.ts';
import { scenes, sizes } from './scenes.ts';
import { textOf, themeNames, themes } from './themes.ts';

env['TZ'] = 'UTC';

/** Characters that no cell may contain, and those whose width differs between terminals. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ufe00-\ufe0f]/u;
const known: ReadonlySet<string> = new Set(tones);

/** @returns what is wrong with the picture, or null */
function wrongWith(model: Model, theme: Theme): string | null {
  const { columns, rows } = model.size;
  const picture = render(model, theme);
  if (picture.rows.length !== rows) return `${picture.rows.length} rows instead of ${rows}`;
  for (const [index, row] of picture.rows.entries()) {
    const text = textOf(row);
    if (stringWidth(text) !== columns) return `row ${index} is ${stringWidth(text)} wide instead of ${columns}: ${JSON.stringify(text)}`;
    if (unsafe.test(text)) return `row ${index} holds what no terminal may get: ${JSON.stringify(text)}`;
    if (!theme.unicode && !/^[ -~]*$/.test(text)) return `row ${index} is not ASCII: ${text}`;
    for (const span of row) {
      if (!known.has(span.tone)) return `row ${index}: ${span.tone} is not a tone`;
      if (theme.colours === 0 && span.tone !== 'plain') return `row ${index} needs colours: ${span.tone}`;
    }
  }
  const { cursor } = picture;
  if (cursor !== null && !(cursor.row >= 0 && cursor.row < rows && cursor.column >= 0 && cursor.column < columns))
    return 'the cursor is outside';
  rowAt(model, Math.floor(rows / 2));
  return null;
}

test('render: fills the screen exactly, without anything that a terminal would obey, and never throws, for any model of any size', () => {
  fc.assert(
    fc.property(anyModel, fc.constantFrom(...themeNames), (model, theme) => {
      const wrong = wrongWith(model, themes[theme]);
      if (wrong !== null) throw new Error(wrong);
    }),
    { numRuns: 600 },
  );
});

test(`render: is safe with ${hostileNames.length} hostile names in every place of every screen`, () => {
  assert.ok(hostileNames.length >= 50);
  for (const [index, hostile] of hostileNames.entries()) {
    for (const sceneOf of Object.values(scenes)) {
      // Every name in every screen, with the sizes and themes in rotation.
      const [columns, rows] = sizes[index % sizes.length] ?? [80, 24];
      const theme = themes[themeNames[index % 2] ?? 'colours'];
      assert.is(wrongWith(hostileModel(hostile, columns, rows, sceneOf), theme), null, JSON.stringify(hostile));
    }
  }
});

test('render: is correct at every size: a sweep of columns, then of rows', () => {
  const scene = scenes['outage'];
  if (scene === undefined) throw new Error('no scene');
  for (let columns = 1; columns <= 250; columns += 1) assert.is(wrongWith(scene(columns, 24), themes.colours), null, `${columns} columns`);
  for (let rows = 1; rows <= 80; rows += 1) assert.is(wrongWith(scene(100, rows), themes.ascii), null, `${rows} rows`);
});

test('render: gives the same picture for the same model', () => {
  for (const sceneOf of Object.values(scenes)) {
    assert.equal(render(sceneOf(80, 24), themes.colours), render(sceneOf(80, 24), themes.colours));
  }
});

test.run();
