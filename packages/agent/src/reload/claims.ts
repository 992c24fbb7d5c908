import type { Config } from '@sluice/config';
import type { RouteName, RouteSettings } from '@sluice/core/model';
import { claimRoute } from '@sluice/lock';
import type { Log } from '../log/log.ts';

/** How a process identifies itself in a lock. */
export interface Claimant {
  readonly stateDir: string;
  readonly version: string;
  readonly startedAt: string;
  readonly nativeBinding: object | undefined;
}

type RouteLock = Awaited<ReturnType<typeof claimRoute>>;

/** The locks of an agent's routes: no other agent of the machine copies along them. */
export class RouteClaims {
  readonly #claimant: Claimant;
  readonly #log: Log;
  readonly #locks = new Map<RouteName, RouteLock>();

  constructor(claimant: Claimant, log: Log) {
    this.#claimant = claimant;
    this.#log = log;
  }

  /**
   * Claims the routes of a configuration that are not claimed yet; all or none.
   * @throws RouteTaken if another agent has one
   */
  async claim(config: Config): Promise<void> {
    const claimed: RouteName[] = [];
    try {
      for (const route of config.routes) {
        if (this.#locks.has(route.name)) continue;
        this.#locks.set(route.name, await this.#lock(config, route));
        claimed.push(route.name);
      }
    } catch (error) {
      for (const name of claimed) this.release(name);
      throw error;
    }
  }

  release(route: RouteName): void {
    this.#locks.get(route)?.release();
    this.#locks.delete(route);
  }

  #lock(config: Config, route: RouteSettings): Promise<RouteLock> {
    const onWarning = (message: string): void => this.#log.warn(message);
    const source = resolvedFolder(config, route, 'source');
    const destination = resolvedFolder(config, route, 'destination');
    return claimRoute({ ...this.#claimant, route: route.name, source, destination, onWarning });
  }
}

/** Returns what a folder really is: two agents must not share it under two names. */
function resolvedFolder(config: Config, route: RouteSettings, role: 'source' | 'destination'): string {
  return config.folders.find((folder) => folder.route === route.name && folder.role === role)?.resolved ?? route[role];
}
