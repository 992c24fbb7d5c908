import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process, { stdout } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { program, shortWaits } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

/** Writes down each datagram as a line of JSON, as systemd would get it. What comes with it, such as a barrier, is let go. */
const receiver = `
import json, socket, sys
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind(sys.argv[1])
print('bound', flush=True)
while True:
    print(json.dumps(heard.recv(65536).decode()), flush=True)
`;

interface Context {
  folders: Folders;
  socket: string;
  messages: Record<string, string>[];
  manager: ChildProcess;
  agent: ChildProcess | null;
}

const test = suite<Context>('service manager');
const withinMs = 20_000;
const hasAll = ['systemd-notify', 'python3'].every((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0);

test.before.each(async (context) => {
  const folders = await makeFolders();
  Object.assign(context, { folders, socket: join(folders.root, 'notify'), messages: [], agent: null });
  context.manager = spawn('python3', ['-c', receiver, context.socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  context.manager.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.startsWith('"'))) context.messages.push(assignmentsOf(JSON.parse(line) as string));
  });
  await until(() => existsSync(context.socket), withinMs);
});
test.after.each(async ({ agent, folders, manager }) => {
  agent?.kill('SIGKILL');
  manager.kill('SIGKILL');
  await folders.remove();
});

function assignmentsOf(message: string): Record<string, string> {
  return Object.fromEntries(
    message
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Starts an agent as systemd would, with a hook that shows its environment. */
async function begin(context: Context, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const { folders, socket } = context;
  const text = JSON.stringify;
  const hook = `on_attention = ["/bin/sh", "-c", ${text(`env > ${folders.root}/environment`)}]`;
  const route = `[[route]]\nsource = ${text(folders.source)}\ndestination = ${text(folders.destination)}`;
  await writeFile(join(folders.root, 'sluice.toml'), `[agent]\nstate_dir = ${text(folders.stateDir)}\n${hook}\n${route}\n`);
  const [command, ...before] = program;
  const args = [...before, 'run', '-c', join(folders.root, 'sluice.toml'), ...shortWaits];
  context.agent = spawn(command, args, { stdio: 'ignore', env: { ...process.env, NOTIFY_SOCKET: socket, ...env } });
  await heard(context, ({ READY }) => READY === '1');
}

/** Waits for a message, from the given place on. @returns its place */
async function heard({ messages }: Context, matches: (message: Record<string, string>) => boolean, from = 0): Promise<number> {
  const at = (): number => messages.findIndex((message, index) => index >= from && matches(message));
  await until(
    () => at() !== -1,
    withinMs,
    () => JSON.stringify(messages),
  );
  return at();
}

/** Returns the variables of each process that another one has started. */
function childrenOf(pid: number): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isChild = readFileSync(`/proc/${name}/status`, 'utf8').includes(`\nPPid:\t${pid}\n`);
        return isChild ? [readFileSync(`/proc/${name}/environ`, 'utf8')] : [];
      } catch {
        return [];
      }
    });
}

if (hasAll) {
  test('READY when clients can connect, STATUS with the verdict, STOPPING at the end', async (context) => {
    await begin(context);
    await heard(context, ({ STATUS = '' }) => STATUS !== '');
    context.agent?.kill('SIGTERM');
    await heard(context, ({ STOPPING }) => STOPPING === '1');
  });

  test('a reload is announced with the monotonic time and ends with READY, also if it was refused', async (context) => {
    await begin(context);
    const before = process.hrtime.bigint() / 1_000n;
    for (const text of ['# nothing\n', '[[rout]]\n']) {
      await writeFile(join(context.folders.root, 'sluice.toml'), text, { flag: 'a' });
      const from = context.messages.length;
      context.agent?.kill('SIGHUP');
      const at = await heard(context, ({ RELOADING }) => RELOADING === '1', from);
      assert.ok(BigInt(context.messages[at]?.['MONOTONIC_USEC'] ?? 0) >= before, JSON.stringify(context.messages));
      await heard(context, ({ READY }) => READY === '1', at);
    }
  });

  test('the watchdog gets signs of life if it watches this process', async (context) => {
    await begin(context, { WATCHDOG_USEC: '600000' });
    const first = await heard(context, ({ WATCHDOG }) => WATCHDOG === '1');
    const second = await heard(context, ({ WATCHDOG }) => WATCHDOG === '1', first + 1);
    await heard(context, ({ WATCHDOG }) => WATCHDOG === '1', second + 1);
  });

  test('the watchdog of another process gets no signs of life', async (context) => {
    await begin(context, { WATCHDOG_USEC: '30000', WATCHDOG_PID: '1' });
    await heard(context, ({ STATUS = '' }) => STATUS !== '');
    context.agent?.kill('SIGTERM');
    await heard(context, ({ STOPPING }) => STOPPING === '1');
    assert.equal(
      context.messages.filter(({ WATCHDOG }) => WATCHDOG !== undefined),
      [],
    );
  });

  test('no hook and no child inherits the socket or the watchdog', async (context) => {
    await begin(context, { WATCHDOG_USEC: '60000000' });
    await writeFile(Buffer.concat([Buffer.from(`${context.folders.source}/`), Buffer.from([0xff]), Buffer.from('.mov')]), 'x');
    const environment = join(context.folders.root, 'environment');
    await until(async () => (await readFile(environment, 'utf8').catch(() => '')).includes('SLUICE_SUMMARY'), withinMs);
    assert.not.match(await readFile(environment, 'utf8'), /NOTIFY_SOCKET|WATCHDOG/);
    const environments = childrenOf(context.agent?.pid ?? 0).filter((each) => each.includes('SLUICE_PARENT_VERSION'));
    assert.ok(environments.length >= 2, String(environments.length));
    for (const each of environments) assert.not.match(each, /NOTIFY_SOCKET|WATCHDOG/);
  });
} else stdout.write('skipped: a service manager: systemd-notify or python3 is missing\n');

test.run();
