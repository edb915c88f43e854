import { inspect } from 'node:util';
import {
  HmacSha256Signer,
  type PlatformCertificateVerifierOptions,
  type WxPayV2Options,
  type WxPayV3Options,
  type WxPayVerifier,
} from '../index.js';
import type { MockBehaviour } from './behaviour.js';
import { issueClientCertificate, type MockClientCertificate } from './client-certificate.js';
import { MockCombineOrders } from './combine-orders.js';
import { signerFor, verifierFor, type MockVerifierKind } from './credentials.js';
import type { ReceivedRequest, Reply } from './exchange.js';
import { createKeyRing, type KeyRing, type MockWxPayKeys } from './keys.js';
import { MockOrders } from './orders.js';
import { createPlatformCertificate, type MockPlatformCertificate } from './platform-certificate.js';
import { createPlatformKeys, type PlatformKeys } from './platform-keys.js';
import { RequestLog, type MockRequest } from './requests.js';
import { Script } from './script.js';
import { selfSignedCertificate } from './self-signed-certificate.js';
import { MockServer, type TlsIdentity } from './server.js';
import type { MockWxPayGatewayOptions } from './start-options.js';
import { TransactionNumbers } from './transaction-numbers.js';
import { V2Api } from './v2/api.js';
import { V3Api } from './v3/api.js';

const MCHID = '1900000001';

/**
 * A WeChat Pay of your own, for tests and for trying things out: APIv3 has no sandbox.
 *
 * It listens on a real socket, verifies every request as strictly as the real service, and signs its answers.
 * Stop it when done.
 *
 * @example
 * const gateway = await MockWxPayGateway.start();
 * const app = await NestFactory.createApplicationContext(WxPayModule.forRoot(gateway.options()));
 * gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
 */
export class MockWxPayGateway {
  /** Places, pays and refunds orders, as merchant and customer would. */
  readonly orders: MockOrders;
  /** The same for combine orders (合单). */
  readonly combineOrders: MockCombineOrders;
  readonly #mchid: string;
  readonly #appid: string;
  readonly #keyRing: KeyRing;
  readonly #platform: PlatformKeys;
  readonly #tls?: TlsIdentity;
  readonly #client?: MockClientCertificate;
  readonly #now: () => number;
  readonly #log: RequestLog;
  readonly #script = new Script();
  readonly #v3: V3Api;
  readonly #v2: V2Api;
  readonly #server: MockServer;
  #url = '';

  /** Starts a gateway on a port of its own. */
  static async start(options: MockWxPayGatewayOptions = {}): Promise<MockWxPayGateway> {
    const { mchid = MCHID, host = '127.0.0.1', https = false } = options;
    const [keyRing, tls, certificate] = await Promise.all([
      createKeyRing(options.keys),
      https === true ? selfSignedCertificate(host) : https || undefined,
      options.platformCertificates ? createPlatformCertificate((options.now ?? Date.now)()) : undefined,
    ]);
    const platform = createPlatformKeys(options, keyRing, certificate);
    const client = https === true ? await issueClientCertificate(mchid, keyRing) : undefined;
    const gateway = new MockWxPayGateway(options, {
      keyRing,
      platform,
      tls: tls && client ? { ...tls, clientCa: client.issuer } : tls,
      client: client?.certificate,
    });
    gateway.#url = await gateway.#server.listen();
    return gateway;
  }

