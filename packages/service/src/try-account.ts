import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '@sluice/config';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from './limits.ts';
import type { ServiceSettings } from './service.ts';

interface Tried {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly routes: readonly {
    readonly name: string;
    readonly source: { readonly path: string; readonly failure?: string | null; readonly kind?: string; readonly why?: string };
    readonly destination: { readonly path: string; readonly kind: string; readonly text: string; readonly code?: string };
  }[];
}

/** Shows a line to the person who installs. */
export type Warn = (line: string) => void;

/**
 * Runs `check` as the service will run, on the real folders: only a trial shows whether an account may read and write there.
 * @param command the program and what precedes its arguments
 * @throws CommandError that says what has to be changed
 */
export function tryAs(user: string, command: readonly string[], config: Config, file: string, warn: Warn): void {
  const argv = ['-u', user, '--', ...command, ...checkArguments(config, file)];
  const { status, stdout, stderr, error } = spawnSync('runuser', argv, { encoding: 'utf8', timeout: limits.trialDeadlineMs, cwd: '/' });
  if (error !== undefined) throw new CommandError(`cannot check as ${user}: ${error.message}`, exitCode.notAsAsked);
  if (status === 0) return;
  const advice = adviceOf(stdout, user);
  for (const line of advice.length > 0 ? advice : [stderr.trim() || `check ended with ${status}`]) warn(clean(line));
  throw new CommandError(
    `no service was installed, because it would not work as ${user}: correct this and run the command again, or choose another user with --user`,
    exitCode.notAsAsked,
  );
}

function checkArguments({ stateDir }: Config, file: string): readonly string[] {
  return ['check', '--json', '-c', file, '--state', stateDir];
}

/**
 * Runs `check` as the user who installs the service, for an account that nobody can use without its password. What this user may
 * not do is reported, and does not stop the installation, because the account may do it.
 * @throws CommandError if the configuration is wrong
 */
export function tryHere([program, ...before]: ServiceSettings['program'], config: Config, file: string, warn: Warn): void {
  const { status, stdout, stderr, error } = spawnSync(program, [...before, ...checkArguments(config, file)], {
    encoding: 'utf8',
    timeout: limits.trialDeadlineMs,
  });
  if (error !== undefined) throw new CommandError(`cannot check: ${error.message}`, exitCode.notAsAsked);
  if (status === exitCode.badUsage) throw new CommandError(clean(stderr.trim().replace(/^sluice: /, '')), exitCode.badUsage);
  const advice = adviceOf(stdout, null);
  if (advice.length > 0) warn('with your rights, which are not those of the service:');
  for (const line of advice) warn(clean(line));
}

/**
 * @param user null: the user of this process
 * @returns a line for each folder that refuses, with a command that gives the user access
 */
export function adviceOf(json: string, user: string | null): readonly string[] {
  const tried = parse(json);
  if (tried === null) return [];
  const sources = tried.routes.flatMap(({ name, source }) => {
    const why = source.failure ?? source.why ?? null;
    return why === null ? [] : [`  ${name}: the source ${source.path} cannot be read (${why})${letIn(source.path, user, 'rX', why)}`];
  });
  const destinations = tried.routes.flatMap(({ name, destination }) => {
    if (destination.kind !== 'bad' && destination.kind !== 'unanswered') return [];
    return [`  ${name}: ${destination.path}: ${destination.text}${letIn(destination.path, user, 'rwX', destination.code ?? '')}`];
  });
  return [...tried.problems.map((problem) => `  ${problem}`), ...sources, ...destinations];
}

function parse(json: string): Tried | null {
  try {
    return JSON.parse(json) as Tried;
  } catch {
    return null;
  }
}

const denied: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/**
 * Suggests a command only if a right is missing: a folder that hangs or is missing must not be accessed here. The rights are
 * inherited (`d:`).
 */
function letIn(path: string, user: string | null, rights: 'rX' | 'rwX', code: string): string {
  if (user === null || !denied.has(code)) return '';
  const group = groupOf(path, rights);
  const joining = group === null ? '' : `, or with its group: usermod -aG ${group} ${user}`;
  const above = closedAbove(path, user).map(
    (folder) => `, and access to the folder above with setfacl -m u:${user}:x ${JSON.stringify(folder)}`,
  );
  const acl = `setfacl -R -m u:${user}:${rights},d:u:${user}:${rights} ${JSON.stringify(path)}`;
  return `: give ${user} access with ${acl}${above.join('')}${joining}; on a share, with its mount options (uid=, gid=)`;
}

/** @returns the folders on the way to a path that keep a user out, the outermost first */
function closedAbove(path: string, user: string): readonly string[] {
  const above = dirname(path);
  if (above === path) return [];
  const isClosed = spawnSync('runuser', ['-u', user, '--', 'test', '-x', above], { cwd: '/', timeout: limits.testDeadlineMs }).status === 1;
  return [...closedAbove(above, user), ...(isClosed && !isOpenToAll(above) ? [above] : [])];
}

/** Returns whether everybody may pass through a folder; only a folder above it can be closed. */
function isOpenToAll(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) % 2 === 1;
}

function groupOf(path: string, rights: 'rX' | 'rwX'): string | null {
  try {
    const { gid, mode } = statSync(path);
    const needed = rights === 'rX' ? 0o050 : 0o070;
    const isGroups = (mode & needed) === needed && gid !== 0;
    if (!isGroups) return null;
    const { stdout, status } = spawnSync('getent', ['group', String(gid)], { encoding: 'utf8' });
    return status === 0 ? (stdout.split(':')[0] ?? null) : null;
  } catch {
    return null;
  }
}
