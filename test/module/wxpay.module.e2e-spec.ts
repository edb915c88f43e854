import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Injectable, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Agent } from 'node:https';
import {
  getWxPayToken,
  InjectWxPay,
  OrderCloseService,
  OrderQueryService,
  WxPayConfigError,
  WxPayMerchant,
  WxPayMerchants,
  WxPayModule,
  WxPaySigner,
  WxPayVerifier,
  type WxPayOptions,
} from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

let gateway: MockWxPayGateway;
let other: MockWxPayGateway;
const open: INestApplicationContext[] = [];

beforeAll(async () => {
  [gateway, other] = await Promise.all([
    MockWxPayGateway.start(),
    MockWxPayGateway.start({ mchid: '1900000002', https: true }),
  ]);
  gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
  other.orders.create({ outTradeNo: 'T2', amount: { total: 2 } });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});
afterAll(() => Promise.all([gateway.stop(), other.stop()]));

async function start(...imports: DynamicModule[]): Promise<INestApplicationContext> {
  @Module({ imports })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  open.push(app);
  return app;
}

/** The second gateway speaks TLS with a certificate of its own: the app brings agents that trust it. */
function otherOptions(): WxPayOptions {
  const httpsAgent = new Agent({ keepAlive: true, ca: other.certificate });
  const httpService = new HttpService(new HttpService().axiosRef.create({ httpsAgent }));
  return other.options({ httpService });
}

async function configErrorOf(promise: Promise<unknown>): Promise<WxPayConfigError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof WxPayConfigError) return error;
  throw new Error('The app started, or failed for another reason.', { cause: error });
}

describe('WxPayModule', () => {
  it('provides the services by their classes for the merchant without a name', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));

    const order = await app.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(order.outTradeNo).toBe('T1');
    expect(app.get(OrderCloseService)).toBeInstanceOf(OrderCloseService);
    expect(app.get(WxPayMerchant).mchid).toBe('1900000001');
    expect(app.get(WxPayMerchants).names()).toEqual(['default']);
  });

  it('keeps several merchants apart, over TLS too', async () => {
    @Injectable()
    class Checkout {
      @InjectWxPay(OrderCloseService, 'eu') readonly close!: OrderCloseService;
      constructor(
        readonly query: OrderQueryService,
        @InjectWxPay(OrderQueryService, 'eu') readonly euQuery: OrderQueryService,
      ) {}
    }
    @Module({
      imports: [
        WxPayModule.forRoot(gateway.options()),
        WxPayModule.forRoot({ ...otherOptions(), name: 'eu' }),
      ],
      providers: [Checkout],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    open.push(app);

    const { query, euQuery, close } = app.get(Checkout);

    await expect(query.query({ outTradeNo: 'T1' })).resolves.toMatchObject({ mchid: '1900000001' });
    await expect(euQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ mchid: '1900000002' });
    await expect(euQuery.query({ outTradeNo: 'T1' })).rejects.toMatchObject({
      code: 'ORDER_NOT_EXIST',
      merchant: 'eu',
    });
    expect(close).toBeInstanceOf(OrderCloseService);
  });

  it.each([
    ['useFactory', () => WxPayModule.forRootAsync({ useFactory: async () => gateway.options() })],
    [
      'useFactory with inject and imports',
      () => {
        @Module({ providers: [{ provide: 'GATEWAY', useValue: gateway }], exports: ['GATEWAY'] })
        class GatewayModule {}
        return WxPayModule.forRootAsync({
          imports: [GatewayModule],
          inject: ['GATEWAY'],
          useFactory: (injected: MockWxPayGateway) => injected.options(),
        });
      },
    ],
    [
      'useClass',
      () => {
        class Factory {
          createWxPayOptions = (): WxPayOptions => gateway.options();
        }
        return WxPayModule.forRootAsync({ useClass: Factory });
      },
    ],
    [
      'useExisting',
      () => {
        @Injectable()
        class Settings {
          createWxPayOptions = (): WxPayOptions => gateway.options();
        }
        @Module({ providers: [Settings], exports: [Settings] })
        class SettingsModule {}
        return WxPayModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings });
      },
    ],
  ])('takes its options from %s', async (_, register) => {
    const app = await start(register());

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });

  it('with isGlobal serves modules that do not import it', async () => {
    @Injectable()
    class Shop {
      constructor(readonly query: OrderQueryService) {}
    }
    @Module({ providers: [Shop] })
    class ShopModule {}
    @Module({ imports: [WxPayModule.forRoot({ ...gateway.options(), isGlobal: true }), ShopModule] })
    class AppModule {}

    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    open.push(app);

    expect(app.get(Shop, { strict: false }).query).toBeInstanceOf(OrderQueryService);
  });

  it('boots with snapshot: true and an httpService that has agents', async () => {
    @Module({
      imports: [
        WxPayModule.forRoot({ ...otherOptions(), name: 'eu' }),
        WxPayModule.forRoot(gateway.options()),
      ],
    })
    class AppModule {}

    const app = await NestFactory.createApplicationContext(AppModule, {
      snapshot: true,
      logger: false,
      abortOnError: false,
    });
    open.push(app);

    const query = app.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'eu'));
    await expect(query.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ outTradeNo: 'T2' });
  });

  it('exports neither options nor keys', async () => {
    @Injectable()
    class Thief {
      constructor(readonly signer: WxPaySigner) {}
    }
    @Module({ imports: [WxPayModule.forRoot(gateway.options())], providers: [Thief] })
    class AppModule {}

    const booting = NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });

    await expect(booting).rejects.toThrow(/can't resolve dependencies of the .*Thief/);
  });
});

