// Prints what happens in one seed: npm run story -- SEED [PART OF A SOURCE NAME]
import { argv, exit, stdout } from 'node:process';
import type { FileEvent, GateEvent } from '@sluice/core';
import { swarm } from './swarm.ts';

const [, , seed = '1', only = ''] = argv;
const { broken } = swarm(Number(seed), ({ clock, journal, fakeRoutes }) => {
  const say = (text: string): void => void stdout.write(`${(clock.monotonic() / 1000).toFixed(1).padStart(7)} s  ${text}\n`);
  for (const { route, destination } of fakeRoutes) {
    const setWeather = destination.setWeather.bind(destination);
    destination.setWeather = (weather) => {
      say(`${route}: the storage is ${weather}`);
      setWeather(weather);
    };
  }
  journal.onRecord((record) => {
    if (record.kind === 'gate') say(`${record.route}: ${gateText(record.event)}`);
    if (record.kind !== 'transition' || !record.file.source.includes(only)) return;
    const { source, destination, route } = record.file;
    say(`${route}: ${source} as ${destination}: ${record.from ?? 'new'} > ${record.to} (${eventText(record.event)})`);
  });
});
stdout.write(broken.map((line) => `broken: ${line}\n`).join('') || 'no promise broke\n');
exit(broken.length === 0 ? 0 : 1);

function gateText(event: GateEvent): string {
  return event.kind === 'gate_opened' ? 'gate open' : `gate closed ${event.cause}`;
}

function eventText(event: FileEvent): string {
  return event.kind === 'failed' ? event.error : event.kind;
}
