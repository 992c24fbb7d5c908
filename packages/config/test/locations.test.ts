import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { configLocations, defaultStateDir, locationOf, type Surroundings } from '../src/locations/locations.ts';
import { ConfigError } from '../src/problems/problem.ts';

const linux: Surroundings = { platform: 'linux', env: { HOME: '/home/u' }, cwd: '/', executableDir: '/usb' };
const windows: Surroundings = {
  platform: 'win32',
  env: { ProgramData: 'C:\\PD', APPDATA: 'C:\\U\\R', LOCALAPPDATA: 'C:\\U\\L' },
  cwd: 'C:\\',
  executableDir: 'E:\\',
};
const mac: Surroundings = { platform: 'darwin', env: { HOME: '/Users/u' }, cwd: '/', executableDir: null };

const files: readonly [string, Surroundings, readonly string[]][] = [
  ['Linux', linux, ['/usb/sluice.toml', '/etc/sluice/sluice.toml', '/home/u/.config/sluice/sluice.toml']],
  [
    'Linux with XDG',
    { ...linux, env: { HOME: '/home/u', XDG_CONFIG_HOME: '/x' } },
    ['/usb/sluice.toml', '/etc/sluice/sluice.toml', '/x/sluice/sluice.toml'],
  ],
  [
    'Linux with a relative XDG folder',
    { ...linux, env: { HOME: '/home/u', XDG_CONFIG_HOME: 'x' } },
    ['/usb/sluice.toml', '/etc/sluice/sluice.toml', '/home/u/.config/sluice/sluice.toml'],
  ],
  ['Linux without a home', { ...linux, env: {}, executableDir: null }, ['/etc/sluice/sluice.toml']],
  ['Windows', windows, ['E:\\sluice.toml', 'C:\\PD\\Sluice\\sluice.toml', 'C:\\U\\R\\Sluice\\sluice.toml']],
  ['macOS', mac, ['/Library/Application Support/Sluice/sluice.toml', '/Users/u/Library/Application Support/Sluice/sluice.toml']],
];
for (const [name, around, expected] of files) {
  test(`configLocations knows the locations of ${name}`, () =>
    assert.equal(
      configLocations(around).map(({ file }) => file),
      expected,
    ));
}

test('locationOf recognizes a location by its path, however it was named', () => {
  assert.is(locationOf('/etc/sluice/sluice.toml', linux), 'machine');
  assert.is(locationOf('/usb/sluice.toml', linux), 'portable');
  assert.is(locationOf('/tmp/sluice.toml', linux), 'elsewhere');
});

const states: readonly [string, () => string, string][] = [
  ['portable', () => defaultStateDir('portable', '/usb/sluice.toml', linux), '/usb/sluice-state'],
  ['machine', () => defaultStateDir('machine', '/etc/sluice/sluice.toml', linux), '/var/lib/sluice'],
  ['user', () => defaultStateDir('user', null, linux), '/home/u/.local/state/sluice'],
  ['elsewhere', () => defaultStateDir('elsewhere', '/tmp/sluice.toml', linux), '/home/u/.local/state/sluice'],
  ['XDG', () => defaultStateDir('user', null, { ...linux, env: { XDG_STATE_HOME: '/xs' } }), '/xs/sluice'],
  ['Windows', () => defaultStateDir('user', null, windows), 'C:\\U\\L\\Sluice\\state'],
  ['macOS', () => defaultStateDir('user', null, mac), '/Users/u/Library/Application Support/Sluice/state'],
];
for (const [name, find, expected] of states) test(`defaultStateDir of ${name} is ${expected}`, () => assert.is(find(), expected));

test('defaultStateDir without a home asks for --state', () => {
  assert.throws(
    () => defaultStateDir('user', null, { ...linux, env: {} }),
    (error: unknown) => error instanceof ConfigError && /HOME is not set.*--state DIR/.test(error.message),
  );
});

test.run();
