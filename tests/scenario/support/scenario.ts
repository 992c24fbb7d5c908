import type { FileJson } from '@sluice/control';
import { viewFile } from '@sluice/core';
import { type GateCause, routeName } from '@sluice/core/model';
import type { FakeDestination, FakeSource } from '@sluice/testkit';
import { fileJson } from '@sluice/words';
import * as assert from 'uvu/assert';
import { brokenPeace, brokenPromises } from '../../sim/invariants.ts';
import { type Simulation, type SimulationOptions, simulate } from '../../sim/simulate.ts';
import { type Witness, watch } from '../../sim/witness.ts';

/**
 * A scenario in simulated time: the test changes `source` and `destination`, lets time pass, and asks what became of the files.
 * While time passes, every promise is checked.
 */
export interface Scenario {
  readonly sim: Simulation;
  readonly witness: Witness;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  /** Lets this many simulated seconds pass. */
  pass(seconds: number): void;
  /** Lets time pass until something is true. @returns the seconds it took; fails if it does not become true in time */
  passUntil(what: string, isSo: () => boolean, withinSeconds: number): number;
  /** Lets time pass until everything at the source is copied in its present form. @returns the seconds it took */
  passUntilCopied(withinSeconds: number): number;
  /** Lets half an hour pass in which nothing happens. Afterwards the destination may have no file that nothing tracks. */
  passInPeace(): void;
  /** Returns all attempts to copy a source path, oldest first, as an operator would see them. */
  views(path: string, route?: string): FileJson[];
  /** Returns the newest of them, or null if there is none. */
  newest(path: string, route?: string): FileJson | null;
  /** Returns the newest of them. There has to be one. */
  last(path: string, route?: string): FileJson;
  /** Returns the attempts in short: `FAILED network_interruption clip.mxf`, `READY network clip_1.mxf`. */
  story(path: string, route?: string): string[];
  /** Returns the names at the destination. */
  names(): string[];
  gate(): { readonly state: 'open' | 'closed'; readonly cause: GateCause | null };
}

const peaceSeconds = 1_800;
const pollEveryMs = 1_000;

/** Starts an agent in simulated time, with an empty source and destination. */
export function scenario(options: SimulationOptions = {}): Scenario {
  const sim = simulate(options);
  const witness = watch(sim);

  const keepPromises = (): void => assert.equal(brokenPromises(sim, witness), [], 'broken promises');

  const pass = (seconds: number): void => {
    const until = sim.clock.monotonic() + seconds * 1_000;
    while (sim.clock.monotonic() < until) {
      sim.run(Math.min(pollEveryMs, until - sim.clock.monotonic()));
      keepPromises();
    }
  };

  const passUntil = (what: string, isSo: () => boolean, withinSeconds: number): number => {
    const begunAt = sim.clock.monotonic();
    const until = begunAt + withinSeconds * 1_000;
    while (!isSo() && sim.clock.monotonic() < until) {
      sim.runUntil(isSo, Math.min(pollEveryMs, until - sim.clock.monotonic()));
      keepPromises();
    }
    assert.ok(isSo(), `not within ${withinSeconds} s: ${what}`);
    return (sim.clock.monotonic() - begunAt) / 1_000;
  };

  const gateOf = (route: string): { state: 'open' | 'closed'; cause: GateCause | null } => {
    const gate = sim.loop().state.routes.get(routeName(route))?.gate;
    assert.ok(gate !== undefined, `no route ${route}`);
    return { state: gate.state, cause: gate.cause };
  };

  /** The agent knows more about running copies than its journal. */
  const views = (path: string, route = 'sim'): FileJson[] =>
    sim
      .files()
      .filter((file) => file.source === path && file.route === route)
      .map((file) => fileJson(viewFile(sim.loop().state.files.get(file.id) ?? file, gateOf(route).state === 'open')));

  const newest = (path: string, route = 'sim'): FileJson | null => views(path, route).at(-1) ?? null;

  const last = (path: string, route = 'sim'): FileJson => {
    const view = newest(path, route);
    assert.ok(view !== null, `${path} was never found`);
    return view;
  };

  return {
    sim,
    witness,
    source: sim.source,
    destination: sim.destination,
    pass,
    passUntil,
    passUntilCopied: (withinSeconds) => passUntil('everything is copied', sim.isCopied, withinSeconds),
    passInPeace() {
      pass(peaceSeconds);
      assert.ok(sim.isCopied(), 'what was carried no longer is');
      assert.equal(brokenPeace(sim, witness), [], 'broken promises');
    },
    views,
    newest,
    last,
    story: (path, route = 'sim') => views(path, route).map(inShort),
    names: () => sim.destination.names(),
    gate: () => gateOf('sim'),
  };
}

function inShort({ status, hold, error, destination }: FileJson): string {
  return [status, hold ?? error?.kind ?? null, destination].filter((word) => word !== null).join(' ');
}
