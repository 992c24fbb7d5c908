// Runs in any Node of the machine (20 or newer): installs what is missing, then starts Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { flags } from './runtime-flags.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.package-lock.json');

/** Returns whether the installed packages are older than the lock file. */
function isStale() {
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** npm must be able to install even if the home folder is not writable. */
function environment() {
  const home = process.env.HOME ?? '';
  try {
    accessSync(home, constants.W_OK);
    return process.env;
  } catch {
    const cache = join(root, 'node_modules', '.cache', 'npm');
    mkdirSync(cache, { recursive: true });
    return { ...process.env, npm_config_cache: cache };
  }
}

const lock = join(root, '.installing');

/** Two commands that start at once must not install into the same folder. */
function installOnce() {
  while (!takeLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    if (isStale()) install();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld()) rmSync(lock, { force: true });
    return false;
  }
}

/** Returns whether the process that took the lock still runs. */
function isHeld() {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    // A process of another user cannot be signalled, but it runs.
    return error.code === 'EPERM';
  }
}

function install() {
  process.stderr.write('installing what Sluice is built with (npm ci) ...\n');
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', ['ci']] : [process.execPath, [npm, 'ci']];
  const { status } = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: environment(),
    shell: npm === undefined && process.platform === 'win32',
  });
  if (status !== 0) {
    rmSync(lock, { force: true });
    process.stderr.write(`npm ci ended with ${status}\n`);
    process.exit(status ?? 1);
  }
}

/** Returns the runtime that package.json pins: a package of the registry that contains the official binary. */
function pinnedNode() {
  const modules = join(root, 'node_modules');
  const names = readdirSync(modules).filter((name) => /^node-(bin-)?(linux|win|darwin)-/.test(name));
  for (const name of names) {
    for (const path of [join(modules, name, 'bin', 'node'), join(modules, name, 'bin', 'node.exe')]) if (existsSync(path)) return path;
  }
  process.stderr.write('no Node 24 for this platform was installed; trying the one that runs this\n');
  return process.execPath;
}

const [script, ...args] = process.argv.slice(2);
if (isStale()) installOnce();
const node = pinnedNode();
const separator = process.platform === 'win32' ? ';' : ':';
const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(separator);
// Most of a start from the sources is compiling. The compiled code is kept.
const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled');
const child = spawn(node, [...flags, join(root, script ?? ''), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path, NODE_COMPILE_CACHE },
});
// Signals of a terminal or a service manager are passed on. This process ends when the other one does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
