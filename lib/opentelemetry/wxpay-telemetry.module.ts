import {
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { metrics, trace } from '@opentelemetry/api';
import { WxPayMerchants, WxPayMerchantsModule } from '../index.js';
import { traceCalls } from './call-spans.js';
import { measureEvents } from './event-metrics.js';
import { observeMerchants } from './merchant-gauges.js';
import type { WxPayTelemetryOptions } from './telemetry-options.js';

const SCOPE = 'nestjs-wxpay';

/** Subscribes when the app starts, and unsubscribes after its last call. */
class WxPayTelemetry implements OnModuleInit, OnApplicationShutdown {
  /** Subscribed instances of this process. The channels belong to the process as well. */
  static readonly #active = new Set<WxPayTelemetry>();
  readonly #logger = new Logger(WxPayTelemetryModule.name);
  readonly #options: WxPayTelemetryOptions;
  readonly #merchants: WxPayMerchants;
  #subscriptions: readonly (() => void)[] = [];

  constructor(options: WxPayTelemetryOptions, merchants: WxPayMerchants) {
    this.#options = options;
    this.#merchants = merchants;
  }

  onModuleInit(): void {
    if (WxPayTelemetry.#active.size === 1) {
      this.#logger.warn(
        'WxPayTelemetryModule is in use twice in this process: everything is counted twice. Import it once.',
      );
    }
    WxPayTelemetry.#active.add(this);
    const { tracerProvider = trace, meterProvider = metrics } = this.#options;
    const meter = meterProvider.getMeter(SCOPE);
    this.#subscriptions = [
      traceCalls(tracerProvider.getTracer(SCOPE), this.#options),
      measureEvents(meter),
      observeMerchants(meter, this.#merchants),
    ];
  }

  onApplicationShutdown(): void {
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
    WxPayTelemetry.#active.delete(this);
  }
}

/**
 * Reports calls, notifications and settlements to OpenTelemetry: one span for each call, and metrics. Start the SDK before the
 * app. Import it once in a process, because it hears the calls of all apps in it; a second import counts everything twice, and
 * logs a warning.
 *
 * Spans and metrics contain no personal data, key or body.
 *
 * @example
 * ```ts
 * @Module({ imports: [WxPayModule.forRootAsync(wxPayConfig.asProvider()), WxPayTelemetryModule.forRoot()] })
 * export class AppModule {}
 * ```
 */
@Module({})
export class WxPayTelemetryModule {
  /** Reports with the given providers; by default with the global ones of `@opentelemetry/api`. */
  static forRoot(options: WxPayTelemetryOptions = {}): DynamicModule {
    return {
      module: WxPayTelemetryModule,
      imports: [WxPayMerchantsModule],
      providers: [
        {
          provide: WxPayTelemetry,
          // A factory, because Nest would serialise the options, which contain the SDK.
          useFactory: (merchants: WxPayMerchants) => new WxPayTelemetry(options, merchants),
          inject: [WxPayMerchants],
        },
      ],
    };
  }
}
