import { win32 } from 'node:path';
import { create } from 'xmlbuilder';
import { runArguments, type ServicePlan, type ServiceSettings, type ServiceStep, stateLine, writtenBy } from '../service.ts';
import { commandLine } from './windows.ts';

const task = '\\Sluice';

/**
 * Returns the plan of a Windows task that begins with the session of a user (Task Scheduler schema 1.2). A user without
 * administrator rights may create one.
 */
export function taskPlan(settings: ServiceSettings): ServicePlan {
  const path = win32.join(settings.stateDir, 'service.xml');
  const schtasks = (what: string, ...args: string[]): ServiceStep => ({
    argv: [win32.join(settings.windows.systemRoot, 'System32\\schtasks.exe'), ...args],
    what,
  });
  return {
    file: { path, text: taskText(settings), encoding: 'utf16le' },
    host: null,
    protect: [],
    enable: [schtasks('register the task with Windows', '/Create', '/TN', task, '/XML', path, '/F')],
    start: [schtasks('start the task', '/Run', '/TN', task)],
    disable: [schtasks('remove the task', '/Delete', '/TN', task, '/F')],
    afterRemoval: [],
    isActive: schtasks('query the task', '/Query', '/TN', task),
    seeLog: win32.join(settings.stateDir, 'sluice.log'),
  };
}

function taskText(settings: ServiceSettings): string {
  const [program = '', ...args] = runArguments(settings);
  const root = create('Task', { version: '1.0', encoding: 'UTF-16' });
  root.att('version', '1.2').att('xmlns', 'http://schemas.microsoft.com/windows/2004/02/mit/task');
  root.ele('RegistrationInfo').ele('Description', `${writtenBy}; that command also removes it. ${stateLine(settings.stateDir)}`);
  root.ele('Triggers').ele('LogonTrigger').ele('Enabled', 'true');
  const principal = root.ele('Principals').ele('Principal', { id: 'agent' });
  principal.ele('LogonType', 'InteractiveToken').up().ele('RunLevel', 'LeastPrivilege');
  const rules = root.ele('Settings');
  for (const [name, value] of ruleValues) rules.ele(name, value);
  rules.ele('RestartOnFailure').ele('Interval', 'PT1M').up().ele('Count', '999');
  const exec = root.ele('Actions', { Context: 'agent' }).ele('Exec');
  exec.ele('Command', program);
  exec.ele('Arguments', commandLine(args));
  // UTF-16 with a byte order mark, which the schema's own tools write and always read.
  return `\ufeff${root.end({ pretty: true })}\n`;
}

const ruleValues: readonly (readonly [string, string])[] = [
  ['MultipleInstancesPolicy', 'IgnoreNew'],
  ['DisallowStartIfOnBatteries', 'false'],
  ['StopIfGoingOnBatteries', 'false'],
  ['ExecutionTimeLimit', 'PT0S'],
  ['StartWhenAvailable', 'true'],
];
