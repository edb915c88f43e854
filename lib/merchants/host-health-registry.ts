import { HostHealth } from '../transport/retry/host-health.js';
import type { AppAgent } from '../transport/http/https-agent.js';
import type { WxPayHttpService } from '../transport/http/axios-http-client.js';
import type { ResolvedOptions } from './resolve-options.js';

/**
 * Registry of the host health that merchants share.
 *
 * Merchants that connect directly share one, so that a failed host is detected once and not by each of a hundred tenants. A
 * merchant with an `HttpService` or an agent of the app shares only with merchants of the same one, because its proxy may
 * cause the failures. A merchant with a client certificate shares with none, because the host may refuse the certificate.
 */
export class HostHealthRegistry {
  readonly #direct = new HostHealth();
  readonly #ofRoutes = new WeakMap<WxPayHttpService | AppAgent, HostHealth>();

  for(options: ResolvedOptions): HostHealth {
    if (options.api === 'v2' && options.clientCertificate) return new HostHealth();
    const route = options.httpService ?? options.httpsAgent;
    if (route === undefined) return this.#direct;
    const known = this.#ofRoutes.get(route);
    if (known !== undefined) return known;
    const health = new HostHealth();
    this.#ofRoutes.set(route, health);
    return health;
  }
}
