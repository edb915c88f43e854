import { afterEach } from '@jest/globals';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { WxPayMerchants, WxPayModule, type WxPayOptions } from 'nestjs-wxpay';
import type { MockWxPayGateway, MockRequest, MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { WxPayHealthIndicator, type WxPayHealthOptions } from 'nestjs-wxpay/terminus';
import { rsaKeys } from '../fixtures/rsa-keys.js';
import { startGateway } from '../servers/mock-gateway.js';

/** Answer to a readiness probe. */
export interface ProbeAnswer {
  readonly status: number;
  /** The result under the key `wxpay`. */
  readonly wxpay: unknown;
}

/** An app with a readiness probe, as Kubernetes would ask it. */
export interface ProbedApp {
  readonly merchants: WxPayMerchants;
  /** Lines that the indicator logged. */
  readonly log: readonly string[];
  /** Number of probes that have reached the indicator. */
  readonly received: number;
  /** Sends one probe. */
  probe(options?: WxPayHealthOptions): Promise<ProbeAnswer>;
  close(): Promise<void>;
}

/** Starts an app on a free port. */
async function startProbedApp(merchant: WxPayOptions): Promise<ProbedApp> {
  const log: string[] = [];
  let terms: WxPayHealthOptions | undefined;
  let received = 0;

  @Controller()
  class ReadinessController {
    constructor(
      private readonly health: HealthCheckService,
      private readonly wxpay: WxPayHealthIndicator,
    ) {}

    @Get('ready')
    @HealthCheck()
    ready() {
      received++;
      return this.health.check([() => this.wxpay.check('wxpay', terms)]);
    }
  }

  @Module({
    imports: [TerminusModule, WxPayModule.forRoot(merchant)],
    controllers: [ReadinessController],
    providers: [WxPayHealthIndicator],
  })
  class AppModule {}

  const record =
    (level: string) =>
    (message: unknown, ...details: readonly unknown[]) => {
      // Nest puts the context last.
      if (details.at(-1) === 'WxPayHealthIndicator') log.push(`${level}: ${String(message)}`);
    };
  const logger = { log: record('log'), warn: record('warn'), error: record('error') };
  const app: INestApplication = await NestFactory.create(AppModule, {
    logger,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  return {
    merchants: app.get(WxPayMerchants),
    log,
    get received() {
      return received;
    },
    async probe(options) {
      terms = options;
      const response = await fetch(`${url}/ready`);
      const { details } = (await response.json()) as { readonly details: Record<string, unknown> };
      return { status: response.status, wxpay: details['wxpay'] };
    },
    close: () => app.close(),
  };
}

/** Answers of a probe. */
export const UP: ProbeAnswer = { status: 200, wxpay: { status: 'up' } };
export const degraded = (...reasons: readonly string[]): ProbeAnswer => ({
  status: 200,
  wxpay: { status: 'up', degraded: true, reasons },
});
export const down = (...reasons: readonly string[]): ProbeAnswer => ({
  status: 503,
  wxpay: { status: 'down', reasons },
});

/** A gateway and an app whose probe asks it, of the current test. */
export interface Probed {
  readonly gateway: MockWxPayGateway;
  readonly app: ProbedApp;
  /** Self-tests that the gateway received over APIv3. */
  readonly echoes: readonly MockRequest[];
  start(
    optionsOf?: (gateway: MockWxPayGateway) => WxPayOptions,
    options?: MockWxPayGatewayOptions,
  ): Promise<void>;
}

/** Ends gateway and app after each test of a file. Keys take their time: all tests have the same. */
export function useProbedApp(): Probed {
  const keys = {
    merchantPrivateKey: rsaKeys().privatePem,
    platformPrivateKey: rsaKeys().privatePem,
  };
  let gateway: MockWxPayGateway;
  let app: ProbedApp;

  afterEach(async () => {
    await app?.close();
    await gateway?.stop();
  });

  return {
    get gateway() {
      return gateway;
    },
    get app() {
      return app;
    },
    get echoes() {
      return gateway.requests.filter(({ operation }) => operation === 'security.echo');
    },
    async start(optionsOf = (started) => started.options(), options = {}) {
      gateway = await startGateway({ keys, ...options });
      app = await startProbedApp(optionsOf(gateway));
    },
  };
}
