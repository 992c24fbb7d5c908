import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planOf } from '../../src/service/plan.ts';
import { type ServiceSettings, stateFolderOf, stateLine, writtenBy } from '../../src/service/service.ts';

const machine: ServiceSettings = {
  kind: 'systemd',
  scope: 'machine',
  program: ['/usr/local/bin/sluice'],
  config: '/etc/sluice/sluice.toml',
  stateDir: '/var/lib/sluice',
  user: 'sluice',
  group: 'sluice',
  joins: null,
  stopAfterMs: 10_000,
  home: '/home/ann',
  userId: 1000,
};
const odd = { program: ['/opt/a b/"q"\\x $HOME 100%/sluice'], config: '/e $t/c.toml' } as const satisfies Partial<ServiceSettings>;

test('systemd: the unit of a machine, which no path keeps from starting', () => {
  const { file, start } = planOf(machine);
  assert.is(file.path, '/etc/systemd/system/sluice.service');
  assert.match(
    file.text,
    '\nExecStart=/usr/local/bin/sluice run -c /etc/sluice/sluice.toml --state /var/lib/sluice --socket-group sluice\n',
  );
  assert.match(file.text, '\nUser=sluice\nExecStart=');
  assert.match(file.text, '\nSuccessExitStatus=143 130\n');
  assert.match(file.text, '\nTimeoutStopSec=30\n');
  for (const key of ['ProtectSystem=full', 'NoNewPrivileges=yes', 'Restart=on-failure', 'RestartPreventExitStatus=2 4 5', 'KillMode=mixed'])
    assert.match(file.text, `\n${key}\n`);
  assert.not.match(file.text, /^(?:ReadWritePaths|RequiresMountsFor|BindPaths|WorkingDirectory|ConditionPath|Requires)/m);
  assert.equal(start[0]?.argv, ['systemctl', 'start', 'sluice.service']);
});

test('systemd: whom a group may watch that is not its own, it has to join', () => {
  const { file } = planOf({ ...machine, group: 'operators', joins: 'operators' });
  assert.match(file.text, '\nUser=sluice\nSupplementaryGroups=operators\nExecStart=');
});

test('systemd: the unit of a user has neither an account nor what only the machine may ask for', () => {
  const { file, enable } = planOf({ ...machine, scope: 'user', user: null, group: null });
  assert.is(file.path, '/home/ann/.config/systemd/user/sluice.service');
  assert.not.match(file.text, /^(?:User|Group|Protect|CapabilityBoundingSet)/m);
  assert.match(file.text, 'WantedBy=default.target');
  assert.equal(enable[0]?.argv, ['systemctl', '--user', 'daemon-reload']);
});

test('systemd: words are not split, expanded or taken for specifiers', () => {
  assert.match(planOf({ ...machine, ...odd }).file.text, 'ExecStart="/opt/a b/\\"q\\"\\\\x $$HOME 100%%/sluice" run -c "/e $$t/c.toml"');
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasAnalyze) console.log('skipped: what systemd says of the unit: systemd-analyze is not installed');

for (const [name, settings] of Object.entries({ machine, odd: { ...machine, ...odd, program: ['/bin/true', 'a b', '100%'] as const } })) {
  test(`systemd: systemd-analyze finds nothing wrong with the unit (${name})`, () => {
    if (!hasAnalyze) return;
    const folder = mkdtempSync(join(tmpdir(), 'sluice-unit-'));
    const path = join(folder, 'sluice.service');
    // The account and the program are those of this machine: they have to exist.
    const text = planOf({ ...settings, user: 'root', program: ['/bin/true', ...settings.program.slice(1)] }).file.text;
    writeFileSync(path, text.replace(/^Documentation=.*\n/m, ''));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal([status, stderr.split('\n').filter((line) => line.includes('sluice.service'))], [0, []]);
  });
}

test('launchd: a property list with every word of its own, restarted only where it failed', () => {
  const { file, start } = planOf({ ...machine, ...odd, kind: 'launchd' });
  assert.is(file.path, '/Library/LaunchDaemons/org.sluice.agent.plist');
  assert.match(file.text, '<string>/opt/a b/"q"\\x $HOME 100%/sluice</string>');
  assert.match(file.text, /<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/);
  assert.match(file.text, /<key>UserName<\/key>\s*<string>sluice<\/string>/);
  assert.equal(start[0]?.argv.slice(0, 3), ['launchctl', 'bootstrap', 'system']);
  assert.match(planOf({ ...machine, kind: 'launchd', scope: 'user' }).start[0]?.argv.join(' ') ?? '', 'gui/1000');
});

test('task: begins with the machine, has no time limit, and quotes as Windows reads', () => {
  const program = ['C:\\Program Files\\Sluice\\sluice.exe'] as const;
  const { file } = planOf({
    ...machine,
    kind: 'task',
    program,
    config: 'C:\\a b\\',
    stateDir: 'C:\\ProgramData\\Sluice\\state',
    user: null,
  });
  assert.is(file.path, 'C:\\ProgramData\\Sluice\\state\\service.xml');
  assert.match(file.text, '<Command>C:\\Program Files\\Sluice\\sluice.exe</Command>');
  assert.match(file.text, 'run -c "C:\\a b\\\\" --state C:\\ProgramData\\Sluice\\state');
  assert.match(file.text, '<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
  assert.match(file.text, /<BootTrigger>[^]*<UserId>S-1-5-19<\/UserId>/);
  assert.is(file.encoding, 'utf16le');
});

for (const kind of ['systemd', 'launchd', 'task'] as const) {
  test(`${kind}: what Sluice wrote says so, and for which state folder`, () => {
    const { file } = planOf({ ...machine, kind });
    // An XML writer may have its quotes another way.
    const text = file.text.replaceAll('&quot;', '"');
    assert.match(text, writtenBy.replaceAll('"', '"'));
    assert.match(text, stateLine('/var/lib/sluice'));
    assert.is(stateFolderOf(text), '/var/lib/sluice');
  });
}

test.run();
