import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Target } from '../package/targets.ts';
import { nodeLicence } from './node-licence.ts';

const root = join(import.meta.dirname, '../..');

/** Third-party software inside the executables. */
export interface Component {
  readonly kind: 'platform' | 'library';
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier, or a description if there are several licences. */
  readonly licence: string;
  /** The whole text of the licence, as its authors publish it. */
  readonly text: string;
  /** The package URL. */
  readonly purl: string;
}

/**
 * Returns everything in the executables that comes from third parties, sorted.
 * @param inputs the files of the bundle, below the checkout
 * @throws Error if a package has no licence text
 */
export async function componentsInside(
  inputs: readonly string[],
  executables: readonly Target[],
  dist: string,
): Promise<readonly Component[]> {
  const nodes = new Map(executables.map(({ base }) => [base.version, base]));
  return [
    ...(await Promise.all([...nodes.values()].map(async (base) => node(base.version, await nodeLicence(base, dist))))),
    sqlite(),
    ...(executables.some(({ platform }) => platform === 'linux') ? [libcxx()] : []),
    // The addon is compiled with it, and no file of the bundle shows that.
    ...[...packagesOf(inputs), 'node_modules/node-addon-api'].map(npmPackage),
  ].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

function node(version: string, text: string): Component {
  const licence = 'MIT, and others of what it contains';
  return { kind: 'platform', name: 'Node.js', version, licence, text, purl: `pkg:github/nodejs/node@v${version}` };
}

/** SQLite is contained in better-sqlite3's addon. */
function sqlite(): Component {
  const persistence = createRequire(join(root, 'packages/persistence/package.json'));
  const Database = persistence('better-sqlite3') as new (
    path: string,
  ) => { prepare(sql: string): { pluck(): { get(): unknown } }; close(): void };
  const database = new Database(':memory:');
  const version = String(database.prepare('select sqlite_version()').pluck().get());
  database.close();
  const text = `The author disclaims copyright to this source code.  In place of
a legal notice, here is a blessing:

   May you do good and not evil.
   May you find forgiveness for yourself and forgive others.
   May you share freely, never taking more than you give.
`;
  return { kind: 'library', name: 'SQLite', version, licence: 'blessing', text, purl: `pkg:generic/sqlite@${version}` };
}

/** The addon for Linux contains the parts of libc++ that it uses, so that it needs no C++ library of the machine. */
function libcxx(): Component {
  const text = readFileSync(join(import.meta.dirname, 'licences/llvm.txt'), 'utf8');
  const version = '17.0.0';
  const licence = 'Apache-2.0 WITH LLVM-exception';
  return { kind: 'library', name: 'libc++ of LLVM', version, licence, text, purl: `pkg:github/llvm/llvm-project@llvmorg-${version}` };
}

/** Returns folders of packages, below the checkout. The last `node_modules` in a path decides. */
function packagesOf(inputs: readonly string[]): readonly string[] {
  const found = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []);
  return [...new Set(found)].sort();
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly author?: string;
}

function npmPackage(folder: string): Component {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { kind: 'library', name, version, licence: license, text: licenceText(folder, manifest), purl };
}

function licenceText(folder: string, { name, license, author }: Manifest): string {
  const files = readdirSync(join(root, folder)).filter((each) => /^(licen[cs]e|copying|notice|third-?party)/i.test(each));
  if (files.length > 0) return files.map((file) => readFileSync(join(root, folder, file), 'utf8')).join('\n');
  if (license === 'MIT' && author !== undefined)
    return `(The package holds no text of its licence; this is the text of MIT.)\n\n${mit(author)}`;
  throw new Error(`${name} has no text of its licence (${license})`);
}

/** Returns the text of Sluice's own licence (MIT) with another author. */
function mit(author: string): string {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8');
  return own.replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}
