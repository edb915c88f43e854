import { strict as assert } from 'node:assert';
import { Module } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { WxPayModule } from 'nestjs-wxpay';
import { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { CreateContext } from './create-context.js';

/** Checks the health of a merchant with a call that WeChat Pay signs. */
export async function run(create: CreateContext): Promise<void> {
  const gateway = await MockWxPayGateway.start();
  @Module({
    imports: [WxPayModule.forRoot(gateway.options()), TerminusModule],
    providers: [WxPayHealthIndicator],
  })
  class HealthModule {}
  const app = await create(HealthModule, { logger: false, abortOnError: false });
  try {
    const wxpay = app.get(WxPayHealthIndicator);
    const { status, details } = await app.get(HealthCheckService).check([() => wxpay.check('wxpay')]);

    assert.equal(status, 'ok');
    assert.deepEqual(details, { wxpay: { status: 'up' } });
  } finally {
    await app.close();
    await gateway.stop();
  }
}
