import { HostHealth } from '../transport/retry/host-health.js';
import type { WxPayHttpService } from '../transport/http/axios-http-client.js';
import type { ResolvedOptions } from './resolve-options.js';

/**
 * Registry of the host health that merchants share.
 *
 * Merchants that connect directly share one, so that a failed host is detected once and not by each of a hundred tenants. A
 * merchant with an `HttpService` of the app shares only with merchants of the same `HttpService`, because its proxy may cause
 * the failures. A merchant with a client certificate shares with none, because the host may refuse the certificate.
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
