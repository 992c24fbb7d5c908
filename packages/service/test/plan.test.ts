import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planOf } from '../src/plan.ts';
import { stateFolderOf, stateLine, writtenBy } from '../src/service.ts';
import { commandLine, needsPassword } from '../src/windows/windows.ts';
import { machine, odd, onWindows } from './settings.ts';

test('systemd: the unit of a machine starts whatever paths are missing', () => {
  const { file, start } = planOf(machine);
  assert.is(file.path, '/etc/systemd/system/sluice.service');
  assert.match(
    file.text,
    '\nExecStart=/usr/local/bin/sluice run -c /etc/sluice/sluice.toml --state /var/lib/sluice --socket-group sluice\n',
  );
  assert.match(file.text, '\nUser=sluice\nExecStart=');
  assert.match(file.text, '\nDocumentation=file:///etc/sluice/sluice.toml\n');
  assert.match(file.text, '\nSuccessExitStatus=143 130\n');
  assert.match(file.text, '\nTimeoutStopSec=30\n');
  for (const key of ['ProtectSystem=full', 'NoNewPrivileges=yes', 'Restart=on-failure', 'RestartPreventExitStatus=2 4', 'KillMode=mixed'])
    assert.match(file.text, `\n${key}\n`);
  // The locks of routes lie there (`packages/lock/src/route-files.ts`), even while another agent of this user outlives the service.
  assert.match(file.text, '\nRuntimeDirectory=sluice\nRuntimeDirectoryPreserve=yes\n');
  assert.not.match(file.text, /^(?:ReadWritePaths|RequiresMountsFor|BindPaths|WorkingDirectory|ConditionPath|Requires)/m);
  assert.equal(start[0]?.argv, ['systemctl', 'start', 'sluice.service']);
});

test('systemd: a reload is the command, which says what is wrong', () => {
  assert.match(planOf(machine).file.text, '\nExecReload=/usr/local/bin/sluice reload --state /var/lib/sluice\n');
  assert.match(
    planOf({ ...machine, ...odd }).file.text,
    '\nExecReload="/opt/a b/\\"q\\"\\\\x $$HOME 100%%/sluice" reload --state /var/lib/sluice\n',
  );
});

test('systemd: the unit waits for the reports of the agent only where they can be sent', () => {
  const { text } = planOf(machine).file;
  for (const line of ['Type=notify', 'NotifyAccess=all', 'TimeoutStartSec=15min', 'WatchdogSec=3min']) assert.match(text, `\n${line}\n`);
  const silent = planOf({ ...machine, notifies: false }).file.text;
  assert.match(silent, '\nType=exec\n');
  assert.not.match(silent, /Notify|Watchdog/);
});

test('systemd: the service joins a group that may watch it and that its user is not in', () => {
  const { file } = planOf({ ...machine, group: 'operators', joins: 'operators' });
  assert.match(file.text, '\nUser=sluice\nSupplementaryGroups=operators\nExecStart=');
});

test("systemd: the unit of a user has no account, and no setting that only a machine's unit may have", () => {
  const { file, enable } = planOf({ ...machine, scope: 'user', user: null, group: null });
  assert.is(file.path, '/home/ann/.config/systemd/user/sluice.service');
  assert.not.match(file.text, /^(?:User|Group|Protect|CapabilityBoundingSet|RuntimeDirectory)/m);
  assert.match(file.text, 'WantedBy=default.target');
  assert.equal(enable[0]?.argv, ['systemctl', '--user', 'daemon-reload']);
});

test('systemd: words are not split, expanded or read as specifiers', () => {
  assert.match(planOf({ ...machine, ...odd }).file.text, '\nDocumentation=file:///e%%20$t/c.toml\n');
  assert.match(planOf({ ...machine, ...odd }).file.text, 'ExecStart="/opt/a b/\\"q\\"\\\\x $$HOME 100%%/sluice" run -c "/e $$t/c.toml"');
});

test('launchd: a property list with each word separate, restarted only after a failure', () => {
  const { file, start } = planOf({ ...machine, ...odd, kind: 'launchd' });
  assert.is(file.path, '/Library/LaunchDaemons/org.sluice.agent.plist');
  assert.match(file.text, '<string>/opt/a b/"q"\\x $HOME 100%/sluice</string>');
  assert.match(file.text, /<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/);
  assert.match(file.text, /<key>UserName<\/key>\s*<string>sluice<\/string>/);
  assert.equal(start[0]?.argv.slice(0, 3), ['launchctl', 'bootstrap', 'system']);
  assert.match(planOf({ ...machine, kind: 'launchd', scope: 'user' }).start[0]?.argv.join(' ') ?? '', 'gui/1000');
});

