import { strict as assert } from 'node:assert';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Module, type Type } from '@nestjs/common';
import { OrderQueryService, WxPayModule } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { CreateApp } from './scenario.js';

/** For hosts that have `@nestjs/axios`: a merchant whose requests go through the `HttpService` of the app. */
export async function queryThroughHttpService(createApp: CreateApp): Promise<void> {
  const gateway = await MockWxPayGateway.start();
  gateway.orders.create({ outTradeNo: 'SHOP', amount: { total: 100 } });
  const app = await createApp(moduleOf(gateway), { logger: false, abortOnError: false });
  const seen: (string | undefined)[] = [];
  app.get(HttpService, { strict: false }).axiosRef.interceptors.request.use((config) => {
    seen.push(config.url);
    return config;
  });
  try {
    const { tradeState } = await app.get(OrderQueryService).query({ outTradeNo: 'SHOP' });

    assert.equal(tradeState, 'NOTPAY');
    assert.equal(seen.length, 1);
  } finally {
    await app.close();
    await gateway.stop();
  }
}

function moduleOf(gateway: MockWxPayGateway): Type {
  @Module({
    imports: [
      WxPayModule.forRootAsync({
        imports: [HttpModule.register({ proxy: false })],
        inject: [HttpService],
        useFactory: (httpService: HttpService) => gateway.options({ httpService }),
      }),
    ],
  })
  class HttpServiceModule {}
  return HttpServiceModule;
}
