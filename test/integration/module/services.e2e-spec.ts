import { describe, expect, it } from '@jest/globals';
import * as api from 'nestjs-wxpay';
import { getWxPayToken, OrderQueryService, WxPayMerchants, WxPayModule } from 'nestjs-wxpay';
import { SERVICES } from '../../../lib/merchants/services.js';
import { useContainers } from '../../support/harness/containers.js';

const containers = useContainers();
const T1 = { outTradeNo: 'T1' };

describe('the services of a merchant', () => {
  it.each(Object.entries(SERVICES))(
    'have in %s a member, a token and an export',
    async (member, { id, type }) => {
      const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));

      expect(app.get(getWxPayToken<unknown>(type))).toBeInstanceOf(type);
      expect(app.get(WxPayMerchants).get()).toHaveProperty(member, expect.any(type));
      expect(api).toHaveProperty(id, type);
    },
  );

  it('share a query, be they injected or of the registry', async () => {
    const { gateway } = containers;
    const app = await containers.start(WxPayModule.forRoot(gateway.options()));
    const services = [app.get(OrderQueryService), app.get(WxPayMerchants).get().orderQuery];
    const { length: before } = gateway.requests;

    await Promise.all(services.map((service) => service.query(T1, { share: true })));

    expect(gateway.requests).toHaveLength(before + 1);
  });

  it('share no query with the merchant before a replacement', async () => {
    const { gateway } = containers;
    const app = await containers.start(WxPayModule.forRoot(gateway.options()));
    const merchants = app.get(WxPayMerchants);
    const old = merchants.get();
    const { length: before } = gateway.requests;

    const first = old.orderQuery.query(T1, { share: true });
    merchants.replace('default', gateway.options());
    await Promise.all([first, app.get(OrderQueryService).query(T1, { share: true })]);

    expect(gateway.requests).toHaveLength(before + 2);
  });
});
