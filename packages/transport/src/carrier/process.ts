import { runChild } from '@sluice/child';
import { cacheMsOfPath } from '@sluice/platform';
import { mountedFolder } from '../mounted/folder.ts';
import { createCarrier } from './carrier.ts';
import type { CarrierCommand, CarrierInit, CarrierMessage } from './messages.ts';

/** The word after `__child` that makes the program a carrier. */
export const carrierKind = 'carrier';

/**
 * What a carrier's environment needs: a hung call holds a thread forever, and every lane reads, writes and syncs at
 * the same time.
 *
 * @param lanes stable and growing ones together.
 */
export function carrierEnvironment(lanes: number): Readonly<Record<string, string>> {
  const threads = Math.min(maxThreads, lanes * threadsPerLane + threadsSpare);
  return { UV_THREADPOOL_SIZE: String(threads) };
}

const threadsPerLane = 4;
const threadsSpare = 8;
/** libuv takes no more. */
const maxThreads = 1024;

/** Makes this process the carrier of one route; ends with its channel. */
export function runCarrier(): void {
  runChild<CarrierInit, CarrierCommand, CarrierMessage>((init, channel) => {
    const { source, destination } = init.route;
    const dependencies = {
      source: mountedFolder(source),
      destination: mountedFolder(destination),
      sourceCacheMs: () => cacheMsOfPath(source),
    };
    // What comes before the carrier is ready waits in the channel.
    void createCarrier(init, channel, dependencies).then((carrier) => {
      channel.setActivity(carrier.activity);
      channel.closed.addEventListener('abort', carrier.end);
      channel.onMessage(carrier.receive);
    });
  });
}