  private constructor(options: MockWxPayGatewayOptions, { keyRing, platform, tls, client }: GatewayKeys) {
    const { mchid = MCHID, appid = 'wx8888888888888888', now = Date.now } = options;
    const { host = '127.0.0.1', port = 0, delayMs = 0, signErrors = false, keepRequests = 1000 } = options;
    this.#mchid = mchid;
    this.#appid = appid;
    this.#keyRing = keyRing;
    this.#platform = platform;
    this.#tls = tls;
    this.#client = client;
    this.#now = now;
    this.#log = new RequestLog(keepRequests);
    const transactions = new TransactionNumbers();
    this.orders = new MockOrders({ mchid, appid, now, transactions });
    this.combineOrders = new MockCombineOrders({ mchid, appid, now, transactions });
    this.#v3 = new V3Api({
      mchid,
      keys: keyRing,
      platform,
      stores: { orders: this.orders, combineOrders: this.combineOrders },
      script: this.#script,
      now,
      signErrors,
    });
    this.#v2 = new V2Api({
      merchant: { mchid, appid, apiV2Key: keyRing.merchant.apiV2Key },
      orders: this.orders,
      script: this.#script,
      now,
    });
    this.#server = new MockServer({
      host,
      port,
      tls,
      delayMs: typeof delayMs === 'number' ? () => delayMs : delayMs,
      answer: (request) => this.#answer(request),
    });
  }

  /** The origin, such as `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#url;
  }

  /** The credentials of the merchant. */
  get keys(): MockWxPayKeys {
    return this.#keyRing.merchant;
  }

  /** The certificate to trust, in PEM; undefined over plain HTTP. */
  get certificate(): string | undefined {
    return this.#tls?.cert;
  }

  /** The merchant API certificate, which APIv2 asks for to reverse orders; undefined unless started with `https: true`. */
  get clientCertificate(): MockClientCertificate | undefined {
    return this.#client;
  }

  /** The platform certificates in service, the oldest first; none unless started with `platformCertificates`. */
  get platformCertificates(): readonly MockPlatformCertificate[] {
    return this.#platform.certificates;
  }

  /** What arrived, the oldest first; at most `keepRequests`. */
  get requests(): readonly MockRequest[] {
    return this.#log.entries;
  }

  /** Options that make `WxPayModule` talk to this gateway. */
  options(overrides: Partial<WxPayV3Options> = {}): WxPayV3Options {
    return {
      mchid: this.#mchid,
      signer: signerFor(this.keys),
      verifier:
        overrides.verifier ??
        this.verifier(this.#platform.knows(this.keys.publicKeyId) ? 'public-key' : 'certificates'),
      apiV3Key: this.keys.apiV3Key,
      hosts: [this.#url],
      ...overrides,
    };
  }

  /**
   * A verifier for `options({ verifier })`: of the public key, of platform certificates, or of both while a merchant
   * migrates, the first of them being the one asked for.
   *
   * @param overrides for the download of certificates, such as an `httpService` that trusts `certificate`
   */
  verifier(
    kind: MockVerifierKind,
    overrides: Partial<PlatformCertificateVerifierOptions> = {},
  ): WxPayVerifier {
    const download = { mchid: this.#mchid, hosts: [this.#url], now: this.#now, ...overrides };
    return verifierFor(kind, this.keys, download);
  }

  /** Puts a new platform certificate into service, which signs from now on. The others stay in the list. */
  async rotateCertificate(): Promise<MockPlatformCertificate> {
    if (this.platformCertificates.length === 0)
      throw new Error(
        'There is no certificate to rotate. Start the gateway with platformCertificates: true.',
      );
    const next = await createPlatformCertificate(this.#now());
    this.#platform.add(next);
    return next.certificate;
  }

  /** Takes a platform certificate out of service. @throws {Error} if it is the last one */
  removeCertificate(serialNo: string): void {
    this.#platform.remove(serialNo);
  }

  /** Options of a merchant that uses APIv2; signs with HMAC-SHA256. Both merchants see the same orders. */
  optionsV2(overrides: Partial<WxPayV2Options> = {}): WxPayV2Options {
    // With `ca`, so that the merchant trusts the gateway as well.
    const tls = this.#client && { ...this.#client, ca: this.certificate };
    return {
      api: 'v2',
      mchid: this.#mchid,
      appid: this.#appid,
      signer: new HmacSha256Signer({ key: this.keys.apiV2Key }),
      ...(tls === undefined ? {} : { clientCertificate: tls }),
      hosts: [this.#url],
      ...overrides,
    };
  }

  /**
   * Scripts the answer to one request: the next, or the next to which `when` applies. Several wait in line. A request
   * that fails verification is refused as always and uses none up.
   */
  next(behaviour: MockBehaviour): void {
    this.#script.add(behaviour);
  }

  /** Drops every connection and frees the port; again does nothing. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Shows no key. */
  [inspect.custom](): string {
    const counts = `${this.orders.list().length} orders, ${this.requests.length} requests, ${this.#script.size} scripted`;
    return `MockWxPayGateway { ${this.#url}, mchid ${this.#mchid}, ${counts} }`;
  }

  async #answer(request: ReceivedRequest): Promise<Reply> {
    const entry = this.#log.add({
      method: request.method,
      path: request.target,
      headers: request.headers,
      body: request.body.toString('utf8'),
      receivedAt: new Date(this.#now()),
    });
    const api = request.target.startsWith('/v3/') ? this.#v3 : this.#v2;
    return api.reply(request, entry);
  }
}

/** All that the gateway proves itself with. */
interface GatewayKeys {
  readonly keyRing: KeyRing;
  readonly platform: PlatformKeys;
  readonly tls?: TlsIdentity;
  readonly client?: MockClientCertificate;
}
