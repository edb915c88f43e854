import { describe, expect, it } from '@jest/globals';
import { Injectable, Module, type InjectionToken } from '@nestjs/common';
import {
  getWxPayToken,
  InjectWxPay,
  OrderCloseService,
  OrderQueryService,
  WxPayMerchant,
  WxPayMerchants,
  WxPayModule,
  WxPaySigner,
  WxPayV2Signer,
  WxPayVerifier,
  type WxPayOptions,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { useContainers } from '../../support/harness/containers.js';

const containers = useContainers();

describe('WxPayModule', () => {
  it('provides the services of the default merchant by class', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));

    const order = await app.get(OrderQueryService).query({ outTradeNo: 'T1' });

    expect(order.outTradeNo).toBe('T1');
    expect(app.get(OrderCloseService)).toBeInstanceOf(OrderCloseService);
    expect(app.get(WxPayMerchant).mchid).toBe('1900000001');
    expect(app.get(WxPayMerchants).names()).toEqual(['default']);
  });

  it('keeps several merchants apart, also over TLS', async () => {
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
        WxPayModule.forRoot(containers.gateway.options()),
        WxPayModule.forRoot({ ...containers.otherOptions(), name: 'eu' }),
      ],
      providers: [Checkout],
    })
    class AppModule {}
    const app = await containers.boot(AppModule);

    const { query, euQuery, close } = app.get(Checkout);

    await expect(query.query({ outTradeNo: 'T1' })).resolves.toMatchObject({ mchid: '1900000001' });
    await expect(euQuery.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ mchid: '1900000002' });
    await expect(euQuery.query({ outTradeNo: 'T1' })).rejects.toMatchObject({
      code: 'ORDER_NOT_EXIST',
      merchant: 'eu',
    });
    expect(close).toBeInstanceOf(OrderCloseService);
  });

  it('reads options that are getters of a class', async () => {
    class Options {
      readonly signer = containers.gateway.options().signer;
      readonly verifier = containers.gateway.options().verifier;
      readonly hosts = [containers.gateway.url];
      get mchid(): string {
        return '1900000001';
      }
    }

    const [direct, made] = await Promise.all([
      containers.start(WxPayModule.forRoot(new Options())),
      containers.start(WxPayModule.forRootAsync({ useFactory: () => new Options() })),
    ]);

    expect([direct, made].map((app) => app.get(WxPayMerchant).mchid)).toEqual(['1900000001', '1900000001']);
  });

  it.each([
    ['useFactory', () => WxPayModule.forRootAsync({ useFactory: async () => containers.gateway.options() })],
    [
      'useFactory with inject and imports',
      () => {
        @Module({ providers: [{ provide: 'GATEWAY', useValue: containers.gateway }], exports: ['GATEWAY'] })
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
          createWxPayOptions = (): WxPayOptions => containers.gateway.options();
        }
        return WxPayModule.forRootAsync({ useClass: Factory });
      },
    ],
    [
      'useExisting',
      () => {
        @Injectable()
        class Settings {
          createWxPayOptions = (): WxPayOptions => containers.gateway.options();
        }
        @Module({ providers: [Settings], exports: [Settings] })
        class SettingsModule {}
        return WxPayModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings });
      },
    ],
  ])('reads its options from %s', async (_, register) => {
    const app = await containers.start(register());

    await expect(app.get(OrderQueryService).query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });

  it('provides its services to modules that do not import it, with isGlobal', async () => {
    @Injectable()
    class Shop {
      constructor(readonly query: OrderQueryService) {}
    }
    @Module({ providers: [Shop] })
    class ShopModule {}
    @Module({
      imports: [WxPayModule.forRoot({ ...containers.gateway.options(), isGlobal: true }), ShopModule],
    })
    class AppModule {}

    const app = await containers.boot(AppModule);

    expect(app.get(Shop, { strict: false }).query).toBeInstanceOf(OrderQueryService);
  });

  it('starts with snapshot: true and an httpService that has agents', async () => {
    @Module({
      imports: [
        WxPayModule.forRoot({ ...containers.otherOptions(), name: 'eu' }),
        WxPayModule.forRoot(containers.gateway.options()),
      ],
    })
    class AppModule {}

    const app = await containers.boot(AppModule, { snapshot: true });

    const query = app.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'eu'));
    await expect(query.query({ outTradeNo: 'T2' })).resolves.toMatchObject({ outTradeNo: 'T2' });
  });

  it.each<[string, InjectionToken]>([
    ['options', Symbol.for('nestjs-wxpay/options')],
    ['signer', WxPaySigner],
    ['verifier', WxPayVerifier],
    ['signer of APIv2', WxPayV2Signer],
  ])('does not export its %s', async (_, inject) => {
    const thief = { provide: 'thief', useFactory: (secret: unknown) => secret, inject: [inject] };
    @Module({ imports: [WxPayModule.forRoot(containers.gateway.options())], providers: [thief] })
    class AppModule {}

    const booting = containers.boot(AppModule);

    await expect(booting).rejects.toThrow(/can't resolve dependencies of the .*thief/);
  });
});
