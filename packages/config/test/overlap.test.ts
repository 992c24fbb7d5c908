import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../src/load.ts';
import { findOverlaps, type NamedFolder } from '../src/routes/overlap.ts';
import { around, complaint, freshFolder, put } from './support.ts';

type Short = readonly [NamedFolder['role'], string | null, string];

function overlapsOf(folders: readonly Short[], platform: NodeJS.Platform = 'linux'): string[] {
  return findOverlaps(
    folders.map(([role, route, given]) => ({ role, route, given, resolved: given })),
    platform,
  ).map(({ text }) => text);
}

const pair = (route: string, source: string, destination: string): Short[] => [
  ['source', route, source],
  ['destination', route, destination],
];

const bad: readonly [string, readonly Short[], RegExp][] = [
  [
    'a destination inside its source',
    pair('a', '/s', '/s/d'),
    /the destination of route "a" \(\/s\/d\) lies inside the source of route "a" \(\/s\)/,
  ],
  ['a destination inside the root', pair('a', '/', '/d'), /lies inside the source/],
  ['a source inside its destination', pair('a', '/d/s', '/d'), /the source of route "a" \(\/d\/s\) lies inside the destination/],
  ['source = destination', pair('a', '/s', '/s'), /the same folder, \/s/],
  [
    "a destination inside another route's source",
    [...pair('a', '/s', '/d'), ...pair('b', '/t', '/s/x')],
    /destination of route "b" .* inside the source of route "a"/,
  ],
  [
    'an archive inside a source',
    [...pair('a', '/s', '/d'), ['archive_dir', 'a', '/s/old']],
    /the archive of route "a" \(\/s\/old\) lies inside/,
  ],
  ['an archive that is a source', [...pair('a', '/s', '/d'), ['archive_dir', 'a', '/s']], /the archive of route "a"/],
  [
    'an archive around a source',
    [...pair('a', '/s/in', '/d'), ['archive_dir', 'a', '/s']],
    /the archive of route "a" \(\/s\) and the source of route "a" \(\/s\/in\) contain each other/,
  ],
  [
    'an archive inside a destination',
    [...pair('a', '/s', '/d'), ['archive_dir', 'a', '/d/old']],
    /contain each other: choose a separate folder/,
  ],
  [
    'an archive that is the state folder',
    [...pair('a', '/s', '/d'), ['archive_dir', 'a', '/x'], ['state_dir', null, '/x']],
    /the state folder \/x/,
  ],
  [
    'the state folder inside a source',
    [...pair('a', '/s', '/d'), ['state_dir', null, '/s/st']],
    /the state folder \/s\/st lies inside the source of route "a"/,
  ],
  ['the state folder that is a source', [...pair('a', '/s', '/d'), ['state_dir', null, '/s']], /the state folder/],
  [
    'a metrics file inside a source',
    [...pair('a', '/s', '/d'), ['metrics_file', null, '/s/a.mov']],
    /the metrics file \/s\/a.mov lies inside the source of route "a"/,
  ],
  [
    'a metrics file inside a destination',
    [...pair('a', '/s', '/d'), ['metrics_file', null, '/d/x/a.prom']],
    /the metrics file \/d\/x\/a.prom lies inside the destination of route "a"/,
  ],
  [
    'two routes writing one folder',
    [...pair('a', '/s', '/d'), ...pair('b', '/t', '/d')],
    /routes "a" and "b" write to the same folder, \/d/,
  ],
  [
    'one destination inside another',
    [...pair('a', '/s', '/d'), ...pair('b', '/t', '/d/e')],
    /destination of route "b" \(\/d\/e\) lies inside the destination of route "a"/,
  ],
  [
    'one destination around another',
    [...pair('a', '/s', '/d/e'), ...pair('b', '/t', '/d')],
    /destination of route "a" \(\/d\/e\) lies inside the destination of route "b"/,
  ],
  ['a circle of two', [...pair('a', '/x', '/y'), ...pair('b', '/y', '/x')], /circle: "a" -> "b" -> "a"/],
  ['a circle of three', [...pair('a', '/x', '/y'), ...pair('b', '/y', '/z'), ...pair('c', '/z', '/x')], /circle: "a" -> "b" -> "c" -> "a"/],
  ['a circle by containment', [...pair('a', '/x', '/y'), ...pair('b', '/y/sub', '/x')], /circle: "a" -> "b" -> "a"/],
];
for (const [name, folders, text] of bad) test(`findOverlaps finds ${name}`, () => assert.match(overlapsOf(folders)[0] ?? 'nothing', text));

