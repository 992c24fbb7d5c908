// Compares the imports, the manifests and the folders with the table of packages in rooms.ts.
import { globSync, readFileSync } from 'node:fs';
import { exit, stderr } from 'node:process';
import { importsOf } from './imports-of.ts';
import { nameOf, type Room, rooms } from './rooms.ts';

const problems = [...judgeOrder(), ...rooms.flatMap((room) => [...judgeSources(room), ...judgeManifest(room)])];
for (const problem of problems) stderr.write(`${problem}\n`);
exit(problems.length === 0 ? 0 : 1);

function judgeOrder(): readonly string[] {
  const listed = rooms.map(({ folder }) => `${folder}/package.json`);
  const missing = globSync(['packages/*/package.json', 'apps/*/package.json'])
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !listed.includes(file));
  const names = rooms.map(nameOf);
  const upwards = rooms.flatMap(({ folder, imports }, index) =>
    imports.filter((name) => !names.slice(0, index).includes(name)).map((name) => `${folder}: ${name} does not stand below it`),
  );
  return [...missing.map((file) => `${file}: the table in scripts/gates/rooms.ts has no such package`), ...upwards];
}

function judgeSources(room: Room): readonly string[] {
  const files = globSync(`${room.folder}/src/**/*.ts`).map((file) => file.replaceAll('\\', '/'));
  const used = new Set(files.flatMap(importsOf).flatMap((what) => packageIn(what) ?? []));
  const unused = room.imports.filter((name) => !used.has(name));
  return [
    ...files.flatMap((file) => importsOf(file).flatMap((what) => judge(file, room, what) ?? [])),
    ...unused.map((name) => `${room.folder}: the table allows @sluice/${name}, which nothing imports`),
  ];
}

/** @returns the name without the scope; null for a path or a library */
function packageIn(what: string): string | null {
  return what.startsWith('@sluice/') ? (what.split('/')[1] ?? null) : null;
}

function judge(file: string, { folder, imports }: Room, what: string): string | null {
  const name = packageIn(what);
  if (name !== null) return imports.includes(name) ? null : `${file}: ${folder} may not import ${what}`;
  if (!what.startsWith('.')) return null;
  if (!/\.(ts|json)$/.test(what)) return `${file}: the import ${what} does not end in .ts`;
  const depth = file.split('/').length - folder.split('/').length - 2;
  const ups = what.split('/').filter((part) => part === '..').length;
  return ups > depth ? `${file}: ${what} leaves ${folder}/src` : null;
}

/** A manifest lists the packages that the sources import, and as development dependencies those that only the tests import. */
function judgeManifest({ folder, imports }: Room): readonly string[] {
  const file = `${folder}/package.json`;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  const named = Object.keys(dependencies).flatMap((name) => packageIn(name) ?? []);
  const forTests = Object.keys(devDependencies).flatMap((name) => packageIn(name) ?? []);
  const inTests = new Set(
    globSync(`${folder}/test/**/*.ts`)
      .flatMap(importsOf)
      .flatMap((what) => packageIn(what) ?? []),
  );
  return [
    ...imports.filter((name) => !named.includes(name)).map((name) => `${file}: "dependencies" lacks @sluice/${name}`),
    ...named.filter((name) => !imports.includes(name)).map((name) => `${file}: "dependencies" has @sluice/${name}, which the table lacks`),
    ...forTests.filter((name) => !inTests.has(name)).map((name) => `${file}: "devDependencies" has @sluice/${name}, which no test imports`),
    ...[...inTests]
      .filter((name) => !imports.includes(name) && !forTests.includes(name))
      .map((name) => `${file}: "devDependencies" lacks @sluice/${name}`),
  ];
}
