import { fileOf } from '@sluice/core/fixtures';
import { createCatalogue, listedOf, type ScreenTab, totalsOf } from '@sluice/lists';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileId } from '../../packages/core/src/model/ids.ts';
import { viewFile } from '../../packages/core/src/snapshot/file-view.ts';
import { groupOf } from '../../packages/core/src/snapshot/groups.ts';
import { viewRoute } from '../../packages/core/src/snapshot/route-view.ts';
import { putFile } from '../../packages/core/src/state/state.ts';
import { createScene } from '../../packages/core/test/support/scene.ts';

const kinds = fc.constantFrom(
  fileOf('DISCOVERED'),
  fileOf('GROWING'),
  fileOf('GROWING', { stuck: true }),
  ...[null, 'backoff', 'operator', 'needs_you'].map((hold) => fileOf('READY', { hold })),
  fileOf('WAITING_FOR_NETWORK'),
  fileOf('WAITING_FOR_SPACE'),
  fileOf('READY', { growing: true }),
  fileOf('READY', { growing: true, hold: 'needs_you' }),
  fileOf('IN_QUEUE'),
  fileOf('COPYING'),
  fileOf('GROWING_COPY'),
  fileOf('VERIFYING'),
  fileOf('VERIFYING', { publishing: { step: 'link' } }),
  fileOf('COMPLETED'),
  fileOf('REMOVED'),
);

// One rule: the figures on one screen have to add up.
test('totals, tabs, routes and files have the same counts, in every state of gate and operator', () => {
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 20 }), fc.boolean(), fc.boolean(), (files, isOpen, isHeld) => {
      const { state, route } = createScene();
      const catalogue = createCatalogue({ shownSince: () => 0, condition: () => ({ isOpen, isHeld }) });
      const groups = files.map((file, index) => {
        const id = fileId(`${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
        const own = { ...file, id, route: route().settings.name, source: `${index}`, destination: `${index}` };
        putFile(state, own);
        catalogue.put(listedOf(own, true));
        return groupOf(own.status, viewFile(own, isOpen, isHeld).hold === 'needs_you', own.status === 'READY' && own.growing);
      });
      route().gate.state = isOpen ? 'open' : 'closed';
      route().hold = isHeld ? { by: 'ann', since: 0, until: null, reason: '' } : null;
      const tally = catalogue.tally.route(route().settings.name);
      const view = viewRoute(state, route());
      assert.equal(viewRoute(state, route(), { ...tally, example: view.needing }), view);

      const of = (group: (typeof groups)[number]): number => groups.filter((each) => each === group).length;
      const { needsYou, recording, copying, waiting } = view;
      assert.equal([needsYou, recording, copying, waiting], [of('needs_you'), of('recording'), of('copying'), of('waiting')]);
      const totals = totalsOf([{ tally, view }], { bytesPerSecond: 0, endingBytesPerSecond: null, filesPerSecond: null });
      assert.equal([totals.needsYou, totals.recording, totals.waiting], [needsYou, recording, waiting]);
      const rows = (tab: ScreenTab): number => catalogue.tally.rowsOf(tab, true);
      assert.equal([rows('needs_you'), rows('active'), rows('waiting')], [needsYou, recording + copying, waiting]);
      assert.is(rows('active') + rows('waiting') + rows('needs_you') + rows('done'), files.length);
    }),
    { numRuns: 150 },
  );
});

test.run();
