import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { configTemplate, type TemplateRoute } from '../src/schema/template.ts';
import { complaint, load, route } from './support.ts';

const ingest: TemplateRoute = { name: 'ingest', source: '/a "b"\\c\u007f\n', destination: '/mnt/nas' };

/** Returns the text with every commented setting active, as if its `# ` were removed. */
const uncommented = (text: string): string => text.replaceAll(/^# (?=[a-z_]+ = )/gm, '');

test('configTemplate: has one route with every default, whatever its folders are called', async () => {
  const { routes, agent } = await load(configTemplate(ingest));
  assert.equal([routes.length, routes[0]?.name, routes[0]?.source, routes[0]?.destination], [1, ingest.name, ingest.source, '/mnt/nas']);
  assert.is(agent.lanes, 4);
});

test('configTemplate: the comments name every setting with its default', async () => {
  const [plain, all] = await Promise.all([load(configTemplate(ingest)), load(uncommented(configTemplate(ingest)))]);
  assert.equal(all.routes, plain.routes);
  assert.equal([all.agent, all.journal, all.log], [plain.agent, plain.journal, plain.log]);
  const unnamed = all.origin.settings.filter(({ from }) => from !== 'file').map(({ key }) => key);
  assert.equal(unnamed, ['agent.state_dir'], 'an empty one means the usual place');
});

test('configTemplate: without a route it asks for one, and shows how to write it', async () => {
  const text = configTemplate(null);
  assert.match(await complaint(load(text)), /\[\[route\]\]/);
  assert.match(text, /# \[\[route\]\]\n# name = "ingest"\n# source = "\/ingest"/);
});

test('configTemplate: settings that are written after it are read', async () => {
  const { routes } = await load(`${configTemplate(null)}\n${route}`);
  assert.is(path.basename(routes[0]?.source ?? ''), 'src');
});

test.run();
