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
import { WxPaySigner } from './crypto/signer.js';
import { WxPayVerifier } from './crypto/verifier.js';
import { WxPayConfigError } from './errors/wxpay-config-error.js';
import { WxPayMerchant } from './merchants/merchant.js';
import { WxPayMerchants } from './merchants/merchants.js';
import { WxPayMerchantsModule } from './merchants/merchants.module.js';
import { pickOptions } from './merchants/pick-options.js';
import { SERVICES, type WxPayMerchantServices } from './merchants/services.js';
import type { WxPayOptions } from './merchants/wxpay-options.js';
import { DEFAULT_MERCHANT } from './rules/default-merchant.js';
import { WxPayV2Signer } from './v2/signing/signer.js';
import { getWxPayToken } from './wxpay.tokens.js';

/** Settings of a registration, in addition to the options of its merchant. */
export interface WxPayExtras {
  /** Name of the merchant, if the app has several; default `default`. */
  readonly name?: string | undefined;
  /** True to inject the merchant's services without importing the module; default false. */
  readonly isGlobal?: boolean | undefined;
}

const OPTIONS = Symbol.for('nestjs-wxpay/options');
/** Token that `forRoot` and `forRootAsync` provide, so that the module detects an import without them. */
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
 * Registers a WeChat Pay merchant and provides its services: OrderQueryService, WxPayClient and the other services of
 * {@link WxPayMerchant}.
 *
 * Import it once for each merchant. All merchants except one need a `name`.
 */
@Module({})
export class WxPayModule extends ConfigurableModuleClass implements OnModuleInit {
  readonly #moduleRef: ModuleRef;
  readonly #name: string;

  /** @throws {WxPayConfigError} if the class is imported without `forRoot` or `forRootAsync`: it then registers no merchant */
  constructor(moduleRef: ModuleRef, @Optional() @Inject(REGISTRATION) registration?: string) {
    super();
    if (registration === undefined) {
      throw new WxPayConfigError([
        'WxPayModule is imported without options: import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }). If it is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here.',
      ]);
    }
    this.#moduleRef = moduleRef;
    this.#name = registration;
  }

  /** @throws {WxPayConfigError} if the options are request-scoped: each request would register the merchant again */
  onModuleInit(): void {
    // Looked up by the token of the merchant: that of the options is the same in all registrations, and Nest would describe the last.
    // Sound: the token is only looked up.
    const token = getWxPayToken(WxPayMerchant, this.#name) as string;
    if (this.#moduleRef.introspect(token).scope !== Scope.REQUEST) return;
    throw new WxPayConfigError([
      'The options must not depend on the request: what forRootAsync injects, or its class, is of request scope. Register merchants once, with WxPayMerchants.register(name, options), and choose one with merchants.get(name).',
    ]);
  }

  /**
   * Registers a merchant with the given options.
   *
   * @throws {WxPayConfigError} when the app starts, with every fault of the options
   */
  static override forRoot(options: WxPayOptions & WxPayExtras): DynamicModule {
    const { name, isGlobal } = (options ?? {}) as WxPayExtras;
    // Passed by a factory, because Nest would serialise a value, and options contain keys, agents and sockets.
    return super.forRootAsync({ name, isGlobal, useFactory: () => options });
  }

  /**
   * Registers a merchant with options from a factory (`useFactory`, `inject`), or from a class (`useClass`) or a provider
   * (`useExisting`) that has `createWxPayOptions()`.
   *
   * @throws {WxPayConfigError} if nothing provides the options; when the app starts, with every fault of the options
   */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<WxPayOptions, 'createWxPayOptions'> & WxPayExtras,
  ): DynamicModule {
    const { useFactory, useClass, useExisting } = (options ?? {}) as Partial<typeof options>;
    if ((useFactory ?? useClass ?? useExisting) === undefined) {
      throw new WxPayConfigError([
        'WxPayModule.forRootAsync() needs useFactory, useClass or useExisting, which provides the options of the merchant.',
      ]);
    }
    return super.forRootAsync(options);
  }
}

/** Signers and verifier of a merchant. They are separate providers, so that a test can override them. */
const KEY_PROVIDERS = [
  {
    type: WxPaySigner,
    from: (options?: WxPayOptions) => (options?.api === 'v2' ? undefined : options?.signer),
  },
  {
    type: WxPayVerifier,
    from: (options?: WxPayOptions) => (options?.api === 'v2' ? undefined : options?.verifier),
  },
  {
    type: WxPayV2Signer,
    from: (options?: WxPayOptions) => (options?.api === 'v2' ? options.signer : undefined),
  },
] as const;

/** Creates the providers of a merchant, which uses the signer and the verifier that the container resolves. */
function merchantProviders(name: string): Provider[] {
  const keys = KEY_PROVIDERS.map(({ type, from }) => ({
    provide: getWxPayToken<unknown>(type, name),
    useFactory: from,
    inject: [OPTIONS],
  }));
  return [
    ...keys,
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
            : // Sound: registerOfModule checks the options, missing ones included.
              ((options && {
                ...pickOptions(options),
                signer: signedBy,
                verifier: verifiedBy,
              }) as WxPayOptions),
        ),
      inject: [WxPayMerchants, OPTIONS, ...keys.map(({ provide }) => provide)],
    },
    // Nest 10 treats two modules with equal metadata as one, so that a second registration would be silently ignored.
    { provide: Symbol(`nestjs-wxpay/registration/${randomUUID()}`), useValue: name },
  ];
}

/** Creates the providers of a merchant's services, which are the members of the merchant. */
function serviceProviders(name: string): FactoryProvider[] {
  const merchant = getWxPayToken(WxPayMerchant, name);
  return Object.entries(SERVICES).map(([member, { type }]) => ({
    provide: getWxPayToken<unknown>(type, name),
    // Sound: a merchant has a member for every row of SERVICES.
    useFactory: (owner: WxPayMerchant) => owner[member as keyof WxPayMerchantServices],
    inject: [merchant],
  }));
}
