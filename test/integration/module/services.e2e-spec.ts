import { describe, expect, it } from '@jest/globals';
import * as api from 'nestjs-wxpay';
import { getWxPayToken, OrderQueryService, WxPayMerchants, WxPayModule } from 'nestjs-wxpay';
import { SERVICES } from '../../../lib/merchants/services.js';
import { useContainers } from '../../support/harness/containers.js';

const containers = useContainers();
const T1 = { outTradeNo: 'T1' };

describe('WxPayModule', () => {
  it.each(Object.entries(SERVICES))(
    'provides %s as a member, under a token and as an export',
    async (member, { id, type }) => {
      const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));

      expect(app.get(getWxPayToken<unknown>(type))).toBeInstanceOf(type);
      expect(app.get(WxPayMerchants).get()).toHaveProperty(member, expect.any(type));
      expect(api).toHaveProperty(id, type);
    },
  );

  it.each(Object.entries(SERVICES))(
    'injects the %s of the registered merchant itself',
    async (member, { type }) => {
      const app = await containers.start(
        WxPayModule.forRoot(containers.gateway.options()),
        WxPayModule.forRoot({ ...containers.otherOptions(), name: 'other' }),
      );
      const merchants = app.get(WxPayMerchants);

      expect(app.get(getWxPayToken<unknown>(type))).toBe(Reflect.get(merchants.get(), member));
      expect(app.get(getWxPayToken<unknown>(type, 'other'))).toBe(
        Reflect.get(merchants.get('other'), member),
      );
    },
  );

  it('shares no query between the options before and after a replacement', async () => {
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
