import type { HttpService } from '@nestjs/axios';
import { HostHealth } from '../transport/host-health.js';
import type { ResolvedOptions } from './resolve-options.js';

/**
 * Which merchants share what is known about the hosts.
 *
 * Those that connect directly do: a dead host is discovered once, not by each of a hundred tenants. One with a client of
 * its own, whose proxy may be what fails, shares with the merchants that have the same client only. One with a client
 * certificate, which may be what the host refuses, shares with nobody.
 */
export class HostHealths {
  readonly #direct = new HostHealth();
  readonly #ofClients = new WeakMap<HttpService, HostHealth>();

  for(options: ResolvedOptions): HostHealth {
    const { httpService } = options;
    if (httpService === undefined) {
      return options.api === 'v2' && options.clientCertificate ? new HostHealth() : this.#direct;
    }
    const known = this.#ofClients.get(httpService);
    if (known !== undefined) return known;
    const health = new HostHealth();
    this.#ofClients.set(httpService, health);
    return health;
  }
}
