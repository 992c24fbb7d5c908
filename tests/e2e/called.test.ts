// timeout: 240s
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { type LoopMount, makeLoopMount, whyNoLoopMount } from '../bed/loop-mount.ts';
import { type Agent, startConfigured, stopAgents } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  disk: LoopMount;
}

interface Call {
  readonly summary: string;
  readonly begun: number;
  readonly over: number;
  readonly conditions: readonly {
    readonly kind: string;
    readonly state: string;
    readonly route: string | null;
    readonly remedy: string | null;
  }[];
}

const whyNot = whyNoLoopMount();
if (whyNot !== null) console.log(`skipped: a person is called: ${whyNot}`);
else {
  const test = stories<Context>('a person is called', 3, {
    make: async () => {
      const [folders, disk] = [await makeFolders(), await makeLoopMount(64)];
      await disk.mount('disk');
      return { folders, disk };
    },
    remove: async ({ folders, disk }) => {
      await stopAgents();
      await disk.remove();
      await folders.remove();
    },
  });

  /** Starts an agent whose hook keeps its calls in a file, a line each. */
  async function start(
    { root, source }: Folders,
    destination: string,
    stateDir: string,
  ): Promise<{ agent: Agent; calls: () => Promise<Call[]> }> {
    const [out, hook, config] = [join(root, 'calls'), join(root, 'page'), join(root, 'sluice.toml')];
    await writeFile(hook, `#!/bin/sh\ncat >> ${out}\n`);
    await chmod(hook, 0o755);
    const waits = 'stable_after = "300ms"\nscan_every = "300ms"\nprobe.closed = "300ms"\nspace.keep_free = "1MB"\n';
    const route = `[[route]]\nname = "ingest"\nsource = "${source}"\ndestination = "${destination}"\nsource_warn_below = "0"\n${waits}`;
    await writeFile(config, `[agent]\nstate_dir = "${stateDir}"\nattention_after = "1s"\non_attention = ["${hook}"]\n${route}`);
    const read = async (): Promise<string> => await readFile(out, 'utf8').catch(() => '');
    const calls = async (): Promise<Call[]> =>
      (await read()).split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Call]));
    return { agent: startConfigured(config, stateDir), calls };
  }

  /** Whether its destination is online. False as long as it does not answer. */
  const isOpen = async (agent: Agent): Promise<boolean> => (await agent.status().catch(() => null))?.routes[0]?.gate.state === 'open';
  const kindsOf = ({ conditions }: Call): string[] => conditions.map(({ kind, state }) => `${kind} ${state}`);

  test('a destination that is offline, and is online again, is two calls', async ({ folders }) => {
    const { destination, stateDir } = folders;
    const { agent, calls } = await start(folders, destination, stateDir);
    await until(() => isOpen(agent), 20_000);
    await rename(destination, `${destination}-away`);
    const [first] = await until(async () => ((await calls()).length === 1 ? await calls() : null), 20_000);
    assert.equal(kindsOf(first as Call), ['destination_offline begun']);
    assert.match(first?.summary ?? '', /^ingest: the folder .* is missing/);
    assert.is((await agent.status()).conditions?.[0]?.kind, 'destination_offline');
    await rename(`${destination}-away`, destination);
    await until(() => isOpen(agent), 20_000);
    assert.equal((await agent.status()).conditions, undefined);
    // It has to be over for 30 s, and a minute lies between two calls.
    const [, second] = await until(async () => ((await calls()).length === 2 ? await calls() : null), 90_000);
    assert.equal(kindsOf(second as Call), ['destination_offline over']);
    assert.match(second?.summary ?? '', /^ingest: over after \d+ s: the destination answers again$/);
    assert.is(second?.conditions[0]?.remedy, null);
  });

  test('a destination that is read-only says so', async ({ folders, disk }) => {
    const { agent, calls } = await start(folders, disk.path, folders.stateDir);
    await until(() => isOpen(agent), 20_000);
    await disk.remountReadOnly();
    await writeFile(join(folders.source, 'a.mov'), 'a');
    const [first] = await until(async () => ((await calls()).length === 1 ? await calls() : null), 30_000);
    assert.equal(kindsOf(first as Call), ['destination_read_only begun']);
    assert.is(first?.conditions[0]?.remedy, 'mount it with write access');
  });

  test('a file that vanished before its copy, and a state folder on a small disk, are one call', async ({ folders, disk }) => {
    const { source, destination } = folders;
    const stateDir = join(disk.path, 'state');
    await rename(destination, `${destination}-away`);
    await writeFile(join(source, 'lost.mov'), 'a');
    const { agent, calls } = await start(folders, destination, stateDir);
    await until(async () => (await agent.files().catch(() => []))[0]?.status === 'READY', 20_000);
    await rm(join(source, 'lost.mov'));
    const kinds = async (): Promise<string[]> => (await calls()).flatMap(kindsOf);
    await until(
      async () => (await kinds()).includes('files_lost begun') && (await kinds()).includes('state_disk_nearly_full begun'),
      90_000,
    );
    assert.is((await calls()).length <= 2, true);
    const shown = (await agent.status()).conditions ?? [];
    assert.equal(
      shown.map(({ kind, route, files }) => [kind, route, files]),
      [
        ['state_disk_nearly_full', null, null],
        ['destination_offline', 'ingest', null],
        ['files_lost', 'ingest', 1],
      ],
    );
  });

  test.run();
}