describe('a signer and a verifier', () => {
  class CountingSigner extends WxPaySigner {
    calls = 0;
    readonly #inner = gateway.options().signer;
    readonly algorithm = this.#inner.algorithm;
    readonly serialNo = this.#inner.serialNo;

    override sign(input: { readonly message: string; readonly signal?: AbortSignal }): Promise<string> {
      this.calls++;
      return this.#inner.sign(input);
    }
  }

  it('can be overridden in a test, for the default merchant by class', async () => {
    const signer = new CountingSigner();
    const module = await Test.createTestingModule({ imports: [WxPayModule.forRoot(gateway.options())] })
      .overrideProvider(WxPaySigner)
      .useValue(signer)
      .compile();
    open.push(module);

    await module.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(signer.calls).toBe(1);
  });

  it('can be overridden in a test, for a named merchant by token', async () => {
    class DistrustfulVerifier extends WxPayVerifier {
      override acceptedSerialNo = () => Promise.resolve(gateway.keys.publicKeyId);
      override verify = () => Promise.resolve(false);
    }
    const module = await Test.createTestingModule({
      imports: [WxPayModule.forRoot({ ...gateway.options(), name: 'eu' })],
    })
      .overrideProvider(getWxPayToken(WxPayVerifier, 'eu'))
      .useValue(new DistrustfulVerifier())
      .compile();
    open.push(module);

    const query = module.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'eu'));

    await expect(query.query({ outTradeNo: 'T1' })).rejects.toMatchObject({
      reason: 'mismatch',
      merchant: 'eu',
    });
  });

  it('can be given as options', async () => {
    const signer = new CountingSigner();
    const app = await start(WxPayModule.forRoot(gateway.options({ signer })));

    await app.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(signer.calls).toBe(1);
  });
});

