import { setTimeout as delay } from 'node:timers/promises';
import { Md5Signer, WxPayMerchants, type WxPayOptions } from 'nestjs-wxpay';
import { MockWxPayGateway, type MockFaultCounts } from 'nestjs-wxpay/testing';
import { Chance } from './chance.js';
import { Counter } from './counter.js';
import { ForeignHost } from './foreign-host.js';
import { History } from './history.js';
import { HANGS, inTime } from './in-time.js';
import { Judge } from './judge.js';
import type { Plan } from './plan.js';
import { Secrets } from './secrets.js';
import { PLATFORMS, ShopApp } from './shop-app.js';
import type { Offence } from './tally.js';

/** What the calls of all merchants are held to, in milliseconds: short, so that a hundred thousand take minutes. */
export const TIMEOUT_MS = 3_000;
const ATTEMPT_TIMEOUT_MS = 500;
const HOST_RECOVERY_MS = 300;
/** Only orders whose `createdAt` the shop tells have an age. */
const MIN_ORDER_AGE_MS = 1_000;
/** How much longer closing a merchant may take than a call. */
const SHUTDOWN_MS = 5_000;

/** How many requests are remembered, to see who lied about an order. */
const KEEP_REQUESTS = 20_000;

interface Parts {
  readonly gateway: MockWxPayGateway;
  readonly backup: MockWxPayGateway;
  readonly merchants: WxPayMerchants;
  readonly app: ShopApp;
  readonly counter?: Counter;
  readonly foreignHost?: ForeignHost;
}

/** A WeChat Pay with two hosts and one set of books, and merchants that talk to it. */
export class World {
  readonly gateway: MockWxPayGateway;
  readonly history: History;
  readonly judge: Judge;
  readonly secrets: Secrets;
  readonly merchants: WxPayMerchants;
  /** What the merchants' notifications are sent to. */
  readonly app: ShopApp;
  /** Where orders are reversed, refunded and paid by code over APIv2, if the plan does so. */
  readonly counter?: Counter;
  /** Where no request may go, if the plan downloads bills. */
  readonly foreignHost?: ForeignHost;
  readonly #hosts: readonly MockWxPayGateway[];

  private constructor({ gateway, backup, merchants, app, counter, foreignHost }: Parts) {
    this.gateway = gateway;
    this.merchants = merchants;
    this.app = app;
    this.counter = counter;
    this.foreignHost = foreignHost;
    this.#hosts = [gateway, backup];
    this.history = new History(gateway);
    this.judge = new Judge(this.history, this.#hosts);
    this.secrets = new Secrets(gateway.keys, this.history.openids);
    for (const name of ['v3', 'v2', 'v2-md5']) this.merchants.register(name, this.#options(name));
  }

  static async begin(plan: Plan, round: number): Promise<World> {
    const { seed, rate, kinds, faultyHosts } = plan;
    // The real service leaves refusals unsigned; nobody promises that it always will.
    const signErrors = new Chance(seed, `${round} refusals`).happens(0.5);
    // The shop closes and reverses at any moment, and does not wait for minutes.
    const terms = { keepRequests: KEEP_REQUESTS, signErrors, ageRules: false };
    const gateway = await MockWxPayGateway.start(terms);
    const backup = await gateway.startBackup();
    const faulty = faultyHosts === 'both' ? [gateway, backup] : [gateway];
    for (const [index, host] of faulty.entries()) {
      host.faults({ seed: seed * 1_000 + 2 * round + index, rate, kinds });
    }
    const merchants = new WxPayMerchants();
    const platform = new Chance(seed, `${round} platform`).one(PLATFORMS);
    const app = await ShopApp.start(platform, merchants);
    const hasCounter = plan.operations.some((operation) => operation.endsWith('.v2'));
    const counter = hasCounter ? await Counter.open(plan, gateway) : undefined;
    const foreignHost = plan.operations.includes('bill') ? await ForeignHost.open() : undefined;
    return new World({ gateway, backup, merchants, app, counter, foreignHost });
  }

  /** How a merchant of APIv2 signs, and is notified. */
  signTypeOf(name: string): 'HMAC-SHA256' | 'MD5' {
    return name === 'v2-md5' ? 'MD5' : 'HMAC-SHA256';
  }

  /** The main host and its backup. */
  get hosts(): readonly MockWxPayGateway[] {
    return this.#hosts;
  }

  /** How often each kind of fault struck. */
  get faultCounts(): readonly MockFaultCounts[] {
    return [...this.#hosts, ...(this.counter ? [this.counter] : [])].map(({ faultCounts }) => faultCounts);
  }

  /** Gives a merchant other options, as a rotation of keys does, while its calls are under way. */
  replaceOne(chance: Chance): void {
    const name = chance.one(this.merchants.names());
    this.merchants.replace(name, { ...this.#options(name), maxAttempts: chance.between(3, 5) });
  }

  /** Lets hosts go down and come back until the signal says that it is enough. */
  async outages(chance: Chance, enough: AbortSignal): Promise<void> {
    while (!enough.aborted) {
      await delay(chance.between(300, 1_500));
      const down = chance.one([this.#hosts.slice(0, 1), this.#hosts.slice(1), this.#hosts]);
      await Promise.all(down.map((host) => host.goDown()));
      await delay(chance.between(50, 300));
      await Promise.all(down.map((host) => host.comeBack()));
    }
  }

  /** Lets nothing go wrong any more while something is done: with all hosts, then with one of them down at a time. */
  async withoutFaults(work: () => Promise<void>): Promise<void> {
    for (const host of this.#hosts) host.faults(undefined);
    await work();
    for (const host of this.#hosts) {
      await host.goDown();
      await work();
      await host.comeBack();
    }
  }

  /** Ends everything. @returns what must not be left behind, and what was told meanwhile that is secret */
  async end(): Promise<readonly Offence[]> {
    const ended = await inTime(this.merchants.onModuleDestroy(), TIMEOUT_MS + SHUTDOWN_MS);
    await this.app.close();
    await this.counter?.close();
    const learned = (await this.foreignHost?.close()) ?? [];
    const connections = await connectionsLeft();
    await Promise.all(this.#hosts.map((host) => host.stop()));
    const told = this.app.logged.flatMap((line) => this.secrets.in(line) ?? []);
    return [
      ...learned,
      ...told.map((secret): Offence => ['secrets told', `${secret} in the log of the app`]),
      ...(ended === HANGS ? [['hangs', 'closing the merchants'] as const] : []),
      ...(connections > 0 ? [['connections left', `${connections}`] as const] : []),
    ];
  }

  #options(name: string): WxPayOptions {
    const { gateway } = this;
    const common = {
      hosts: this.#hosts.map(({ url }) => url),
      timeoutMs: TIMEOUT_MS,
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
      hostRecoveryMs: HOST_RECOVERY_MS,
      minOrderAgeMs: MIN_ORDER_AGE_MS,
      sharedMchid: true,
    };
    if (name === 'v3') return gateway.options({ ...common, codePayReverse: { appid: 'wx8888888888888888' } });
    return this.signTypeOf(name) === 'MD5'
      ? gateway.optionsV2({ ...common, signer: new Md5Signer({ key: gateway.keys.apiV2Key }) })
      : gateway.optionsV2(common);
  }
}

/** Those that the hosts still hold, once there was time for their end to arrive. */
async function connectionsLeft(): Promise<number> {
  const count = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  // Less than the seven seconds after which idle connections end by themselves.
  for (const end = performance.now() + 4_000; count() > 0 && performance.now() < end;) await delay(10);
  return count();
}
