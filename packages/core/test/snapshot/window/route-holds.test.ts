import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCatalogue, fileId, holdsCounted, listedOf, viewRoute } from '../../../src/mod.ts';
import { putFile } from '../../../src/state.ts';
import { createScene } from '../../support/scene.ts';
import { fileOf } from '../files.ts';

const waits = fc.constantFrom(
  fileOf('DISCOVERED'),
  fileOf('GROWING'),
  fileOf('GROWING', { stuck: true }),
  ...[null, 'backoff', 'operator', 'needs_you'].map((hold) => fileOf('READY', { hold })),
  fileOf('WAITING_FOR_NETWORK'),
  fileOf('WAITING_FOR_SPACE'),
  fileOf('IN_QUEUE'),
  fileOf('VERIFYING'),
  fileOf('VERIFYING', { publishing: { step: 'link' } }),
  fileOf('COMPLETED'),
);

test('holdsCounted: as a walk over every file counts them, whatever the gate and the operator say', () => {
  fc.assert(
    fc.property(fc.array(waits, { maxLength: 20 }), fc.boolean(), fc.boolean(), (files, isOpen, isHeld) => {
      const { state, route } = createScene();
      const condition = { isOpen, isHeld };
      const catalogue = createCatalogue({ shownSince: () => 0, condition: () => condition });
      files.forEach((file, index) => {
        const id = fileId(`${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
        const own = { ...file, id, route: route().settings.name, source: `${index}`, destination: `${index}` };
        putFile(state, own);
        catalogue.put(listedOf(own, true));
      });
      route().gate.state = isOpen ? 'open' : 'closed';
      route().hold = isHeld ? { by: 'ann', since: 0, until: null, reason: '' } : null;
      const counted = holdsCounted(state, route(), catalogue.tally.route(route().settings.name));
      assert.equal(viewRoute(state, route(), counted), viewRoute(state, route()));
      const walked = new Map<string, number>();
      const list = (filter: string): number => {
        const made = catalogue.addList({ tab: 'all', filter, sort: 'name', isReversed: false, hideRecovered: true });
        while (catalogue.work(100) > 0);
        return catalogue.window(made, { offset: 0, limit: 0, anchor: null }).matched;
      };
      for (const hold of Object.keys(counted)) walked.set(hold, list(`hold:${hold}`));
      assert.equal(Object.fromEntries(walked), counted);
    }),
    { numRuns: 150 },
  );
});

test.run();
