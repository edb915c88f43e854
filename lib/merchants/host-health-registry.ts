import { HostHealth } from '../transport/retry/host-health.js';
import type { WxPayHttpService } from '../transport/http/axios-http-client.js';
import type { ResolvedOptions } from './resolve-options.js';

/**
 * Finds the host health that a merchant shares with others.
 *
 * Merchants that connect directly share one: a dead host is discovered once, not by each of a hundred tenants. A merchant
 * with an HTTP client of the app, whose proxy may be what fails, shares with the merchants of the same client only. A
 * merchant with a client certificate, which may be what the host refuses, shares with none.
 */
export class HostHealthRegistry {
  readonly #direct = new HostHealth();
  readonly #ofClients = new WeakMap<WxPayHttpService, HostHealth>();

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
