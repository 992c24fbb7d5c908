import { statfs } from 'node:fs/promises';
import type { ConditionJson } from '@sluice/control';
import { type AgentCondition, timeText } from '@sluice/core';
import { agentConditionJson, conditionText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';

/** The parts of the agent that the watcher of the state folder's disk uses. */
export interface StateDiskDependencies {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
  readonly log: (level: 'info' | 'warn', text: string) => void;
  /** Calls a person, once while the disk is nearly full. */
  readonly call: (condition: AgentCondition) => void;
  /** Reports that the condition for which a person was called has ended, and how many milliseconds it lasted. */
  readonly over: (forMs: number) => void;
  /** Returns the number of bytes that can still be written. Null: unknown. */
  readonly freeBytes?: (path: string) => Promise<number | null>;
}

interface NearlyFull {
  readonly since: number;
  /** Wall clock. */
  readonly sinceWall: number;
  freeBytes: number;
}

/** Watches the free space on the disk of the state folder. When that disk is full, no copy starts or finishes. */
export class StateDisk {
  readonly #dependencies: StateDiskDependencies;
  readonly #timer: Timer;
  #nearlyFull: NearlyFull | null = null;
  #hasEnded = false;

  constructor(dependencies: StateDiskDependencies) {
    this.#dependencies = dependencies;
    this.#timer = dependencies.makeTimer(() => void this.#again());
    this.#timer.set(dependencies.clock.monotonic());
  }

  /** Returns the condition that the nearly full disk is, for `status`. Null: there is enough room. */
  view(): ConditionJson | null {
    if (this.#nearlyFull === null) return null;
    const { freeBytes, sinceWall } = this.#nearlyFull;
    return agentConditionJson(this.#condition(freeBytes), timeText(sinceWall), true);
  }

  /** Stops watching. */
  end(): void {
    this.#hasEnded = true;
    this.#timer.clear();
  }

  /** Reads the free space. The next reading is planned after the answer, so a disk that hangs delays nothing else. */
  async #again(): Promise<void> {
    const { clock, freeBytes = freeBytesOf, stateDir } = this.#dependencies;
    const free = await freeBytes(stateDir);
    if (this.#hasEnded) return;
    if (free !== null) this.#judge(free);
    this.#timer.set(clock.monotonic() + limits.stateDiskEveryMs);
  }

  #judge(freeBytes: number): void {
    const { call, clock, log, over } = this.#dependencies;
    if (this.#nearlyFull === null) {
      if (freeBytes >= limits.stateDiskLowBytes) return;
      this.#nearlyFull = { since: clock.monotonic(), sinceWall: clock.wall(), freeBytes };
      const condition = this.#condition(freeBytes);
      log('warn', conditionText(condition));
      return call(condition);
    }
    this.#nearlyFull.freeBytes = freeBytes;
    if (freeBytes < limits.stateDiskEnoughBytes) return;
    const lastedMs = clock.monotonic() - this.#nearlyFull.since;
    this.#nearlyFull = null;
    log('info', 'the disk of the state folder has enough free room again');
    over(lastedMs);
  }

  #condition(freeBytes: number): AgentCondition {
    return { kind: 'state_disk_nearly_full', forMs: 0, stateDir: this.#dependencies.stateDir, freeBytes };
  }
}

async function freeBytesOf(path: string): Promise<number | null> {
  const disk = await statfs(path).catch(() => null);
  return disk === null || disk.blocks === 0 ? null : disk.bavail * disk.bsize;
}
