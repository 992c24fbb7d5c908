// Checks the shape of the packages: how large their folders are, and which way the imports between them lead.
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { exit, stderr } from 'node:process';
import { importsOf } from './imports-of.ts';
import { rooms } from './rooms.ts';

/** A package has at most this share of all source lines. */
const largestShare = 0.2;
const filesInFolder = 14;
/** The longest chain of imports between the files and folders directly below a package's `src`. */
const maxFloors = 8;
/** If more files of a folder than this begin with the same word and a dash, they belong in a folder. */
const largestFamily = 2;

interface Source {
  /** The path below `src`. */
  readonly path: string;
  readonly lines: number;
  /** The files of the same package that it imports, as paths below `src`. */
  readonly imports: readonly string[];
}

const sources = new Map(rooms.map(({ folder }) => [folder, readSources(folder)]));
const problems = [...judgeShares(), ...[...sources].flatMap(([folder, files]) => judgePackage(folder, files))];
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

function readSources(folder: string): readonly Source[] {
  return globSync(`${folder}/src/**/*.ts`).map((file) => {
    const path = posix.relative(`${folder}/src`, file.replaceAll('\\', '/'));
    const local = importsOf(file).filter((name) => name.startsWith('.'));
    const imports = local.map((name) => posix.join(posix.dirname(path), name));
    return { path, lines: readFileSync(file, 'utf8').split('\n').length, imports };
  });
}

function judgeShares(): readonly string[] {
  const linesOf = (files: readonly Source[]): number => files.reduce((sum, { lines }) => sum + lines, 0);
  const all = linesOf([...sources.values()].flat());
  return [...sources].flatMap(([folder, files]) => {
    const share = linesOf(files) / all;
    return share <= largestShare ? [] : [`${folder}: ${Math.round(share * 100)} % of all source lines; at most ${largestShare * 100} %`];
  });
}

function judgePackage(folder: string, files: readonly Source[]): readonly string[] {
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  return [...folders].flatMap((below) => {
    const name = posix.join(folder, 'src', below);
    const own = files.filter(({ path }) => posix.dirname(path) === (below === '' ? '.' : below));
    return [
      ...(own.length > filesInFolder ? [`${name}: ${own.length} files; at most ${filesInFolder}`] : []),
      ...families(own).map((word) => `${name}: files called ${word}-…: make a folder ${word}`),
      ...judgeArrows(name, below, files),
    ];
  });
}

/** `a/b/c.ts` is in `a/b`, `a` and the empty path. */
function foldersAbove(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [''] : [folder, ...foldersAbove(folder)];
}

function families(files: readonly Source[]): readonly string[] {
  const words = files.flatMap(({ path }) => /^([a-z0-9]+)-/.exec(posix.basename(path))?.[1] ?? []);
  return [...new Set(words)].filter((word) => words.filter((each) => each === word).length > largestFamily);
}

/** The files and folders directly in a folder may import each other in one direction only. */
function judgeArrows(name: string, below: string, files: readonly Source[]): readonly string[] {
  const childOf = (path: string): string | null => {
    const rest = below === '' ? path : path.startsWith(`${below}/`) ? path.slice(below.length + 1) : null;
    return rest === null ? null : (rest.split('/')[0] ?? null);
  };
  const arrows = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = childOf(path);
    if (from === null) continue;
    const targets = arrows.get(from) ?? new Set();
    arrows.set(from, targets);
    for (const to of imports.flatMap((each) => childOf(each) ?? [])) if (to !== from) targets.add(to);
  }
  const circle = findCircle(arrows);
  if (circle !== null) return [`${name}: imports lead in a circle: ${circle.join(' -> ')}`];
  const floors = Math.max(...[...arrows.keys()].map((child) => floorOf(child, arrows)));
  return below !== '' || floors <= maxFloors ? [] : [`${name}: ${floors} floors; at most ${maxFloors}`];
}

/** Returns 1 for a file or folder that imports no other one here. */
function floorOf(child: string, arrows: ReadonlyMap<string, ReadonlySet<string>>): number {
  return 1 + Math.max(0, ...[...(arrows.get(child) ?? [])].map((each) => floorOf(each, arrows)));
}

function findCircle(arrows: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (child: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(child)) return [...way.slice(way.indexOf(child)), child];
    if (done.has(child)) return null;
    for (const next of arrows.get(child) ?? []) {
      const circle = visit(next, [...way, child]);
      if (circle !== null) return circle;
    }
    done.add(child);
    return null;
  };
  for (const child of arrows.keys()) {
    const circle = visit(child, []);
    if (circle !== null) return circle;
  }
  return null;
}
