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
 * A story in simulated time: the scene is set on `source` and `destination`, time passes, and what the files came to is
 * asked for. While time passes every promise is looked after.
 */
export interface Scenario {
  readonly sim: Simulation;
  readonly witness: Witness;
  readonly source: FakeSource;
  readonly destination: FakeDestination;
  /** Lets so many simulated seconds pass. */
  pass(seconds: number): void;
  /** @returns the seconds it took; fails where it did not come true in time */
  passUntil(what: string, isSo: () => boolean, withinSeconds: number): number;
  /** Until all that is at the source is copied as it is there. @returns the seconds it took */
  passUntilCopied(withinSeconds: number): number;
  /** Half an hour in which nothing happens: nothing may be left at the destination that nobody knows of. */
  passInPeace(): void;
  /** All attempts to copy a source path, oldest first, as an operator would see them. */
  views(path: string, route?: string): FileJson[];
  /** The newest of them, or null where none was made yet. */
  newest(path: string, route?: string): FileJson | null;
  /** The newest of them; there has to be one. */
  last(path: string, route?: string): FileJson;
  /** The attempts in short: `FAILED network_interruption clip.mxf`, `READY network clip_1.mxf`. */
  story(path: string, route?: string): string[];
  /** What is at the destination. */
  names(): string[];
  gate(): { readonly state: 'open' | 'closed'; readonly cause: GateCause | null };
}

const peaceSeconds = 1_800;
const pollEveryMs = 1_000;

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

  /** What runs is known better to the agent than to its journal. */
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
