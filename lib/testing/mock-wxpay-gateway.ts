import { inspect } from 'node:util';
import type {
  PlatformCertificateVerifierOptions,
  WxPayV2Options,
  WxPayV3Options,
  WxPayVerifier,
} from '../index.js';
import type { MockBehaviour } from './faults/behaviour.js';
import type { MockClientCertificate } from './keys/client-certificate.js';
import type { MockCustomer } from './orders/customer.js';
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
import type { MockBills } from './bills/bills.js';
import type { MockRefunds } from './refunds/refunds.js';
import { createPlatformCertificate, type MockPlatformCertificate } from './keys/platform-certificate.js';
import type { MockFaultCounts } from './faults/random-faults.js';
import { RequestLog, type MockRequest } from './faults/requests.js';
import { MockServer } from './http/server.js';
import { withDefaults, type MockWxPayGatewayOptions, type StartTerms } from './start-options.js';
import { createStores, type Stores } from './orders/stores.js';
import { BehaviourSelector } from './faults/behaviour-selector.js';
import { V2Api } from './v2/api.js';
import { V3Api } from './v3/api.js';

/**
 * Simulates WeChat Pay, for tests and local development: APIv3 has no sandbox.
 *
 * It listens on a real socket, verifies every request as strictly as the real service, and signs its replies. Call `stop` at
 * the end.
 *
 * @example
 * const gateway = await MockWxPayGateway.start();
 * const app = await NestFactory.createApplicationContext(WxPayModule.forRoot(gateway.options()));
 * gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
 */
export class MockWxPayGateway {
  /** Orders: place, pay and refund them, as merchant and customer would. */
  readonly orders: MockOrders;
  /** Combine orders (合单). */
  readonly combineOrders: MockCombineOrders;
  /** Refunds: settle them, as the bank would. */
  readonly refunds: MockRefunds;
  /** Customer who shows payment codes (付款码) at the counter. */
  readonly customer: MockCustomer;
  /** Bills, made from the orders and refunds. */
  readonly bills: MockBills;
  readonly #terms: StartTerms;
  readonly #keys: GatewayKeys;
  readonly #stores: Stores;
  readonly #merchant: MerchantOptions;
  readonly #log: RequestLog;
  readonly #behaviours = new BehaviourSelector();
  readonly #v3: V3Api;
  readonly #v2: V2Api;
  readonly #notifier: Notifier;
  readonly #server: MockServer;
  #url = '';

  /** Starts a gateway. */
  static async start(options: MockWxPayGatewayOptions = {}): Promise<MockWxPayGateway> {
    const terms = withDefaults(options);
    return new MockWxPayGateway(terms, await createGatewayKeys(terms), createStores(terms)).#listen();
  }

