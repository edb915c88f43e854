import { inspect } from 'node:util';
import type {
  PlatformCertificateVerifierOptions,
  WxPayV2Options,
  WxPayV3Options,
  WxPayVerifier,
} from '../index.js';
import type { MockBehaviour } from './faults/behaviour.js';
import type { MockClientCertificate } from './keys/client-certificate.js';
import type { MockCombineOrders } from './orders/combine-orders.js';
import type { MockVerifierKind } from './keys/credentials.js';
import type { ReceivedRequest, Reply } from './http/exchange.js';
import type { MockFaultPolicy } from './faults/fault-policy.js';
import { createGatewayKeys, type GatewayKeys } from './keys/gateway-keys.js';
import type { MockWxPayKeys } from './keys/keys.js';
import { MerchantOptions } from './merchant-options.js';
import type { MockNotificationOptions, MockNotificationReply } from './notifications/notification-options.js';
import { Notifier, type MockNotifiedOrder } from './notifications/notifier.js';
import type { MockOrders } from './orders/orders.js';
import { createPlatformCertificate, type MockPlatformCertificate } from './keys/platform-certificate.js';
import type { MockFaultCounts } from './faults/random-faults.js';
import { RequestLog, type MockRequest } from './faults/requests.js';
import { MockServer } from './http/server.js';
import { withDefaults, type MockWxPayGatewayOptions, type StartTerms } from './start-options.js';
import { createStores, type Stores } from './orders/stores.js';
import { Trouble } from './faults/trouble.js';
import { V2Api } from './v2/api.js';
import { V3Api } from './v3/api.js';

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
  readonly #terms: StartTerms;
  readonly #keys: GatewayKeys;
  readonly #stores: Stores;
  readonly #merchant: MerchantOptions;
  readonly #log: RequestLog;
  readonly #trouble = new Trouble();
  readonly #v3: V3Api;
  readonly #v2: V2Api;
  readonly #notifier: Notifier;
  readonly #server: MockServer;
  #url = '';

  /** Starts a gateway on a port of its own. */
  static async start(options: MockWxPayGatewayOptions = {}): Promise<MockWxPayGateway> {
    const terms = withDefaults(options);
    return new MockWxPayGateway(terms, await createGatewayKeys(terms), createStores(terms)).#listen();
  }

  private constructor(terms: StartTerms, keys: GatewayKeys, stores: Stores) {
    const { mchid, appid, now, host, port, delayMs, signErrors, allowLocalNotifyUrl } = terms;
    const { ring, platform, tls } = keys;
    this.#terms = terms;
    this.#keys = keys;
    this.#merchant = new MerchantOptions(terms, keys, () => this.#url);
    this.#log = new RequestLog(terms.keepRequests);
    this.#stores = stores;
    this.orders = stores.orders;
    this.combineOrders = stores.combineOrders;
    this.#notifier = new Notifier({ stores, keys, now });
    const world = { stores, trouble: this.#trouble, now };
    this.#v3 = new V3Api({ ...world, mchid, keys: ring, platform, signErrors, allowLocalNotifyUrl });
    this.#v2 = new V2Api({ ...world, merchant: { mchid, appid, apiV2Key: ring.merchant.apiV2Key } });
    this.#server = new MockServer({ host, port, tls, delayMs, answer: (request) => this.#answer(request) });
  }

  /** The origin, such as `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#url;
  }

  /** The credentials of the merchant. */
  get keys(): MockWxPayKeys {
    return this.#keys.ring.merchant;
  }

  /** The certificate to trust, in PEM; undefined over plain HTTP. */
  get certificate(): string | undefined {
    return this.#keys.tls?.cert;
  }

  /** The merchant API certificate, which APIv2 asks for to reverse orders; undefined unless started with `https: true`. */
  get clientCertificate(): MockClientCertificate | undefined {
    return this.#keys.client;
  }

  /** The platform certificates in service, the oldest first; none unless started with `platformCertificates`. */
  get platformCertificates(): readonly MockPlatformCertificate[] {
    return this.#keys.platform.certificates;
  }

  /** What arrived, the oldest first; at most `keepRequests`. */
  get requests(): readonly MockRequest[] {
    return this.#log.entries;
  }

  /** Options that make `WxPayModule` talk to this gateway. */
  options(overrides: Partial<WxPayV3Options> = {}): WxPayV3Options {
    return this.#merchant.v3(overrides);
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
    return this.#merchant.verifier(kind, overrides);
  }

  /** Puts a new platform certificate into service, which signs from now on. The others stay in the list. */
  async rotateCertificate(): Promise<MockPlatformCertificate> {
    if (this.platformCertificates.length === 0)
      throw new Error(
        'There is no certificate to rotate. Start the gateway with platformCertificates: true.',
      );
    const next = await createPlatformCertificate(this.#terms.now());
    this.#keys.platform.add(next);
    return next.certificate;
  }

  /** Takes a platform certificate out of service. @throws {Error} if it is the last one */
  removeCertificate(serialNo: string): void {
    this.#keys.platform.remove(serialNo);
  }

  /** Options of a merchant that uses APIv2; signs with HMAC-SHA256. Both merchants see the same orders. */
  optionsV2(overrides: Partial<WxPayV2Options> = {}): WxPayV2Options {
    return this.#merchant.v2(overrides);
  }

  /**
   * Scripts the answer to one request: the next, or the next to which `when` applies. Several wait in line. A request
   * that fails verification is refused as always and uses none up.
   */
  next(behaviour: MockBehaviour): void {
    this.#trouble.script.add(behaviour);
  }

  /**
   * Makes a share of the requests go wrong at random, but for those that `next` has an answer for; `undefined` ends it.
   *
   * The same seed makes the same faults out of the same requests: faults are drawn for each order by itself, whatever is
   * asked about others meanwhile. A request that fails verification is refused as always.
   *
   * @throws {Error} naming what is wrong with the policy
   */
  faults(policy: MockFaultPolicy | undefined): void {
    this.#trouble.strikeAtRandom(policy);
  }

  /** How often each kind of fault struck since `faults` was last called with a policy. */
  get faultCounts(): MockFaultCounts {
    return this.#trouble.counts;
  }

  /**
   * Notifies an app of a payment, as WeChat Pay does: once, signed, with what is told in encrypted form over APIv3. It is
   * posted to whatever URL is given, also outside of this machine; a redirect is not followed.
   *
   * Resolves with what the app made of it, also if it refused or did not answer.
   *
   * @throws {Error} if the order is not known or not paid, the URL has a query, or the options do not go together
   */
  notify(
    order: MockNotifiedOrder,
    url: string,
    options: MockNotificationOptions = {},
  ): Promise<MockNotificationReply> {
    return this.#notifier.notify(order, url, options);
  }

  /**
   * Starts a backup host of the same merchant, on a port of its own: with the same keys and orders, but with its own
   * `next`, `faults` and `requests`. Stop it, too, when done.
   *
   * @example
   * const backup = await gateway.startBackup();
   * const options = gateway.options({ hosts: [gateway.url, backup.url] });
   */
  startBackup(): Promise<MockWxPayGateway> {
    return new MockWxPayGateway({ ...this.#terms, port: 0 }, this.#keys, this.#stores).#listen();
  }

  /** Refuses connections from now on and resets those there are, until {@link comeBack}. Orders and scripts stay. */
  goDown(): Promise<void> {
    return this.#server.goDown();
  }

  /** Listens again on the same port. @throws {Error} if it was stopped, or somebody took the port meanwhile */
  async comeBack(): Promise<void> {
    await this.#listen();
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
    const counts = `${this.orders.list().length} orders, ${this.requests.length} requests, ${this.#trouble.script.size} scripted`;
    return `MockWxPayGateway { ${this.#url}, mchid ${this.#terms.mchid}, ${counts} }`;
  }

  async #listen(): Promise<this> {
    this.#url = await this.#server.listen();
    return this;
  }

  async #answer(request: ReceivedRequest): Promise<Reply> {
    const entry = this.#log.add({
      method: request.method,
      path: request.target,
      headers: request.headers,
      body: request.body.toString('utf8'),
      receivedAt: new Date(this.#terms.now()),
    });
    const api = request.target.startsWith('/v3/') ? this.#v3 : this.#v2;
    return api.reply(request, entry);
  }
}
