import { HttpService } from '@nestjs/axios';
import type { AxiosError, AxiosInstance } from 'axios';
import { describe, expect, it } from '@jest/globals';
import { WxPayTransportError, type WxPayV3Options } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { REFUSING } from '../../support/harness/two-hosts.js';

const sandbox = useSandbox();
const POST = { method: 'POST', path: '/v3/security/echo', body: { echo_message: 'Hello' } } as const;
const NOTHING_SENT = 'Nothing was sent, as no connection could be made: check DNS';

/** The `HttpService` of an app. */
function httpServiceWith(defaults: object, change: (axiosRef: AxiosInstance) => void = () => undefined) {
  const axiosRef = new HttpService().axiosRef.create({ proxy: false, ...defaults });
  change(axiosRef);
  return new HttpService(axiosRef);
}

const post = (options: Partial<WxPayV3Options>) => sandbox.merchantWith(options).client.request(POST);

/** An interceptor that sends a request again, to a host that refuses connections. */
const retriesWith = (changes: object) => (axiosRef: AxiosInstance) => {
  let isRetried = false;
  axiosRef.interceptors.response.use(undefined, (error: AxiosError) => {
    if (isRetried) throw error;
    isRetried = true;
    return axiosRef.request({ ...error.config, url: REFUSING, ...changes });
  });
};

describe('a POST over the httpService of an app', () => {
  it.each<[code: string, host: string, defaults: object]>([
    ['ECONNREFUSED', REFUSING, {}],
    ['ECONNREFUSED', 'http://localhost:1', {}],
    ['ENOTFOUND', 'https://nothing.invalid', {}],
    ['ECONNREFUSED', 'https://api.example', { proxy: { protocol: 'http', host: '127.0.0.1', port: 1 } }],
  ])('was not sent if the connection failed with %s: %s, %j', async (code, host, defaults) => {
    const error = await failureOf(
      WxPayTransportError,
      post({ hosts: [host], httpService: httpServiceWith(defaults) }),
    );

    expect(error.message).toContain(code);
    expect(error.message).toContain(NOTHING_SENT);
    expect(error.message).not.toContain('HTTPS_PROXY');
    expect(error.outcomeUnknown).toBeUndefined();
  });

  it('is sent to the other host if no connection to the first one was made', async () => {
    const hosts = [REFUSING, sandbox.gateway.url];

    const reply = await post({ hosts, httpService: httpServiceWith({}) });

    expect(reply).toMatchObject({ echo_message: 'Hello' });
  });

  it.each<[name: string, change: (axiosRef: AxiosInstance) => void]>([
    ['as it was', retriesWith({})],
    ['with other transforms', retriesWith({ transformRequest: [(data: unknown) => data] })],
  ])(
    'has an unknown outcome if an interceptor sent it again %s, and only then was refused',
    async (_, change) => {
      sandbox.gateway.next({ fault: 'reset' });
      const httpService = httpServiceWith({}, change);

      const error = await failureOf(WxPayTransportError, post({ httpService, hosts: [sandbox.gateway.url] }));

      expect(error.message).toContain('ECONNREFUSED');
      expect(error.outcomeUnknown).toBe(true);
    },
  );

  it('has an unknown outcome if an interceptor could not connect to its store after the reply', async () => {
    const httpService = httpServiceWith({}, ({ interceptors }) => {
      interceptors.response.use(() => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
      });
    });

    const error = await failureOf(WxPayTransportError, post({ httpService }));

    expect(error.outcomeUnknown).toBe(true);
  });
});
