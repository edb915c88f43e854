import {
  ConfigurableModuleBuilder,
  Inject,
  Module,
  Optional,
  Scope,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type FactoryProvider,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { WxPayClient } from './client/wxpay-client.js';
import { WxPaySigner } from './crypto/signer.js';
import { WxPayVerifier } from './crypto/verifier.js';
import type { OrderApi } from './domain/ports/apis.js';
import { WxPayConfigError } from './errors/wxpay-config-error.js';
import { DEFAULT_MERCHANT, WxPayMerchant } from './merchants/merchant.js';
import { WxPayMerchants } from './merchants/merchants.js';
import { WxPayMerchantsModule } from './merchants/merchants.module.js';
import { pickOptions } from './merchants/pick-options.js';
import type { WxPayOptions } from './merchants/wxpay-options.js';
import { CombineOrderService } from './orders/combine-order.service.js';
import { OrderCloseService } from './orders/order-close.service.js';
import { OrderQueryService } from './orders/order-query.service.js';
import { OrderReverseService } from './orders/order-reverse.service.js';
import { OrderSettleService } from './orders/order-settle.service.js';
import { WxPayV2Signer } from './v2/signing/signer.js';
import { getWxPayToken } from './wxpay.tokens.js';

/** What a registration may carry beside the options of its merchant. */
export interface WxPayExtras {
  /** The name of the merchant, where there are several; default `default`. */
  readonly name?: string | undefined;
  /** Whether its services can be injected without importing the module; default false. */
  readonly isGlobal?: boolean | undefined;
}

const OPTIONS = Symbol.for('nestjs-wxpay/options');
/** Provided by `forRoot` and `forRootAsync`, so that the module notices when it is imported without them. */
const REGISTRATION = Symbol.for('nestjs-wxpay/registration');

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<WxPayOptions>({
  optionsInjectionToken: OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createWxPayOptions')
  .setExtras<WxPayExtras>(
    { name: DEFAULT_MERCHANT, isGlobal: false },
    ({ providers = [], imports = [], ...definition }, extras) => {
      const { name = DEFAULT_MERCHANT, isGlobal = false } = extras;
      const services = serviceProviders(name);
      return {
        ...definition,
        global: isGlobal,
        imports: [...imports, WxPayMerchantsModule],
        providers: [
          ...providers,
          { provide: REGISTRATION, useValue: name },
          ...merchantProviders(name),
          ...services,
        ],
        exports: [
          getWxPayToken(WxPayMerchant, name),
          ...services.map(({ provide }) => provide),
          WxPayMerchantsModule,
        ],
      };
    },
  )
  .build();

/**
 * Registers a WeChat Pay merchant and provides its services: {@link OrderQueryService}, {@link OrderCloseService},
 * {@link OrderSettleService}, {@link OrderReverseService}, {@link CombineOrderService}, {@link WxPayClient}.
 *
 * Import it once for each merchant, with a `name` for all but one.
 */
@Module({})
export class WxPayModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #moduleRef: ModuleRef;

  /** @throws {WxPayConfigError} if the class itself is imported, which registers no merchant */
  constructor(moduleRef: ModuleRef, @Optional() @Inject(REGISTRATION) registration?: string) {
    super();
    if (registration === undefined) {
      throw new WxPayConfigError([
        'WxPayModule is imported without options: import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }). If it is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here.',
      ]);
    }
    this.#moduleRef = moduleRef;
  }

  /** @throws {WxPayConfigError} if the options depend on the request: each request would register the merchant anew */
  onModuleInit(): void {
    if (this.#moduleRef.introspect(OPTIONS).scope !== Scope.REQUEST) return;
    throw new WxPayConfigError([
      'The options must not depend on the request: what forRootAsync injects, or its class, is of request scope. Register merchants once, with WxPayMerchants.register(name, options), and choose one with merchants.get(name).',
    ]);
  }

  /** @throws {WxPayConfigError} when the app starts, with every fault of the options */
  static override forRoot(options: WxPayOptions & WxPayExtras): DynamicModule {
    const { name, isGlobal } = options;
    // Through a factory: Nest would serialise a value, and options hold keys, agents and sockets.
    return super.forRootAsync({ name, isGlobal, useFactory: () => options });
  }

  /**
   * The same with options from a factory (`useFactory`, `inject`), a class (`useClass`) or a provider (`useExisting`)
   * that has `createWxPayOptions()`.
   *
   * @throws {WxPayConfigError} when the app starts, with every fault of the options
   */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<WxPayOptions, 'createWxPayOptions'> & WxPayExtras,
  ): DynamicModule {
    return super.forRootAsync(options);
  }
}

/** Signer and verifier are providers, so that a test can override them; the merchant is built from what they are then. */
function merchantProviders(name: string): Provider[] {
  const signer = getWxPayToken(WxPaySigner, name);
  const verifier = getWxPayToken(WxPayVerifier, name);
  const v2Signer = getWxPayToken(WxPayV2Signer, name);
  return [
    {
      provide: signer,
      useFactory: (options?: WxPayOptions) => (options?.api === 'v2' ? undefined : options?.signer),
      inject: [OPTIONS],
    },
    {
      provide: verifier,
      useFactory: (options?: WxPayOptions) => (options?.api === 'v2' ? undefined : options?.verifier),
      inject: [OPTIONS],
    },
    {
      provide: v2Signer,
      useFactory: (options?: WxPayOptions) => (options?.api === 'v2' ? options.signer : undefined),
      inject: [OPTIONS],
    },
    {
      provide: getWxPayToken(WxPayMerchant, name),
      useFactory: (
        merchants: WxPayMerchants,
        options: WxPayOptions | undefined,
        signedBy: WxPaySigner,
        verifiedBy: WxPayVerifier,
        v2SignedBy: WxPayV2Signer,
      ) =>
        merchants.registerOfModule(
          name,
          options?.api === 'v2'
            ? { ...pickOptions(options), signer: v2SignedBy }
            : // Sound: registering checks it, missing options included.
              ({ ...pickOptions(options), signer: signedBy, verifier: verifiedBy } as WxPayOptions),
        ),
      inject: [WxPayMerchants, OPTIONS, signer, verifier, v2Signer],
    },
    // Nest 10 takes two modules of the same shape for one, so that a second registration would vanish without a word.
    { provide: Symbol(`nestjs-wxpay/registration/${randomUUID()}`), useValue: name },
  ];
}

/** Services are handles: each call looks its merchant up, so that `replace` takes effect at once. */
function serviceProviders(name: string): FactoryProvider[] {
  const handle = <T>(
    service: abstract new (...args: never[]) => T,
    make: (merchant: () => WxPayMerchant) => T,
  ): FactoryProvider<T> => ({
    provide: getWxPayToken(service, name),
    useFactory: (merchants: WxPayMerchants) => make(() => merchants.get(name)),
    inject: [WxPayMerchants, getWxPayToken(WxPayMerchant, name)],
  });
  return [
    handle(
      OrderQueryService,
      (merchant) => new OrderQueryService(...ordersOf(merchant), () => merchant().closing),
    ),
    handle(OrderCloseService, (merchant) => new OrderCloseService(...ordersOf(merchant))),
    handle(OrderSettleService, (merchant) => new OrderSettleService(...ordersOf(merchant))),
    handle(
      OrderReverseService,
      (merchant) =>
        new OrderReverseService(
          () => merchant().apis.reversal(),
          () => merchant().now(),
        ),
    ),
    handle(CombineOrderService, (merchant) => new CombineOrderService(() => merchant().apis.combine())),
    handle(WxPayClient, (merchant) => new WxPayClient(() => merchant().apis.requests())),
  ];
}

/** What the services of single orders work with. */
function ordersOf(merchant: () => WxPayMerchant): [orders: () => OrderApi, now: () => number] {
  return [() => merchant().apis.orders(), () => merchant().now()];
}
