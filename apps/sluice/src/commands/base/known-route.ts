import { nearest } from '@sluice/config';
import type { ControlClient, RouteJson } from '@sluice/control';
import { CommandError, exitCode } from '@sluice/words';

/** Returns a route of the agent. @throws CommandError if no route has this name */
export async function knownRoute(client: ControlClient, name: string): Promise<RouteJson> {
  const { routes } = await client.request('status', {});
  const route = routes.find((each) => each.name === name);
  if (route !== undefined) return route;
  const names = routes.map((each) => each.name);
  const near = nearest(name, names);
  const hint = near === null ? `the routes are ${names.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
  throw new CommandError(`no route is called ${JSON.stringify(name)}; ${hint}`, exitCode.badUsage);
}
