// timeout: 600s
import { copyFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../bed/wait.ts';
import { kitFolder, privateKey, realKit, remove } from '../../package/kit-bed.ts';
import { newer, newerExecutable } from '../../package/newer.ts';
import { shareCompiled } from '../../package/support.ts';
import { type Machine, makeMachine } from './systemd-bed.ts';

/**
 * A Debian 11 whose systemd runs, from the stick to the removal. The tests build upon each other. User rec records into a home
 * that is closed to others, ann is in the group of the service, bob has no rights.
 */
const root = kitFolder();
const unit = '/etc/systemd/system/sluice.service';
const config = '/etc/sluice/sluice.toml';
const withinMs = 30_000;
let machine: Machine | null = null;

test.before(async () => {
  const made = await makeMachine();
  if (typeof made === 'string') return void stdout.write(`skipped: a systemd that runs: ${made}\n`);
  machine = made;
  await furnish().catch(async (error: unknown) => {
    await made.remove();
    throw error;
  });
});
test.after(async () => {
  await machine?.remove();
  remove(root);
});

async function furnish(): Promise<void> {
  await shareCompiled(join(root, 'newer'));
  cpSync(await realKit(join(root, 'dist'), privateKey()), at('/media/stick'), { recursive: true });
  does(`for name in rec ann bob; do useradd --create-home "$name"; done && mkdir -p /mnt/nas /srv/second /ingest
    mount -t tmpfs tmpfs /mnt/nas && chmod 755 /mnt/nas && chmod 700 /home/rec && install -d -m 750 -o rec -g rec "/home/rec/day 1"`);
}

function scene(name: string, work: () => void | Promise<void>): void {
  test(`systemd: ${name}`, async () => {
    if (machine !== null) await work();
  });
}

/** Returns a path in the machine for this process. */
const at = (path: string): string => machine?.at(path) ?? path;

function tries(line: string, user?: string) {
  if (machine === null) throw new Error('there is no machine');
  return machine.run(line, user);
}

/** @returns its standard output */
function does(line: string, user?: string): string {
  const { status, stdout: written, stderr } = tries(line, user);
  assert.is(status, 0, `${line}: ${written}${stderr}`);
  return written;
}

function refuses(code: number, words: RegExp, line: string, user?: string): string {
  const { status, stderr } = tries(line, user);
  assert.is(status, code, `${line}: ${stderr}`);
  assert.match(stderr, words);
  return stderr;
}

/** Returns a property of the unit. */
function shown(property: string): string {
  return does(`systemctl show sluice.service --value --property ${property}`).trim();
}

function isUp(): boolean {
  return tries('sluice status >/dev/null').status !== 3;
}

/** Waits until the journal says that a file is copied, and compares it with the source. */
async function copied(source: string, from: string, to: string): Promise<void> {
  const isReported = () => does('sluice history --json').includes(`"source":${JSON.stringify(source)}`);
  await until(isReported, withinMs, () => tries('sluice status; sluice files --all; journalctl -u sluice -n 30 --no-pager').stdout);
  assert.ok(readFileSync(at(join(to, source))).equals(readFileSync(at(join(from, source)))), source);
}

/** Creates a file as a recorder whose files are private. */
function records(path: string): void {
  does(`umask 027 && head -c 100000 /dev/urandom >"${path}"`, 'rec');
}

scene(
  'the stick: folders that the user of the service may not use are named, with commands that give access, and nothing is installed',
  () => {
    assert.match(does('sh /media/stick/install.sh'), /installed: \/usr\/local\/bin\/sluice /);
    does('sluice init --from "/home/rec/day 1" --to /mnt/nas');
    const quick = readFileSync(at(config), 'utf8').replace(/^# (stable_after|scan_every) .*$/gm, '$1 = "300ms"');
    const second = '[[route]]\nname = "second"\nsource = "/ingest"\ndestination = "/srv/second"\nmax_rate = "4MB"\nstable_after = "300ms"';
    const space = '[route.space]\nkeep_free = "1MB"';
    writeFileSync(at(config), `${quick.replace(/^# (keep_free) .*$/m, '$1 = "1MB"')}\n${second}\n${space}\n`);
    records('/home/rec/day 1/old.mxf');
    const said = refuses(1, /no service was installed, because it would not work as sluice/, 'sluice service install');
    assert.match(said, /the source \/home\/rec\/day 1 cannot be read \(EACCES\): give sluice access with setfacl/);
    assert.match(said, /Sluice may not write to \/mnt\/nas; .*: give sluice access with setfacl/);
    assert.match(said, /Sluice may not write to \/srv\/second; .*: give sluice access with setfacl/);
    assert.not(existsSync(at(unit)));
    const advice = said.match(/setfacl (?:-R )?-m \S+ "[^"]+"/g) ?? [];
    assert.is(advice.length, 4, said);
    for (const line of advice) does(line);
  },
);

scene('installed: enabled, running as a separate user, and isolated from the system', async () => {
  const said = does('sluice service install');
  assert.match(said, /installed: .*sluice\.service\nmembers of the group sluice may watch and steer it/);
  assert.equal(['UnitFileState', 'ActiveState', 'Type', 'NRestarts'].map(shown), ['enabled', 'active', 'notify', '0']);
  assert.match(does('sluice service status'), /it is running/);
  const pid = shown('MainPID');
  const status = does(`cat /proc/${pid}/status`);
  const [user, group] = [does('id -u sluice').trim(), does('id -g sluice').trim()];
  assert.match(status, `\nUid:\t${[user, user, user, user].join('\t')}\nGid:\t${[group, group, group, group].join('\t')}\n`);
  assert.match(status, /\nCapEff:\t0+\nCapBnd:\t0+\n(?:.*\n)*NoNewPrivs:\t1\n/);
  for (const folder of ['/usr', '/etc', '/boot']) refuses(1, /Read-only file system/, `nsenter -m -t ${pid} touch ${folder}/written`);
  does(`nsenter -m -t ${pid} touch /home/rec/written`);
  await copied('old.mxf', '/home/rec/day 1', '/mnt/nas');
  records('/home/rec/day 1/new.mxf');
  await copied('new.mxf', '/home/rec/day 1', '/mnt/nas');
  assert.match(does('sluice history'), /new\.mxf .* verified\n/);
});

scene('a member of its group may watch and steer it, but not end what only root can start; other users may not even connect', () => {
  does('usermod -aG sluice ann');
  const pid = shown('MainPID');
  does('sluice status && sluice hold second --reason lunch && sluice release second', 'ann');
  assert.match(does('journalctl -u sluice --no-pager'), /second: held by ann \(not verified\): lunch/);
  refuses(1, /this user may not start the service again, so it was not stopped/, 'sluice restart --drain', 'ann');
  assert.is(shown('MainPID'), pid);
  for (const word of ['status', 'hold second', 'stop']) refuses(3, /belongs to sluice and refuses this user/, `sluice ${word}`, 'bob');
});

scene('systemctl reload: settings are taken over, systemd knows the verdict, and a mistake is reported and changes nothing', async () => {
  await until(
    () => /^everything is copied|^\d+ (?:copying|waiting)/.test(shown('StatusText')),
    withinMs,
    () => shown('StatusText'),
  );
  const pid = shown('MainPID');
  const good = readFileSync(at(config), 'utf8');
  writeFileSync(at(config), good.replace('max_rate = "4MB"', 'max_rate = "5MB"'));
  does('systemctl reload sluice');
  assert.match(does('journalctl -u sluice --no-pager'), /second: max_rate "4MB" -> "5MB"/);
  await until(() => shown('ActiveState') === 'active', withinMs);
  writeFileSync(at(config), `${good}\nkeep_fre = 1\n`);
  assert.is(tries('systemctl reload sluice').status, 1);
  assert.match(does('journalctl -u sluice --no-pager'), /goes on with its present settings: .*unknown key "keep_fre"/);
  writeFileSync(at(config), good);
  does('systemctl reload sluice');
  await until(() => shown('ActiveState') === 'active', withinMs);
  assert.is(shown('MainPID'), pid);
});

scene('the watchdog: an agent that is stopped is ended and started again', async () => {
  const pid = shown('MainPID');
  does(
    'mkdir -p /etc/systemd/system/sluice.service.d && printf "[Service]\\nWatchdogSec=4s\\nTimeoutAbortSec=1s\\n" >/etc/systemd/system/sluice.service.d/quick.conf',
  );
  does('systemctl daemon-reload && systemctl restart sluice');
  const watched = shown('MainPID');
  assert.is.not(watched, pid);
  does(`kill -STOP ${watched}`);
  await until(() => shown('NRestarts') === '1' && isUp(), withinMs);
  assert.match(does('journalctl -u sluice --no-pager'), /Watchdog timeout/);
  does('rm -r /etc/systemd/system/sluice.service.d && systemctl daemon-reload && systemctl restart sluice');
});

scene('killed, it is started again; with a wrong configuration it is not retried indefinitely, and can be removed', async () => {
  const pid = shown('MainPID');
  does(`kill -9 ${pid}`);
  await until(() => shown('NRestarts') === '1' && isUp(), withinMs);
  assert.is.not(shown('MainPID'), pid);
  assert.match(does('journalctl -u sluice --no-pager'), /status=9\/KILL[^]*Scheduled restart job/);
  const good = readFileSync(at(config), 'utf8');
  writeFileSync(at(config), `${good}\nkeep_fre = 1\n`);
  assert.is(tries('systemctl restart sluice').status, 1);
  await until(() => shown('SubState') !== 'running', withinMs);
  assert.equal(['SubState', 'Result', 'ExecMainStatus', 'NRestarts'].map(shown), ['failed', 'exit-code', '2', '0']);
  assert.match(does('journalctl -u sluice --no-pager'), /unknown key "keep_fre"/);
  assert.match(tries('sluice service status').stdout, /it is not running/);
  refuses(2, /unknown key "keep_fre"/, 'sluice start');
  does('sluice service uninstall');
  assert.not(existsSync(at(unit)));
  writeFileSync(at(config), good);
  does('sluice service install');
});

scene('missing storage does not keep it from starting, and is used as soon as it is mounted', async () => {
  does('systemctl stop sluice');
  assert.equal(['ActiveState', 'Result', 'ExecMainStatus'].map(shown), ['inactive', 'success', '143']);
  does('mkdir /srv/nas && mount --bind /mnt/nas /srv/nas && umount /mnt/nas && mv /srv/second /srv/away && systemctl start sluice');
  await until(isUp, withinMs);
  records('/home/rec/day 1/away.mxf');
  const asked = () => tries('sluice status --json').stdout;
  await until(() => /"operator":"WRONG DISK: [^"]*\/mnt\/nas [^]*\/srv\/second is missing/.test(asked()), withinMs, asked);
  assert.is(shown('ActiveState'), 'active');
  does('mount --bind /srv/nas /mnt/nas && umount /srv/nas && mv /srv/away /srv/second');
  await copied('away.mxf', '/home/rec/day 1', '/mnt/nas');
});

const hasBegun = () => tries('sluice files --json').stdout.includes('"status":"COPYING"');
const parts = () => does('find /srv/second -name "*.part"');

scene('a running copy: a stop withdraws it in time; after a shutdown of the machine it is copied at the next boot', async () => {
  does('head -c 24000000 /dev/urandom >/ingest/big.bin');
  await until(hasBegun, withinMs);
  const before = performance.now();
  does('systemctl stop sluice');
  assert.ok(performance.now() - before < 15_000);
  assert.equal([shown('ActiveState'), shown('Result'), parts()], ['inactive', 'success', '']);
  does('sluice start');
  await until(hasBegun, withinMs);
  await machine?.powerOff();
  await machine?.boot();
  does('mount -t tmpfs tmpfs /mnt/nas');
  await until(() => shown('ActiveState') === 'active' && isUp(), withinMs);
  await copied('big.bin', '/ingest', '/srv/second');
  assert.equal([does('ls /srv/second'), parts()], ['big.bin\n', '']);
  // What was in memory is gone: for Sluice it is another disk.
  does('sluice adopt ingest --yes');
});

scene('an upgrade: running copies are completed, and the new program is the main process of the unit', async () => {
  const pid = shown('MainPID');
  copyFileSync(await newerExecutable(join(root, 'newer')), at('/usr/local/bin/.sluice.new'));
  renameSync(at('/usr/local/bin/.sluice.new'), at('/usr/local/bin/sluice'));
  assert.match(does('sluice restart --drain'), /the service was restarted/);
  const { agent } = JSON.parse(tries('sluice status --json').stdout) as { agent: { pid: number; version: string } };
  assert.equal([agent.version, String(agent.pid), shown('NRestarts')], [newer.version, shown('MainPID'), '0']);
  assert.is.not(shown('MainPID'), pid);
  assert.is(does(`readlink /proc/${agent.pid}/exe`), '/usr/local/bin/sluice\n');
});

scene('installed again, for another group, and as a user whose primary group has another name', () => {
  assert.not.match(does('sluice service install'), /with the earlier settings/);
  refuses(2, /there is no group operators: create it/, 'sluice service install --group operators');
  does('groupadd operators && usermod -aG operators bob');
  assert.match(does('sluice service install --group operators'), /the service still runs with the earlier settings: run "sluice restart/);
  does('sluice restart --drain');
  refuses(3, /refuses this user/, 'sluice hold second', 'ann');
  does('sluice hold second && sluice release second', 'bob');
  does('sluice service uninstall && useradd --gid operators --groups rec cam && setfacl -m u:cam:x /home/rec');
  does('chown -R cam /var/lib/sluice /mnt/nas /srv/second && sluice service install --user cam');
  assert.match(does(`cat /proc/${shown('MainPID')}/status`), `\nGid:\t${does('id -g cam').trim()}\t`);
});

scene('uninstalled: nothing of the unit is left, even if its configuration is gone', () => {
  rmSync(at(config));
  assert.match(does('sluice service uninstall'), /removed: .*\nkept: .* the journal in \/var\/lib\/sluice/);
  assert.is(shown('LoadState'), 'not-found');
  assert.is(does('find /etc/systemd /run/systemd /usr/lib/systemd -name "*sluice*"; systemctl --failed --plain --no-legend'), '');
  assert.ok(existsSync(at('/var/lib/sluice/journal.db')));
  assert.match(does('sh /media/stick/install.sh --uninstall'), /removed: \/usr\/local\/bin\/sluice/);
});

scene(
  "a service of a user: without the user's systemd nothing is left behind; with it the service runs, and says for how long",
  async () => {
    does('mkdir -p ~/in ~/out ~/.config && sh /media/stick/install.sh && ~/.local/bin/sluice init --from ~/in --to ~/out', 'ann');
    const mine = '~/.local/bin/sluice service install --mine';
    refuses(1, /the systemd of ann cannot be reached from here; log in as that user/, mine, 'ann');
    assert.is(does('find ~/.config -name "*.service"', 'ann'), '');
    does('systemctl start "user@$(id -u ann)"');
    assert.match(does(mine, 'ann'), /the service runs only while ann is logged in; .*loginctl enable-linger ann/);
    does('loginctl enable-linger ann');
    assert.not.match(does(mine, 'ann'), /logged in/);
    assert.is(does('systemctl --user is-active sluice', 'ann'), 'active\n');
    assert.match(does('~/.local/bin/sluice restart && ~/.local/bin/sluice service status --mine', 'ann'), /it is running/);
    does('~/.local/bin/sluice service uninstall --mine', 'ann');
    assert.is(does('find ~/.config -name "*sluice.service"; systemctl --user list-units --all --plain --no-legend "sluice*"', 'ann'), '');
  },
);

test.run();
