import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { env } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { render } from '../../src/views/render.ts';
import { scenes, sizes } from './scenes.ts';
import { frameText, themeNames, themes } from './themes.ts';

// Every screen as it is drawn, in `frames`: in all sizes, with colours (what is not plain is written next to each
// row), mono and ASCII. When a picture is to change, write them again and read the difference:
//
//   SLUICE_FRAMES=write node packages/tui/test/views/golden.test.ts
//
// A missing frame is a failure.
env['TZ'] = 'UTC';

const folder = new URL('./frames/', import.meta.url);
const writes = env['SLUICE_FRAMES'] === 'write';
if (writes) mkdirSync(folder, { recursive: true });

for (const [name, sceneOf] of Object.entries(scenes)) {
  test(`golden frames: ${name}`, () => {
    const drawn = sizes.flatMap(([columns, rows]) =>
      themeNames.map((theme) => `${columns}x${rows} ${theme}\n${frameText(render(sceneOf(columns, rows), themes[theme]))}\n`),
    );
    const path = new URL(`${name}.txt`, folder);
    const text = drawn.join('\n');
    if (writes) writeFileSync(path, text);
    assert.ok(existsSync(path), `${name}.txt is missing; SLUICE_FRAMES=write makes it`);
    assert.fixture(text, readFileSync(path, 'utf8'));
  });
}

test.run();
