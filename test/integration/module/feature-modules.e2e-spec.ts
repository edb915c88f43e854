import { describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module } from '@nestjs/common';
import { OrderQueryService, WxPayConfigError, WxPayModule } from 'nestjs-wxpay';
import { useContainers } from '../../support/harness/containers.js';
import { failureOf } from '../../support/assertions/failure-of.js';

const containers = useContainers();

@Injectable()
class Shop {
  constructor(readonly orderQuery: OrderQueryService) {}
}

@Controller()
class ShopController {
  constructor(readonly orderQuery: OrderQueryService) {}
}

@Module({ imports: [WxPayModule], controllers: [ShopController] })
class ControllerModule {}

describe('WxPayModule, used by a feature module', () => {
  it('provides its services from one registration that both modules import', async () => {
    const payments = WxPayModule.forRoot(containers.gateway.options());
    @Module({ imports: [payments], providers: [Shop] })
    class ShopModule {}

    const app = await containers.start(payments, ShopModule);

    expect(app.get(Shop).orderQuery).toBe(app.get(OrderQueryService));
  });

  it('provides the services of all merchants through a module that exports it', async () => {
    @Module({
      imports: [
        WxPayModule.forRoot({ ...containers.otherOptions(), name: 'eu' }),
        WxPayModule.forRoot(containers.gateway.options()),
      ],
      exports: [WxPayModule],
    })
    class PaymentsModule {}
    @Module({ imports: [PaymentsModule], providers: [Shop] })
    class ShopModule {}

    const app = await containers.start(ShopModule);

    await expect(app.get(Shop).orderQuery.query({ outTradeNo: 'T1' })).resolves.toBeDefined();
  });
});

describe('WxPayModule, imported without forRoot', () => {
  it.each([
    ['alone', () => [WxPayModule]],
    ['in a module with a controller that injects a service', () => [ControllerModule]],
    [
      'beside a registration in another module',
      () => [WxPayModule.forRoot(containers.gateway.options()), WxPayModule],
    ],
  ])('does not start if it is imported %s, and names the remedy', async (_, imports) => {
    const error = await failureOf(WxPayConfigError, containers.start(...imports()));

    expect(error.message).toBe(
      'WxPayModule is imported without options: import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }). If it is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here.',
    );
  });
});