test('task: begins with the session of a user, has no time limit, and quotes as Windows does', () => {
  const { file, start } = planOf({ ...onWindows, kind: 'task', scope: 'user', config: 'C:\\a b\\' });
  assert.is(file.path, 'C:\\ProgramData\\Sluice\\state\\service.xml');
  assert.equal(start[0]?.argv, ['C:\\Windows\\System32\\schtasks.exe', '/Run', '/TN', '\\Sluice']);
  assert.match(file.text, '<Command>C:\\Program Files\\Sluice\\sluice.exe</Command>');
  assert.match(file.text, 'run -c "C:\\a b\\\\" --state C:\\ProgramData\\Sluice\\state');
  assert.match(file.text, '<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
  assert.match(file.text, /<LogonTrigger>[^]*<LogonType>InteractiveToken</);
  assert.is(file.encoding, 'utf16le');
});

test("windows: the host's file has a setting on each line, and a command line that Windows splits correctly", () => {
  const { file, host } = planOf({ ...onWindows, config: 'D:\\größe\\a b\\sluice.toml' });
  assert.equal([file.path, host], ['C:\\Program Files\\Sluice\\sluice-service.ini', 'C:\\Program Files\\Sluice\\sluice-service.exe']);
  assert.equal([file.encoding, file.text[0]], ['utf16le', '\ufeff']);
  assert.equal(file.text.split('\r\n').slice(2), [
    'account=NT SERVICE\\Sluice',
    'stop_within_ms=30000',
    'command="C:\\Program Files\\Sluice\\sluice.exe" run -c "D:\\größe\\a b\\sluice.toml" --state C:\\ProgramData\\Sluice\\state --until-stdin-closes',
    '',
  ]);
});

test('windows: every command for the service calls the host by its absolute path', () => {
  const { enable, start, disable, isActive, host } = planOf(onWindows);
  assert.equal(
    [enable[0], start[0], disable[0], isActive].map((step) => step?.argv),
    ['create', 'start', 'delete', 'running'].map((verb) => [host, verb]),
  );
});

test('windows: other users are locked out of the state and the configuration, by number and without following links', () => {
  const { enable, protect: steps } = planOf(onWindows);
  for (const { argv } of steps) assert.is(argv[0], 'C:\\Windows\\System32\\icacls.exe');
  assert.equal(
    steps.map(({ argv }) => argv.slice(1).join(' ')),
    [
      'C:\\ProgramData\\Sluice /setowner *S-1-5-32-544 /T /L /Q',
      'C:\\ProgramData\\Sluice /reset /T /L /Q',
      'C:\\ProgramData\\Sluice /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX /Q',
      'C:\\ProgramData\\Sluice\\state /setowner *S-1-5-32-544 /T /L /Q',
      'C:\\ProgramData\\Sluice\\state /reset /T /L /Q',
      'C:\\ProgramData\\Sluice\\state /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F NT SERVICE\\Sluice:(OI)(CI)M /Q',
      'C:\\ProgramData\\Sluice\\sluice.toml /grant NT SERVICE\\Sluice:R /Q',
    ],
  );
  assert.equal(enable.at(-1), steps.at(-1));
  const elsewhere = planOf({ ...onWindows, config: 'D:\\sluice.toml' }).protect.map(({ argv }) => argv[1]);
  assert.not(elsewhere.includes('C:\\ProgramData\\Sluice'));
});

for (const [user, account, isAsked] of [
  [null, 'NT SERVICE\\Sluice', false],
  ['NT AUTHORITY\\NetworkService', 'NT AUTHORITY\\NetworkService', false],
  ['LocalSystem', 'LocalSystem', false],
  ['STUDIO\\sluice$', 'STUDIO\\sluice$', false],
  ['STUDIO\\ann', 'STUDIO\\ann', true],
  ['ann@studio.example', 'ann@studio.example', true],
  ['ann', '.\\ann', true],
] as const) {
  test(`windows: the account ${user}`, () => {
    assert.match(planOf({ ...onWindows, user }).file.text, `\r\naccount=${account}\r\n`);
    assert.is(needsPassword({ user }), isAsked);
  });
}

test('commandLine: Windows splits it into the same words', () => {
  assert.is(commandLine(['a', 'b c', '', 'd"e', 'f\\', 'g h\\', 'i\\"j']), 'a "b c" "" "d\\"e" f\\ "g h\\\\" "i\\\\\\"j"');
});

for (const kind of ['systemd', 'launchd', 'task', 'windows'] as const) {
  test(`${kind}: the file says that Sluice wrote it, and for which state folder`, () => {
    const { file } = planOf({ ...machine, kind });
    // An XML writer may write quotes as entities.
    const text = file.text.replaceAll('&quot;', '"');
    assert.match(text, writtenBy.replaceAll('"', '"'));
    assert.match(text, stateLine('/var/lib/sluice'));
    assert.is(stateFolderOf(text), '/var/lib/sluice');
  });
}

test('planOf: a control character in a path or a name is refused, whatever the service manager', () => {
  const wrong = [
    { config: '/etc/x\nExecStartPre=/bin/touch /tmp/pwned\n.toml' },
    { user: 'a\nUser=root' },
    { stateDir: '/var/lib/\u001b[2J' },
    { group: 'g\r' },
    { program: ['/opt/\u0085/sluice'] as const },
  ];
  for (const kind of ['systemd', 'launchd', 'task', 'windows'] as const) {
    for (const change of wrong)
      assert.throws(
        () => planOf({ ...machine, kind, ...change }),
        /cannot install a service: the .* contains the control character U\+00/u,
      );
  }
});

test('systemd: a user is not a specifier, and the service is restarted if another agent runs', () => {
  const { text } = planOf({ ...machine, user: '50%h', joins: 'g%n' }).file;
  assert.match(text, '\nUser=50%%h\nSupplementaryGroups=g%%n\n');
  assert.match(text, '\nRestartPreventExitStatus=2 4\n');
});

test.run();
