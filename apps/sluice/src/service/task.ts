import { win32 } from 'node:path';
import { create } from 'xmlbuilder';
import { runArguments, type ServicePlan, type ServiceSettings, stateLine, writtenBy } from './service.ts';

const task = '\\Sluice';

/**
 * A task of Windows that begins with the machine, or with the session of a user (Task Scheduler schema 1.2). What the service
 * control manager starts has to speak its protocol, which a program on Node cannot without a helper; a task needs none.
 */
export function taskPlan(settings: ServiceSettings): ServicePlan {
  const path = win32.join(settings.stateDir, 'service.xml');
  return {
    file: { path, text: taskText(settings), encoding: 'utf16le' },
    enable: [{ argv: ['schtasks', '/Create', '/TN', task, '/XML', path, '/F'], what: 'have Windows take the task' }],
    start: [{ argv: ['schtasks', '/Run', '/TN', task], what: 'start it' }],
    disable: [{ argv: ['schtasks', '/Delete', '/TN', task, '/F'], what: 'remove the task' }],
    afterRemoval: [],
    isActive: { argv: ['schtasks', '/Query', '/TN', task], what: 'ask for it' },
    seeLog: win32.join(settings.stateDir, 'sluice.log'),
  };
}

function taskText(settings: ServiceSettings): string {
  const [program = '', ...args] = runArguments(settings);
  const root = create('Task', { version: '1.0', encoding: 'UTF-16' });
  root.att('version', '1.2').att('xmlns', 'http://schemas.microsoft.com/windows/2004/02/mit/task');
  root.ele('RegistrationInfo').ele('Description', `${writtenBy}; that command also removes it. ${stateLine(settings.stateDir)}`);
  const trigger = root.ele('Triggers').ele(settings.scope === 'machine' ? 'BootTrigger' : 'LogonTrigger');
  trigger.ele('Enabled', 'true');
  const principal = root.ele('Principals').ele('Principal', { id: 'agent' });
  if (settings.scope === 'machine') principal.ele('UserId', settings.user ?? 'S-1-5-19');
  else principal.ele('LogonType', 'InteractiveToken');
  principal.ele('RunLevel', 'LeastPrivilege');
  const rules = root.ele('Settings');
  for (const [name, value] of ruleValues) rules.ele(name, value);
  rules.ele('RestartOnFailure').ele('Interval', 'PT1M').up().ele('Count', '999');
  const exec = root.ele('Actions', { Context: 'agent' }).ele('Exec');
  exec.ele('Command', program);
  exec.ele('Arguments', args.map(quoted).join(' '));
  // With its mark: the encoding that the schema's own tools write, and read without fail.
  return `\ufeff${root.end({ pretty: true })}\n`;
}

const ruleValues: readonly (readonly [string, string])[] = [
  ['MultipleInstancesPolicy', 'IgnoreNew'],
  ['DisallowStartIfOnBatteries', 'false'],
  ['StopIfGoingOnBatteries', 'false'],
  ['ExecutionTimeLimit', 'PT0S'],
  ['StartWhenAvailable', 'true'],
];

/** As `CommandLineToArgvW` takes a word: backslashes before a quote are doubled. */
function quoted(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
