import { strict as assert } from 'node:assert';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Module,
  Param,
  type INestApplication,
  type NestApplicationOptions,
  type Type,
} from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import {
  getWxPayToken,
  InjectWxPay,
  OrderCloseService,
  OrderQueryService,
  WxPayConfigError,
  WxPayExceptionFilter,
  WxPayModule,
  type Order,
} from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { receiveNotifications } from './notifications.js';

/** How a host makes an application of a module: the platform is its choice. */
export type CreateApp = (module: Type, options: NestApplicationOptions) => Promise<INestApplication>;

type Scenario = (createApp: CreateApp) => Promise<void>;

// With a snapshot Nest serialises every provider, which options that hold keys and sockets must survive.
const APP_OPTIONS: NestApplicationOptions = { logger: false, abortOnError: false, snapshot: true };

@Controller()
class OrdersController {
  constructor(
    private readonly orders: OrderQueryService,
    private readonly closing: OrderCloseService,
    @InjectWxPay(OrderQueryService, 'eu') private readonly euOrders: OrderQueryService,
  ) {}

  @Get('orders/:outTradeNo')
  find(@Param('outTradeNo') outTradeNo: string): Promise<Order> {
    return this.orders.query({ outTradeNo });
  }

  @Delete('orders/:outTradeNo')
  @HttpCode(204)
  close(@Param('outTradeNo') outTradeNo: string): Promise<void> {
    return this.closing.close({ outTradeNo });
  }

  @Get('eu/orders/:outTradeNo')
  findEuropean(@Param('outTradeNo') outTradeNo: string): Promise<Order> {
    return this.euOrders.query({ outTradeNo });
  }
}

@Module({
  imports: [
    ConfigModule.forRoot({ ignoreEnvFile: true }),
    WxPayModule.forRootAsync(defineWxPayConfig().asProvider()),
    WxPayModule.forRootAsync({
      ...defineWxPayConfig({ name: 'eu', prefix: 'WXPAY_EU_' }).asProvider(),
      name: 'eu',
    }),
  ],
  controllers: [OrdersController],
  providers: [{ provide: APP_FILTER, useClass: WxPayExceptionFilter }],
})
class ShopModule {}

/** What every host must be able to do with the installed package. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'queries and closes orders of two merchants over HTTP, configured from the environment': (createApp) =>
    withGateways(async (gateway, euGateway) => {
      setEnvironment('WXPAY_', gateway);
      setEnvironment('WXPAY_EU_', euGateway);
      const app = await createApp(ShopModule, APP_OPTIONS);
      await app.listen(0, '127.0.0.1');
      const url = await app.getUrl();
      try {
        assert.equal((await fetchJson(`${url}/orders/SHOP`)).tradeState, 'NOTPAY');
        assert.equal((await fetchJson(`${url}/eu/orders/EU`)).mchid, '1900000002');
        assert.equal((await fetch(`${url}/orders/SHOP`, { method: 'DELETE' })).status, 204);
        assert.equal((await fetchJson(`${url}/orders/SHOP`)).tradeState, 'CLOSED');
        assert.equal(gateway.orders.get('SHOP')?.tradeState, 'CLOSED');

        const { requestId, ...body } = await fetchJson(`${url}/orders/EU`);
        assert.deepEqual(body, {
          statusCode: 404,
          error: 'Not Found',
          code: 'ORDER_NOT_EXIST',
          message: 'The order does not exist.',
        });
        assert.equal(typeof requestId, 'string');
      } finally {
        await app.close();
      }
    }),

  'receives notifications, whatever interceptors make of bodies': (createApp) =>
    receiveNotifications((module) => createApp(module, { ...APP_OPTIONS, rawBody: true })),

  'keeps two merchants apart that are registered with plain options': (createApp) =>
    withGateways(async (gateway, euGateway) => {
      const app = await createApp(
        moduleOf(gateway.options(), { ...euGateway.options(), name: 'eu' }),
        APP_OPTIONS,
      );
      try {
        const [order, euOrder] = await Promise.all([
          app.get(OrderQueryService).query({ outTradeNo: 'SHOP' }),
          app.get<OrderQueryService>(getWxPayToken(OrderQueryService, 'eu')).query({ outTradeNo: 'EU' }),
        ]);

        assert.equal(order.mchid, '1900000001');
        assert.equal(euOrder.mchid, '1900000002');
      } finally {
        await app.close();
      }
    }),

  'refuses two merchants of one name': (createApp) =>
    withGateways(async (gateway, euGateway) => {
      await assert.rejects(
        createApp(moduleOf(gateway.options(), euGateway.options()), APP_OPTIONS),
        (error: unknown) => error instanceof WxPayConfigError && /already registered/.test(error.message),
      );
    }),
};

function moduleOf(...merchants: Parameters<typeof WxPayModule.forRoot>[0][]): Type {
  @Module({ imports: merchants.map((options) => WxPayModule.forRoot(options)) })
  class MerchantsModule {}
  return MerchantsModule;
}

async function withGateways(
  run: (gateway: MockWxPayGateway, euGateway: MockWxPayGateway) => Promise<void>,
): Promise<void> {
  const gateways = await Promise.all([
    MockWxPayGateway.start(),
    MockWxPayGateway.start({ mchid: '1900000002' }),
  ]);
  const [gateway, euGateway] = gateways;
  gateway.orders.create({ outTradeNo: 'SHOP', amount: { total: 100 } });
  euGateway.orders.create({ outTradeNo: 'EU', amount: { total: 200 } });
  try {
    await run(gateway, euGateway);
  } finally {
    await Promise.all(gateways.map((each) => each.stop()));
  }
}

/** As an operator would do before the application starts. */
function setEnvironment(prefix: string, gateway: MockWxPayGateway): void {
  const { merchantPrivateKey, merchantSerialNo, platformPublicKey, publicKeyId, apiV3Key } = gateway.keys;
  const variables = {
    MCHID: gateway.options().mchid,
    SERIAL_NO: merchantSerialNo,
    PRIVATE_KEY: merchantPrivateKey,
    PUBLIC_KEY_ID: publicKeyId,
    PUBLIC_KEY: platformPublicKey,
    API_V3_KEY: apiV3Key,
    HOSTS: gateway.url,
  };
  for (const [name, value] of Object.entries(variables)) process.env[`${prefix}${name}`] = value;
}

async function fetchJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url);
  return (await response.json()) as Record<string, unknown>;
}
