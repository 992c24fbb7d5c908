import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileJson } from '@sluice/control';
import { type FaultMount, makeFaultMount } from './fault-mount.ts';
import { type Folders, makeFolders } from './folders.ts';
import { type Agent, describe, startConfigured } from './sluice.ts';
import { until } from './wait.ts';

/** A source that several routes copy from. */
export interface SharedSource {
  readonly folders: Folders;
  /** The source, without a page cache: what several routes read is read several times. */
  readonly source: FaultMount;
}

export async function makeSharedSource(): Promise<SharedSource> {
  const [folders, source] = [await makeFolders(), await makeFaultMount()];
  await source.uncached();
  return { folders, source };
}

/** Removes it, after its agents have ended. */
export async function removeSharedSource({ folders, source }: SharedSource): Promise<void> {
  await source.remove();
  await folders.remove();
}

/**
 * Starts an agent with a route to each of these folders.
 *
 * @param destinations folders by the name of the route
 * @param rate limit of each route, as in the configuration
 */
export async function startRoutes(
  { folders, source }: SharedSource,
  destinations: Readonly<Record<string, string>>,
  rate: string,
): Promise<Agent> {
  const common = `stable_after = "500ms"\nscan_every = "500ms"\nstall_after = "4s"\nmax_rate = "${rate}"`;
  const tables = '[route.space]\nkeep_free = "1MB"\n[route.probe]\nopen = "500ms"\nclosed = "300ms"\ndeadline = "2s"';
  const routes = Object.entries(destinations).map(
    ([name, path]) => `[[route]]\nname = "${name}"\nsource = "${source.path}"\ndestination = "${path}"\n${common}\n${tables}\n`,
  );
  const config = join(folders.root, 'sluice.toml');
  await writeFile(config, routes.join('\n'));
  return startConfigured(config, folders.stateDir);
}

/** Waits until this route has copied its only file, which may have happened before this agent began. */
export function completedOn(agent: Agent, route: string): Promise<FileJson> {
  return until(
    async () => (await agent.files().catch(() => [])).find((file) => file.route === route && file.status === 'COMPLETED'),
    90_000,
    () => describe(agent),
  );
}
