// real: talks over sockets

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Surroundings } from '@sluice/config';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { agentLocations, connectAgent } from '../src/client/find-agent.ts';
import { NotRunning } from '../src/protocol/errors.ts';
import { freshFolder, serve } from './support.ts';

const route = '[[route]]\nname = "a"\nsource = "src"\ndestination = "dst"\n';

/** A machine that has nothing but one home. */
function around(folder: string): Surroundings {
  return { platform: 'linux', env: { HOME: path.join(folder, 'home') }, cwd: folder, executableDir: path.join(folder, 'bin') };
}

function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('agentLocations: returns only the location that is named, else all of them in order', () => {
  const folder = freshFolder();
  const here = around(folder);
  const own = path.join(folder, 'home/.local/state/sluice');
  assert.equal(agentLocations({ around: here }), [{ stateDir: own, because: 'user' }]);
  assert.equal(agentLocations({ state: 'st', around: here }), [{ stateDir: path.join(folder, 'st'), because: 'named' }]);
  put(path.join(folder, 'conf/sluice.toml'), `[agent]\nstate_dir = "here"\nlanes = "wrong, and no matter"\n${route}`);
  assert.equal(agentLocations({ config: 'conf/sluice.toml', around: here }), [
    { stateDir: path.join(folder, 'conf/here'), because: 'named' },
  ]);
  put(path.join(folder, 'bin/sluice.toml'), route);
  put(path.join(folder, 'home/.config/sluice/sluice.toml'), '[agent]\nstate_dir = "/elsewhere"\n');
  assert.equal(
    agentLocations({ around: here }).map(({ stateDir }) => stateDir),
    [path.join(folder, 'bin/sluice-state'), '/elsewhere', own],
  );
});

test('connectAgent: connects to the first agent that answers, and names all that did not', async () => {
  const folder = freshFolder();
  const here = around(folder);
  put(path.join(folder, 'bin/sluice.toml'), route);
  put(path.join(folder, 'home/.config/sluice/sluice.toml'), '[agent]\nstate_dir = "st"\n');
  const error = await connectAgent({ around: here }, 1000).catch((reason: unknown) => reason);
  assert.instance(error, NotRunning);
  assert.is((error as NotRunning).stateDirs.length, 3);
  const stateDir = path.join(folder, 'home/.config/sluice/st');
  put(path.join(stateDir, 'x'), '');
  const { server } = await serve({ stateDir });
  const client = await connectAgent({ around: here }, 5000);
  assert.is(client.stateDir, stateDir);
  client.close();
  await server.close();
});

test.run();
