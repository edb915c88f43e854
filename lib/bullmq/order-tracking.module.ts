import {
  ConfigurableModuleBuilder,
  Module,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type FactoryProvider,
  type Provider,
} from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { WxPayConfigError, WxPayMerchants, WxPayMerchantsModule } from '../index.js';
import { queueTokenOf } from './job-id.js';
import { OrderQueues } from './order-queues.js';
import { OrderSettledHandler } from './order-settled-handler.js';
import { OrderTracker } from './order-tracker.js';
import type { TrackingParts } from './tracking-parts.js';
import { OrderWorkers } from './order-workers.js';
import { StartUpChecks } from './start-up-checks.js';
import {
  resolveTrackingOptions,
  type OrderTrackingExtras,
  type OrderTrackingOptions,
  type ResolvedTrackingOptions,
} from './tracking-options.js';

const OPTIONS = Symbol.for('nestjs-wxpay/order-tracking-options');
const RESOLVED = Symbol.for('nestjs-wxpay/resolved-order-tracking-options');

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<OrderTrackingOptions>({
  optionsInjectionToken: OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createOrderTrackingOptions')
  // The handler has no default: `forRoot` and `forRootAsync` require it.
  .setExtras<Partial<OrderTrackingExtras>>({}, ({ providers = [], imports = [], ...definition }, extras) => {
    const { handler, isGlobal = false, queuesOf = ['default'] } = extras;
    const queues = queuesOf.map(queueProvider);
    return {
      ...definition,
      global: isGlobal,
      imports: [...imports, ...(extras.imports ?? []), WxPayMerchantsModule],
      providers: [...providers, ...trackingProviders(), handlerProvider(handler), ...queues],
      exports: [OrderTracker, ...queues.map(({ provide }) => provide)],
    };
  })
  .build();

/**
 * Tracks orders and refunds on BullMQ until their outcome is known: provides {@link OrderTracker}, and runs the workers that ask
 * WeChat Pay and call the handler. Import it once, beside the registrations of merchants.
 *
 * @example
 * ```ts
 * OrderTrackingModule.forRoot({ connection: { url: 'redis://localhost:6379' }, handler: ShopOrders, imports: [ShopModule] })
 * ```
 */
@Module({})
export class OrderTrackingModule {
  /**
   * Tracks orders with the given options.
   *
   * @throws {WxPayConfigError} when the app starts, with every fault of the options
   */
  static forRoot(options: OrderTrackingOptions & OrderTrackingExtras): DynamicModule {
    const { handler, imports = [], isGlobal, queuesOf } = options;
    // Passed by a factory, because Nest would serialise a value, and options may contain a client of Redis.
    return OrderTrackingModule.forRootAsync({
      handler,
      imports,
      isGlobal,
      queuesOf,
      useFactory: () => options,
    });
  }

  /**
   * Tracks orders with options from a factory (`useFactory`, `inject`), or from a class (`useClass`) or a provider
   * (`useExisting`) that has `createOrderTrackingOptions()`.
   *
   * @throws {WxPayConfigError} when the app starts, with every fault of the options
   */
  static forRootAsync(
    options: ConfigurableModuleAsyncOptions<OrderTrackingOptions, 'createOrderTrackingOptions'> &
      OrderTrackingExtras,
  ): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: OrderTrackingModule };
  }
}

function trackingProviders(): Provider[] {
  const parts = [WxPayMerchants, OrderQueues, OrderSettledHandler, RESOLVED];
  return [
    { provide: RESOLVED, useFactory: resolveTrackingOptions, inject: [OPTIONS] },
    {
      provide: OrderQueues,
      useFactory: (options: ResolvedTrackingOptions) => new OrderQueues(options),
      inject: [RESOLVED],
    },
    {
      provide: OrderTracker,
      useFactory: (...args: PartsList) => new OrderTracker(partsOf(args)),
      inject: parts,
    },
    {
      provide: OrderWorkers,
      useFactory: (...args: PartsList) => new OrderWorkers(partsOf(args)),
      inject: parts,
    },
    {
      provide: StartUpChecks,
      useFactory: (moduleRef: ModuleRef, modules: ModulesContainer) =>
        new StartUpChecks({ moduleRef, modules, trackingModule: OrderTrackingModule, optionsToken: OPTIONS }),
      inject: [ModuleRef, ModulesContainer],
    },
  ];
}

type PartsList = readonly [WxPayMerchants, OrderQueues, OrderSettledHandler, ResolvedTrackingOptions];

function partsOf([merchants, queues, handler, options]: PartsList): TrackingParts {
  return { merchants, queues, handler, options };
}

function handlerProvider(handler: OrderTrackingExtras['handler'] | undefined): Provider {
  if (typeof handler !== 'function') {
    throw new WxPayConfigError([
      'Order tracking: handler must be the class that takes the outcomes. Write one that extends OrderSettledHandler.',
    ]);
  }
  return { provide: OrderSettledHandler, useClass: handler };
}

/** Publishes a queue under the token that `@InjectQueue` and bull-board look for. */
function queueProvider(merchant: string): FactoryProvider {
  return {
    provide: queueTokenOf(merchant),
    useFactory: (queues: OrderQueues) => queues.get(merchant),
    inject: [OrderQueues],
  };
}