const good: readonly [string, readonly Short[]][] = [
  ['two routes reading one source', [...pair('a', '/s', '/d'), ...pair('b', '/s', '/e')]],
  ['a route that goes on from another', [...pair('a', '/s', '/d'), ...pair('b', '/d', '/e')]],
  ['names that only begin alike', [...pair('a', '/s', '/s2'), ['state_dir', null, '/s-state']]],
  ['folders that differ in case', pair('a', '/s', '/S/d')],
  [
    'a metrics file in an archive and one in the state folder',
    [
      ...pair('a', '/s', '/d'),
      ['archive_dir', 'a', '/x'],
      ['metrics_file', null, '/x/m'],
      ['state_dir', null, '/st'],
      ['metrics_file', null, '/st/m'],
    ],
  ],
  ['a source around another source', [...pair('a', '/s', '/d'), ...pair('b', '/s/x', '/e')]],
];
for (const [name, folders] of good) test(`findOverlaps allows ${name}`, () => assert.equal(overlapsOf(folders), []));

for (const [archiveMount, expected] of [
  [31, 0],
  [32, 1],
  [null, 0],
] as const) {
  test(`findOverlaps: an archive on mount ${archiveMount}, of a source on mount 31: ${expected} problems`, () => {
    const found = findOverlaps(
      [
        { role: 'source', route: 'a', given: '/s', resolved: '/s', mountId: 31 },
        { role: 'destination', route: 'a', given: '/d', resolved: '/d', mountId: 40 },
        { role: 'archive_dir', route: 'a', given: '/x', resolved: '/x', mountId: archiveMount },
      ],
      'linux',
    );
    assert.is(found.length, expected);
    if (expected === 1) assert.match(found[0]?.text ?? '', /is on another filesystem or mount than the source of route "a"/);
  });
}

test('findOverlaps: on Windows the archive is on the drive of its source', () => {
  const folders = (archive: string): Short[] => [...pair('a', 'D:\\in', 'Z:\\out'), ['archive_dir', 'a', archive]];
  assert.equal(overlapsOf(folders('d:\\old'), 'win32'), []);
  assert.match(overlapsOf(folders('E:\\old'), 'win32')[0] ?? '', /another filesystem/);
});

const at = (role: NamedFolder['role'], given: string, place: string | null): NamedFolder => ({
  role,
  route: 'a',
  given,
  resolved: given,
  place,
});

test('findOverlaps: a folder that is mounted twice is one folder, whatever its paths', () => {
  const texts = (...folders: readonly NamedFolder[]) => findOverlaps(folders, 'linux').map(({ text }) => text);
  const source = at('source', '/in', '8:1 :/data/in');
  const same = texts(source, at('destination', '/mnt/out', '8:1 :/data/in'));
  assert.equal(same, [
    'source and destination of route "a" are the same folder: /mnt/out and /in are mounted from the same place; give the route another destination',
  ]);
  assert.match(texts(source, at('destination', '/mnt/out', '8:1 :/data/in/sub'))[0] ?? '', /\(\/mnt\/out\) lies inside the source/);
  assert.match(texts(source, at('destination', '/mnt/out', '8:1 :/data'))[0] ?? '', /\(\/in\) lies inside the destination/);
  for (const place of ['8:2 :/data/in', '8:1 :/data/in2', null]) assert.equal(texts(source, at('destination', '/mnt/out', place)), []);
});

test('findOverlaps ignores case and the direction of slashes on Windows', () => {
  assert.is(overlapsOf(pair('a', 'C:\\S', 'c:\\s\\D'), 'win32').length, 1);
  assert.is(overlapsOf(pair('a', 'C:\\S', 'C:\\S2'), 'win32').length, 0);
});

test('loadConfig compares the real paths of folders, and reports both paths', async () => {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'real'));
  symlinkSync('real', path.join(folder, 'alias'));
  put(path.join(folder, 'sluice.toml'), '[[route]]\nname = "a"\nsource = "real"\ndestination = "alias/not/yet"\n');
  const message = await complaint(loadConfig({ config: 'sluice.toml', around: around(folder) }));
  assert.match(
    message,
    /^cannot use sluice\.toml:4: destination: the destination of route "a" \(.*\/alias\/not\/yet, which is .*\/real\/not\/yet\) lies inside/,
  );
});

test('loadConfig refuses a state folder inside a source, whether the file or an option names it', async () => {
  const folder = freshFolder();
  const text = '[agent]\nstate_dir = "s/st"\n[[route]]\nsource = "s"\ndestination = "d"\n';
  put(path.join(folder, 'sluice.toml'), text);
  const here = around(folder);
  assert.match(await complaint(loadConfig({ config: 'sluice.toml', around: here })), /sluice\.toml:2: state_dir: the state folder/);
  assert.match(await complaint(loadConfig({ from: 's', to: 'd', state: 's/x', around: here })), /^cannot use --state .*the state folder/);
  const config = await loadConfig({ config: 'sluice.toml', state: 'elsewhere', around: here });
  assert.is(config.folders.find(({ role }) => role === 'state_dir')?.resolved, path.join(folder, 'elsewhere'));
});

test.run();
