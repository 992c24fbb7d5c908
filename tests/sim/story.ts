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
    const exchange = destination.exchange.bind(destination);
    destination.exchange = (marker, mountId) => {
      say(`${route}: another disk, ${marker === null ? 'without a marker' : marker}`);
      return exchange(marker, mountId);
    };
    const bringBack = destination.bringBack.bind(destination);
    destination.bringBack = (disk) => {
      say(`${route}: disk ${destination.disks().indexOf(disk)} is back (${disk.marker})`);
      bringBack(disk);
    };
    const empty = destination.empty.bind(destination);
    destination.empty = () => {
      say(`${route}: somebody removes all files`);
      empty();
    };
    const takeAway = destination.takeAway.bind(destination);
    destination.takeAway = (name) => {
      say(`${route}: somebody removes ${name}`);
      takeAway(name);
    };
  }
  journal.onRecord((record) => {
    if (record.kind === 'gate') say(`${record.route}: ${gateText(record.event)}`);
    if (record.kind === 'route_fact' && record.event.kind.startsWith('destination_')) say(`${record.route}: ${record.event.kind}`);
    if (record.kind === 'file_fact' && record.event.kind === 'asked' && record.file.source.includes(only))
      say(`${record.file.route}: an operator asks for ${record.event.action} of ${record.file.source}`);
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
