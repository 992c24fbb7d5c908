import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { limits } from './limits.ts';
import {
  reloadArguments,
  runArguments,
  type ServicePlan,
  type ServiceSettings,
  type ServiceStep,
  serviceName,
  stateLine,
  writtenBy,
} from './service.ts';

const unit = `${serviceName}.service`;

/** Returns the plan of a systemd unit, of the machine or of a user (systemd.unit(5), systemd.service(5), systemd.exec(5)). */
export function systemdPlan(settings: ServiceSettings): ServicePlan {
  const isMachine = settings.scope === 'machine';
  const folder = isMachine ? '/etc/systemd/system' : join(settings.home, '.config/systemd/user');
  const systemctl = (what: string, ...args: string[]): ServiceStep => ({
    argv: ['systemctl', ...(isMachine ? [] : ['--user']), ...args],
    what,
  });
  const start = systemctl('start the service', 'start', unit);
  return {
    file: { path: join(folder, unit), text: unitText(settings), encoding: 'utf8' },
    host: null,
    protect: [],
    enable: [systemctl('reload the unit files of systemd', 'daemon-reload'), systemctl('enable the service', 'enable', unit)],
    start: [start],
    mayStart: start,
    disable: [systemctl('stop and disable the service', 'disable', '--now', unit)],
    afterRemoval: [systemctl('reload the unit files of systemd', 'daemon-reload')],
    isActive: systemctl('query the service', 'is-active', '--quiet', unit),
    seeLog: `journalctl ${isMachine ? '' : '--user '}-u ${serviceName}`,
  };
}

function unitText(settings: ServiceSettings): string {
  const { scope, user, joins, config, stateDir, stopAfterMs } = settings;
  // Without Group= the service runs in the user's primary group, whose name may differ from the user's.
  const account = [
    ...(user === null ? [] : [`User=${escaped(user)}`]),
    ...(joins === null ? [] : [`SupplementaryGroups=${escaped(joins)}`]),
  ];
  return `# ${writtenBy}; that command also removes it.
# ${stateLine(stateDir)}

[Unit]
Description=Sluice carries recordings to storage
# The settings, with their explanations. "sluice --help" lists the commands.
Documentation=${escaped(pathToFileURL(config).href)}
# Not after remote-fs.target: the agent waits for storage by itself, and is there to say so meanwhile.
After=local-fs.target

[Service]
${settings.notifies ? reports : 'Type=exec'}
${[...account, ''].join('\n')}ExecStart=${commandLine(runArguments(settings))}
# "systemctl reload" fails if sluice.toml has a mistake, or if a part of it needs a restart; the journal of systemd says which.
ExecReload=${commandLine(reloadArguments(settings))}
# SIGTERM goes to the agent alone: it ends its copies cleanly, and then its children.
KillMode=mixed
TimeoutStopSec=${Math.ceil((stopAfterMs + limits.graceMs) / 1000)}
# How it ends on SIGTERM and SIGINT.
SuccessExitStatus=143 130
Restart=on-failure
RestartSec=5
# A bad configuration, a journal that cannot be used: trying again changes nothing. A state folder or a route that another
# agent has (5) is tried again: that one ends some day.
RestartPreventExitStatus=2 4
LimitNOFILE=65536
UMask=0022
${scope === 'machine' ? `${ofMachine.join('\n')}\n` : ''}
[Install]
WantedBy=${scope === 'machine' ? 'multi-user.target' : 'default.target'}
`;
}

/**
 * The agent reports its state by `systemd-notify`, which is another process of the unit. It may migrate a large journal before it is
 * ready. Without a sign of life from its loop for `WatchdogSec`, it is ended and started again.
 */
const reports = `Type=notify
NotifyAccess=all
TimeoutStartSec=15min
WatchdogSec=3min`;

function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/**
 * None of these settings names a path that has to exist: a unit with one would not start while the path is missing. Homes may be
 * sources.
 */
const ofMachine = [
  'ProtectSystem=full',
  'NoNewPrivileges=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'RestrictSUIDSGID=yes',
  'RestrictRealtime=yes',
  'LockPersonality=yes',
  'RestrictNamespaces=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  'CapabilityBoundingSet=',
  'SystemCallArchitectures=native',
  // `/run/sluice` of the service's user, for the locks of its routes. It is kept, because another agent of the same user may hold
  // one there.
  'RuntimeDirectory=sluice',
  'RuntimeDirectoryPreserve=yes',
];

/** Escapes a value that is not a command line: a percent sign begins a specifier (systemd.unit(5)). */
function escaped(value: string): string {
  return value.replaceAll('%', '%%');
}

/** Quotes a word of a command line, without specifiers and variables (systemd.service(5), "Command lines"). */
function quoted(word: string): string {
  const plain = escaped(word).replaceAll('$', '$$$$');
  return /^[A-Za-z0-9_/.,:=@+%$-]+$/.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Where logind notes the users whose services run without a login (loginctl(1), enable-linger). */
const lingering = '/var/lib/systemd/linger';

/** Returns advice for a user whose services end with the last login; empty if they continue. */
export function lingerAdvice({ kind, scope }: Pick<ServiceSettings, 'kind' | 'scope'>): readonly string[] {
  if (kind !== 'systemd' || scope !== 'user') return [];
  const { username } = userInfo();
  if (existsSync(join(lingering, username))) return [];
  return [
    `the service runs only while ${username} is logged in; to run it from the start of the machine: sudo loginctl enable-linger ${username}`,
  ];
}
