import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { UsageError } from './command-line.ts';
import type { TestFile } from './test-file.ts';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The tests that a change can affect: those that import a changed file, directly or through others, or start it as a program.
 * A changed file that no test reaches (a fixture, a manifest) affects every test of its package, and one outside of the
 * packages affects all.
 *
 * @param since a revision; what is not committed counts as changed
 * @throws UsageError where git does not know the revision
 */
export async function affectedBy(since: string, files: readonly TestFile[]): Promise<readonly TestFile[]> {
  const changed = changedFiles(since).filter((path) => !isProse(path));
  if (changed.length === 0) return [];
  const byImport = files.filter(({ group }) => group.affected === 'by import');
  const graph = await importGraph(byImport.map(({ path }) => path));
  const reach = new Map(byImport.map(({ path }) => [path, reachedFrom(path, graph)]));
  const unreached = changed.filter((path) => ![...reach.values()].some((reached) => reached.has(path)));
  const rooms = unreached.map(roomOf);
  return files.filter(({ path, group }) => {
    if (group.affected === 'all') return changed.some((each) => !each.endsWith('.test.ts') || each === path);
    return changed.some((each) => reach.get(path)?.has(each)) || rooms.some((room) => path.startsWith(room));
  });
}

function changedFiles(since: string): readonly string[] {
  const git = (...args: readonly string[]): string[] =>
    execFileSync('git', [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      .split('\n')
      .filter((line) => line !== '');
  try {
    return [...git('diff', '--name-only', since, '--'), ...git('ls-files', '--others', '--exclude-standard')];
  } catch (error) {
    throw new UsageError(`--changed: git cannot compare with "${since}": ${String((error as { stderr?: unknown }).stderr).trim()}`);
  }
}

/** No test reads it; `npm run check` does. */
function isProse(path: string): boolean {
  return path.endsWith('.md') || path.startsWith('.github/');
}

/** `packages/NAME/`, `apps/NAME/`, or the whole tree. */
function roomOf(path: string): string {
  return /^(?:packages|apps)\/[^/]+\//.exec(path)?.[0] ?? '';
}

function reachedFrom(path: string, graph: Graph, reached: Set<string> = new Set()): ReadonlySet<string> {
  if (reached.has(path)) return reached;
  reached.add(path);
  for (const next of graph.get(path) ?? []) reachedFrom(next, graph, reached);
  return reached;
}

/** Who imports whom, read by the bundler; and who names whose path in a string, to start it. */
async function importGraph(entries: readonly string[]): Promise<Graph> {
  const graph = new Map<string, Set<string>>();
  for (let waiting = [...entries]; waiting.length > 0; ) {
    const { inputs } = await bundled(waiting);
    waiting = [];
    for (const [path, { imports }] of Object.entries(inputs)) {
      const started = startedBy(path);
      waiting.push(...started.filter((each) => !graph.has(each) && inputs[each] === undefined));
      graph.set(path, new Set([...imports.filter(({ external }) => external !== true).map((each) => each.path), ...started]));
    }
  }
  return graph;
}

async function bundled(entryPoints: readonly string[]): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [...new Set(entryPoints)],
    outdir: 'nowhere',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    plugins: [
      {
        name: 'only the workspace',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@sluice/') ? undefined : { path, external: true },
          ),
      },
    ],
  });
  return metafile;
}

function startedBy(path: string): readonly string[] {
  const named = [...readFileSync(path, 'utf8').matchAll(/(?<!from )['"`]([\w./-]+\.(?:ts|mjs))['"`]/g)];
  return named.map(([, name = '']) => posix.normalize(join(dirname(path), name).replaceAll('\\', '/'))).filter((each) => existsSync(each));
}
