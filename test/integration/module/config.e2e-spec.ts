import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  getWxPayToken,
  OrderQueryService,
  WxPayConfigError,
  WxPayMerchant,
  WxPayModule,
  type WxPayOptions,
} from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { environmentOf, v2EnvironmentOf } from '../../support/fixtures/config-environment.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

@Module({})
class AppModule {}

describe('WxPayModule with defineWxPayConfig', () => {
  const before = new Set(Object.keys(process.env));
  const apps: INestApplicationContext[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'wxpay-module-'));
  const envFilePath = join(folder, '.env');
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    for (const name of Object.keys(process.env)) if (!before.has(name)) delete process.env[name];
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await gateway.stop();
  });

  async function start(...imports: readonly (DynamicModule | Promise<DynamicModule>)[]) {
    const app = await NestFactory.createApplicationContext(
      { module: AppModule, imports: [...imports] },
      { logger: false, abortOnError: false },
    );
    apps.push(app);
    return app;
  }

  it('queries orders with the variables in .env', async () => {
    const lines = Object.entries(environmentOf(gateway)).map(
      ([name, value]) => `${name}="${value.replaceAll('\n', '\\n')}"`,
    );
    writeFileSync(envFilePath, lines.join('\n'));
    gateway.orders.create({ outTradeNo: 'from-env', amount: { total: 990 } });

    // Defined before .env is loaded, as at the top of a file.
    const wxPayConfig = defineWxPayConfig();
    const app = await start(
      ConfigModule.forRoot({ envFilePath }),
      WxPayModule.forRootAsync(wxPayConfig.asProvider()),
    );
    const order = await app.get(OrderQueryService, { strict: false }).query({ outTradeNo: 'from-env' });

    expect(order).toMatchObject({ mchid: '1900000001', tradeState: 'NOTPAY' });
  });

  it('keeps several merchants apart', async () => {
    Object.assign(process.env, environmentOf(gateway));
    Object.assign(process.env, environmentOf(gateway, { prefix: 'WXPAY_EU_', mchid: '1900000002' }));

    const app = await start(
      WxPayModule.forRootAsync(defineWxPayConfig().asProvider()),
      WxPayModule.forRootAsync({
        name: 'eu',
        ...defineWxPayConfig({ name: 'eu', prefix: 'WXPAY_EU_' }).asProvider(),
      }),
    );
    const main = app.get<WxPayMerchant>(getWxPayToken(WxPayMerchant), { strict: false });
    const eu = app.get<WxPayMerchant>(getWxPayToken(WxPayMerchant, 'eu'), { strict: false });

    expect([main.mchid, eu.mchid]).toEqual(['1900000001', '1900000002']);
  });

  it.each(['HMAC-SHA256', 'MD5'])('queries orders over APIv2 with SIGN_TYPE=%s', async (signType) => {
    Object.assign(process.env, v2EnvironmentOf(gateway), { WXPAY_SIGN_TYPE: signType });
    // Without the sign type in its number, which is looked for in the request.
    const outTradeNo = `over-v2-${signType.length}`;
    gateway.orders.create({ outTradeNo, amount: { total: 990 } });

    const app = await start(WxPayModule.forRootAsync(defineWxPayConfig().asProvider()));
    const order = await app.get(OrderQueryService, { strict: false }).query({ outTradeNo });

    expect(order).toMatchObject({ outTradeNo, appid: 'wx8888888888888888', tradeState: 'NOTPAY' });
    expect(gateway.requests.at(-1)).toMatchObject({
      path: '/pay/orderquery',
      body: expect.stringContaining(signType),
    });
  });

  it('changes the API of a merchant with the variables of both APIs through WXPAY_API alone', async () => {
    Object.assign(process.env, v2EnvironmentOf(gateway), environmentOf(gateway));
    gateway.orders.create({ outTradeNo: 'over-both', amount: { total: 990 } });

    const paths: unknown[] = [];
    for (const api of ['v2', 'v3']) {
      process.env['WXPAY_API'] = api;
      const app = await start(WxPayModule.forRootAsync(defineWxPayConfig().asProvider()));
      await app.get(OrderQueryService, { strict: false }).query({ outTradeNo: 'over-both' });
      paths.push(gateway.requests.at(-1)?.path);
    }

    expect(paths).toEqual([
      '/pay/orderquery',
      '/v3/pay/transactions/out-trade-no/over-both?mchid=1900000001',
    ]);
  });

  it('names a validate function that drops its variables', async () => {
    writeFileSync(envFilePath, 'PORT=3000\nWXPAY_MCHID=1900000001\n');
    const validate = ({ PORT }: Record<string, unknown>) => ({ PORT });

    const starting = start(
      ConfigModule.forRoot({ envFilePath, validate }),
      WxPayModule.forRootAsync(defineWxPayConfig().asProvider()),
    );

    const { faults } = await failureOf(WxPayConfigError, starting);
    expect(faults[0]).toBe(
      'WXPAY_MCHID is not set. Set it in the environment, or in .env and import ConfigModule.forRoot(), whose validate or validationSchema has to keep the name.',
    );
  });

  it('leaves the namespaces of the app alone', async () => {
    Object.assign(process.env, environmentOf(gateway));
    const wxPayConfig = defineWxPayConfig();

    const app = await start(
      ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ wxpay: 'mine' }), wxPayConfig] }),
      WxPayModule.forRootAsync(wxPayConfig.asProvider()),
    );

    expect(app.get(ConfigService).get('wxpay')).toBe('mine');
    expect(app.get<WxPayOptions>(wxPayConfig.KEY)).toMatchObject({ mchid: '1900000001' });
  });

  it('does not start with faulty variables', async () => {
    Object.assign(process.env, environmentOf(gateway), { WXPAY_MCHID: 'none', WXPAY_TIMEOUT_MS: '0' });

    const starting = start(WxPayModule.forRootAsync(defineWxPayConfig().asProvider()));

    await expect(starting).rejects.toThrow(WxPayConfigError);
    await expect(starting).rejects.toMatchObject({
      faults: [
        'WXPAY_MCHID must be the merchant number: digits only.',
        'WXPAY_TIMEOUT_MS must be a whole number of milliseconds from 1 to 2147483647.',
      ],
    });
  });
});
