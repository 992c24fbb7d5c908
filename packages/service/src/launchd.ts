import { join } from 'node:path';
import { create } from 'xmlbuilder';
import { limits } from './limits.ts';
import { runArguments, type ServicePlan, type ServiceSettings, stateLine, writtenBy } from './service.ts';

const label = 'org.sluice.agent';

/** Returns the plan of a launchd job, of the machine or of a user (launchd.plist(5), launchctl(1)). */
export function launchdPlan(settings: ServiceSettings): ServicePlan {
  const isMachine = settings.scope === 'machine';
  const folder = isMachine ? '/Library/LaunchDaemons' : join(settings.home, 'Library/LaunchAgents');
  const path = join(folder, `${label}.plist`);
  const domain = isMachine ? 'system' : `gui/${settings.userId}`;
  return {
    file: { path, text: plistText(settings), encoding: 'utf8' },
    host: null,
    protect: [],
    enable: [],
    start: [{ argv: ['launchctl', 'bootstrap', domain, path], what: 'start the service with launchd' }],
    disable: [{ argv: ['launchctl', 'bootout', `${domain}/${label}`], what: 'stop the service with launchd' }],
    afterRemoval: [],
    isActive: { argv: ['launchctl', 'print', `${domain}/${label}`], what: 'query the service' },
    seeLog: join(settings.stateDir, 'sluice.log'),
  };
}

function plistText(settings: ServiceSettings): string {
  const root = create('plist', { version: '1.0', encoding: 'UTF-8' }, { pubID: '-//Apple//DTD PLIST 1.0//EN', sysID: dtd });
  root.comment(` ${writtenBy}; that command also removes it. ${stateLine(settings.stateDir).replaceAll('--', '- -')} `);
  const dict = root.att('version', '1.0').ele('dict');
  const text = (key: string, value: string): void => void dict.ele('key', key).up().ele('string', value);
  const flag = (key: string, value: boolean): void => void dict.ele('key', key).up().ele(String(value));
  text('Label', label);
  const words = dict.ele('key', 'ProgramArguments').up().ele('array');
  for (const word of runArguments(settings)) words.ele('string', word);
  if (settings.user !== null) text('UserName', settings.user);
  flag('RunAtLoad', true);
  // Restarted after a failure, but not when an operator ended it.
  dict.ele('key', 'KeepAlive').up().ele('dict').ele('key', 'SuccessfulExit').up().ele('false');
  dict
    .ele('key', 'ExitTimeOut')
    .up()
    .ele('integer', String(Math.ceil((settings.stopAfterMs + limits.graceMs) / 1000)));
  text('ProcessType', 'Interactive');
  return `${root.end({ pretty: true })}\n`;
}

const dtd = 'http://www.apple.com/DTDs/PropertyList-1.0.dtd';
