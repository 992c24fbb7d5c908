import type { EvidenceJson } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/model/model.ts';
import { update } from '../../src/update/update.ts';
import { dialogBox } from '../../src/views/boxes/dialog-box.ts';
import { render } from '../../src/views/render.ts';
import { model, now, offline, outageFrame, route } from './sample-model.ts';
import { ascii, textOf, textsOf } from './themes.ts';

const long = (end: string): string => `/mnt/${'n'.repeat(190)}/${end}`;
const evidence: EvidenceJson = {
  v: 1,
  route: 'the-route-of-studio-a-with-a-name-of-sixty-four-letters-at-most-',
  destination: long('ingest'),
  description: '(LOCAL DISK, same as system)',
  knownMarker: '0f3c51d2-1111-4000-8000-00000000aaaa',
  foundMarker: '77777777-2222-4000-8000-00000000bbbb',
  asked: 20,
  present: 0,
  missing: [long('a.mxf'), long('b.mxf'), long('c.mxf')],
  trouble: null,
};
const wrongDisk = { routes: [route({ gate: { ...offline, cause: 'not_the_destination' } }), route({ name: 'b', gate: offline })] };
const adopting = (columns: number, rows: number, change: Partial<Model> = {}): Model =>
  update(model(columns, rows, { frame: outageFrame(wrongDisk), ...change }), { kind: 'evidence', evidence }).model;

for (const [columns, rows, expected] of [
  [40, 12, ['ANOTHER DISK? 0 of 20 files there', '/mnt/nnn', '/ingest', 'known 0f3c', '00aaaa', 'found 7777', '00bbbb']],
  [80, 24, ['ANOTHER DISK', '/mnt/nnn', '/ingest (LOCAL DISK', `known as      ${evidence.knownMarker}`, `there   ${evidence.foundMarker}`]],
  [120, 40, ['ANOTHER DISK', '/mnt/nnn', '(LOCAL DISK', `${evidence.knownMarker}`, `${evidence.foundMarker}`, '/a.mxf']],
] as const) {
  test(`adopt, ${columns}x${rows}: folder, markers, judgement and keys are visible, however long the names are`, () => {
    const notice = { text: 'that is not the name; nothing was changed', isBad: true, untilAt: now + 1 };
    for (const change of [{}, { notice }]) {
      const text = textsOf(render(adopting(columns, rows, change), ascii)).join('\n');
      for (const each of [...expected, 'Type the-route', 'Enter accept  Esc no']) assert.match(text, each);
      if (rows < 40) assert.not.match(text, 'more lines');
    }
    const shown = textsOf(render(adopting(columns, rows, { notice }), ascii)).join('\n');
    assert.match(shown, 'that is not the name');
  });
}

test('adopt: of a long name the next characters are visible while it is typed', () => {
  const { route: name } = evidence;
  for (let typed = 0; typed < name.length; typed += 1) {
    const [dialog] = adopting(40, 12).dialogs;
    assert.ok(dialog?.kind === 'confirm');
    const box = dialogBox({ ...dialog, typed: name.slice(0, typed) }, 40, 9, ascii);
    const shownName = /Type (.*?): /.exec(box.lines.map(textOf).join('\n'))?.[1] ?? '';
    assert.match(shownName, name.slice(typed, typed + 3));
  }
});

test.run();
