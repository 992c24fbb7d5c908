import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ServiceSettings } from './service.ts';

/** Where logind notes whose services run without a login (loginctl(1), enable-linger). */
const lingering = '/var/lib/systemd/linger';

/** What a user has to know whose services end when the last login does; nothing where they go on. */
export function lingerAdvice({ kind, scope }: Pick<ServiceSettings, 'kind' | 'scope'>): readonly string[] {
  if (kind !== 'systemd' || scope !== 'user') return [];
  const { username } = userInfo();
  if (existsSync(join(lingering, username))) return [];
  return [`it runs only while ${username} is logged in; from the machine's start on with: sudo loginctl enable-linger ${username}`];
}