describe('a faulty registration', () => {
  it('under a name that is taken stops the start', async () => {
    const error = await configErrorOf(
      start(WxPayModule.forRoot(gateway.options()), WxPayModule.forRoot(gateway.options())),
    );

    expect(error.message).toBe(
      'WeChat Pay merchant "default": name is already registered. Give each registration a name of its own, or use merchants.replace().',
    );
  });

  it('lists every fault at once, each with its remedy', async () => {
    const options = {
      mchid: 'mch-1',
      signer: {},
      apiV3Key: 'short',
      hosts: ['http://api.mch.weixin.qq.com'],
      timeoutMs: 0,
      maxReplyBytes: 1.5,
      userAgent: 'shop\n',
      httpService: {},
      api: 'v1',
    } as never;

    const error = await configErrorOf(start(WxPayModule.forRoot(options)));

    expect(error.faults.map((fault) => fault.split(' ')[0])).toEqual([
      'api',
      'mchid',
      'signer',
      'verifier',
      'apiV3Key',
      'hosts',
      'timeoutMs',
      'maxReplyBytes',
      'httpService',
      'userAgent',
    ]);
    expect(error.message).toContain('verifier must be a WxPayVerifier');
    expect(error.message).not.toContain('short');
  });

  it('lists a taken name together with the faults of the options', async () => {
    const error = await configErrorOf(
      start(WxPayModule.forRoot(gateway.options()), WxPayModule.forRoot(gateway.options({ mchid: 'x' }))),
    );

    expect(error.faults).toHaveLength(2);
  });

  it('is explained when the factory returns nothing', async () => {
    const error = await configErrorOf(
      start(WxPayModule.forRootAsync({ useFactory: () => undefined as never })),
    );

    expect(error.message).toContain('mchid must be');
  });

  it('does not concern another app in the same process', async () => {
    await start(WxPayModule.forRoot(gateway.options()));

    await expect(start(WxPayModule.forRoot(gateway.options()))).resolves.toBeDefined();
  });

  it('asks for a service that the module provides', () => {
    class Unrelated {}

    expect(() => getWxPayToken(Unrelated)).toThrow(
      'WxPayModule provides no Unrelated. It provides OrderQueryService,',
    );
  });
});

describe('WxPayMerchants', () => {
  it('adds a merchant while the app runs', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));
    const merchants = app.get(WxPayMerchants);

    const merchant = merchants.register('tenant-7', otherOptions());

    await expect(merchant.orderQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({
      mchid: '1900000002',
    });
    expect(merchants.has('tenant-7')).toBe(true);
    expect(merchants.get('tenant-7')).toBe(merchant);
    expect(merchants.names()).toEqual(['default', 'tenant-7']);
  });

  it('replaces a merchant under the services that are injected already, while its calls finish', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));
    const query = app.get(OrderQueryService);
    gateway.next({ delayMs: 80 });
    const inFlight = query.query({ outTradeNo: 'T1' });

    app.get(WxPayMerchants).replace('default', otherOptions());

    await expect(query.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ mchid: '1900000002' });
    await expect(inFlight).resolves.toMatchObject({ mchid: '1900000001' });
  });

  it('keeps the old merchant when the new options are faulty', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));

    expect(() => app.get(WxPayMerchants).replace('default', gateway.options({ mchid: '' }))).toThrow(
      WxPayConfigError,
    );

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });

  it('names the registered merchants when asked for one that is not', async () => {
    const app = await start(
      WxPayModule.forRoot(gateway.options()),
      WxPayModule.forRoot({ ...otherOptions(), name: 'us' }),
    );

    expect(() => app.get(WxPayMerchants).get('eu')).toThrow(
      `No WeChat Pay merchant is registered as "eu". Registered: "default", "us". Add WxPayModule.forRoot({ name: 'eu', … }) or call merchants.register('eu', …).`,
    );
    expect(() => app.get(WxPayMerchants).replace('eu', gateway.options())).toThrow(WxPayConfigError);
  });

  it('forgets a merchant that is unregistered', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));
    const merchants = app.get(WxPayMerchants);

    expect(merchants.unregister('default')).toBe(true);
    expect(merchants.unregister('default')).toBe(false);

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).rejects.toThrow(
      'No WeChat Pay merchant is registered as "default". Registered: none.',
    );
  });

  it('lets the calls in flight finish before the app is closed', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));
    gateway.next({ delayMs: 80 });
    const inFlight = app.get(OrderQueryService).query({ outTradeNo: 'T1' });
    let answered = false;
    const noted = inFlight.finally(() => {
      answered = true;
    });

    await app.close();

    expect(answered).toBe(true);
    await expect(noted).resolves.toMatchObject({ outTradeNo: 'T1' });
  });

  it('shows no key of a merchant', async () => {
    const app = await start(WxPayModule.forRoot(gateway.options()));
    const { inspect } = await import('node:util');
    const merchant = app.get(WxPayMerchant);

    const shown = [String(merchant), JSON.stringify(merchant), inspect(merchant, { depth: Infinity })];

    expect(shown).toEqual([
      'WxPayMerchant "default" (mchid 1900000001, API v3)',
      '{"name":"default","mchid":"1900000001","api":"v3"}',
      'WxPayMerchant "default" (mchid 1900000001, API v3)',
    ]);
  });
});