  private constructor(terms: StartTerms, keys: GatewayKeys, stores: Stores) {
    const { mchid, now, host, port, delayMs, signErrors, allowLocalNotifyUrl } = terms;
    const { ring, platform, tls } = keys;
    this.#terms = terms;
    this.#keys = keys;
    this.#merchant = new MerchantOptions(terms, keys, () => this.#url);
    this.#log = new RequestLog(terms.keepRequests);
    this.#stores = stores;
    this.orders = stores.orders;
    this.combineOrders = stores.combineOrders;
    this.refunds = stores.refunds;
    this.customer = stores.customer;
    this.bills = stores.bills;
    this.#notifier = new Notifier({ stores, keys, now });
    const shared = { stores, behaviours: this.#behaviours, now, allowLocalNotifyUrl };
    const url = (): string => this.#url;
    this.#v3 = new V3Api({ ...shared, url, mchid, keys: ring, platform, signErrors });
    this.#v2 = new V2Api({ ...shared, merchant: { ...terms, apiV2Key: ring.merchant.apiV2Key } });
    this.#server = new MockServer({ host, port, tls, delayMs, replyTo: (request) => this.#replyTo(request) });
  }

  /** Origin, such as `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#url;
  }

  /** Credentials of the merchant. */
  get keys(): MockWxPayKeys {
    return this.#keys.ring.merchant;
  }

  /** Server certificate to trust, in PEM; undefined over plain HTTP. */
  get certificate(): string | undefined {
    return this.#keys.tls?.cert;
  }

  /** Merchant API certificate, required to reverse and refund orders over APIv2; undefined unless started with `https: true`. */
  get clientCertificate(): MockClientCertificate | undefined {
    return this.#keys.client;
  }

  /** Platform certificates in service, the oldest first; empty unless started with `platformCertificates`. */
  get platformCertificates(): readonly MockPlatformCertificate[] {
    return this.#keys.platform.certificates;
  }

  /** Received requests, the oldest first; at most `keepRequests`. */
  get requests(): readonly MockRequest[] {
    return this.#log.entries;
  }

  /** Returns options for `WxPayModule` that use this gateway. */
  options(overrides: Partial<WxPayV3Options> = {}): WxPayV3Options {
    return this.#merchant.v3(overrides);
  }

  /**
   * Creates a verifier for `options({ verifier })`: with the public key, with platform certificates, or with both, as during
   * a migration. `both` requests replies signed with the public key.
   *
   * @param overrides options for the download of certificates, such as an `httpService` that trusts `certificate`
   */
  verifier(
    kind: MockVerifierKind,
    overrides: Partial<PlatformCertificateVerifierOptions> = {},
  ): WxPayVerifier {
    return this.#merchant.verifier(kind, overrides);
  }

  /** Adds a new platform certificate, which signs from now on. The others stay in the list. */
  async rotateCertificate(): Promise<MockPlatformCertificate> {
    if (this.platformCertificates.length === 0) {
      throw new Error(
        'There is no certificate to rotate. Start the gateway with platformCertificates: true.',
      );
    }
    const next = await createPlatformCertificate(this.#terms.now());
    this.#keys.platform.add(next);
    return next.certificate;
  }

  /** Removes a platform certificate. @throws {Error} if it is the last one */
  removeCertificate(serialNo: string): void {
    this.#keys.platform.remove(serialNo);
  }

  /** Returns options of an APIv2 merchant, which signs with HMAC-SHA256. Both merchants see the same orders. */
  optionsV2(overrides: Partial<WxPayV2Options> = {}): WxPayV2Options {
    return this.#merchant.v2(overrides);
  }

  /**
   * Scripts the behaviour for one request: the next one, or the next one that matches `when`. Several behaviours form a
   * queue. A request that fails verification is refused as usual and does not consume one.
   */
  next(behaviour: MockBehaviour): void {
    this.#behaviours.script.add(behaviour);
  }

  /**
   * Applies random faults to a share of the requests, except those scripted with `next`; `undefined` stops it.
   * The same seed produces the same faults for the same requests. Faults are drawn per order, so requests about other orders
   * do not change them. A request that fails verification is refused as usual.
   * @throws {Error} if the policy is invalid
   */
  faults(policy: MockFaultPolicy | undefined): void {
    this.#behaviours.setFaultPolicy(policy);
  }

  /** Number of faults of each kind since `faults` was last called with a policy. */
  get faultCounts(): MockFaultCounts {
    return this.#behaviours.counts;
  }

  /**
   * Notifies an app of a payment or a refund, as WeChat Pay does: once, signed, and encrypted over APIv3. It is posted to any given URL,
   * also outside of this machine; redirects are not followed.
   * Resolves with the app's answer, also if the app refused or did not answer.
   *
   * @throws {Error} if the order is unknown or unpaid, if the refund has not ended, the URL has a query, or the options contradict each other
   */
  notify(
    order: MockNotifiedOrder,
    url: string,
    options: MockNotificationOptions = {},
  ): Promise<MockNotificationReply> {
    return this.#notifier.notify(order, url, options);
  }

  /**
   * Starts a backup host of the same merchant on another port. It shares keys and orders, and has its own `next`, `faults`
   * and `requests`. Stop it separately.
   *
   * @example
   * const backup = await gateway.startBackup();
   * const options = gateway.options({ hosts: [gateway.url, backup.url] });
   */
  startBackup(): Promise<MockWxPayGateway> {
    return new MockWxPayGateway({ ...this.#terms, port: 0 }, this.#keys, this.#stores).#listen();
  }

  /** Refuses new connections and resets open ones until {@link comeBack}. Orders and scripts are kept. */
  goDown(): Promise<void> {
    return this.#server.goDown();
  }

  /** Listens again on the same port. @throws {Error} if the gateway was stopped, or another process has taken the port */
  async comeBack(): Promise<void> {
    await this.#listen();
  }

  /** Drops every connection and frees the port. Idempotent. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Summary for `util.inspect`, without keys. */
  [inspect.custom](): string {
    const counts = `${this.orders.list().length} orders, ${this.requests.length} requests, ${this.#behaviours.script.size} scripted`;
    return `MockWxPayGateway { ${this.#url}, mchid ${this.#terms.mchid}, ${counts} }`;
  }

  async #listen(): Promise<this> {
    this.#url = await this.#server.listen();
    return this;
  }

  async #replyTo(request: ReceivedRequest): Promise<Reply> {
    const entry = this.#log.add(request, new Date(this.#terms.now()));
    const api = request.target.startsWith('/v3/') ? this.#v3 : this.#v2;
    return api.reply(request, entry);
  }
}
