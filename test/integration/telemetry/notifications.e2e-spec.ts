import { describe, expect, it } from '@jest/globals';
import { Injectable, UnauthorizedException, type CanActivate } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { WXPAY_CHANNELS, type NotificationEvent } from 'nestjs-wxpay';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

@Injectable()
class ClosedShopGuard implements CanActivate {
  canActivate(): boolean {
    throw new UnauthorizedException();
  }
}

const events = recordEvents<NotificationEvent>(WXPAY_CHANNELS.notification);

describe.each(ADAPTERS)('the channel of notifications, on %s', (adapter) => {
  const startShop = (options: Partial<NotificationAppOptions> = {}) =>
    startNotificationApp({
      adapter,
      merchants: [{ ...merchantOf(SHOP_KEYS), name: 'shop' }],
      verify: { merchant: 'shop' },
      ...options,
    });

  it('publishes a notification that is accepted', async () => {
    await using app = await startShop();

    await app.send(signNotification(SHOP_KEYS));

    expect(events).toEqual([
      { merchant: 'shop', eventType: 'TRANSACTION.SUCCESS', outcome: 'accepted', status: 204 },
    ]);
  });

  it('publishes a notification over APIv2 that is accepted', async () => {
    await using app = await startShop({
      merchants: [{ ...LEGACY, name: 'shop' }],
      configure: (nest) => readXml(nest, adapter),
    });

    await app.send(toLegacy());

    expect(events).toEqual([
      { merchant: 'shop', eventType: 'TRANSACTION.SUCCESS', outcome: 'accepted', status: 200 },
    ]);
  });

  it('publishes a notification whose handler fails', async () => {
    await using app = await startShop();
    app.shop.handle = () => {
      throw new Error('out of stock');
    };

    await app.send(signNotification(SHOP_KEYS));

    expect(events).toEqual([
      { merchant: 'shop', eventType: 'TRANSACTION.SUCCESS', outcome: 'failed', status: 500 },
    ]);
  });

  it('publishes a notification that could not be verified, without what it claims', async () => {
    await using app = await startShop();
    const { headers, body } = signNotification(SHOP_KEYS, { signedBody: '{}' });

    await app.send({ headers, body });

    expect(events).toEqual([{ merchant: 'shop', outcome: 'unverified', status: 401 }]);
  });

  it('publishes a notification of the other API, which is answered 400, as unverified', async () => {
    await using app = await startShop({ merchants: [{ ...LEGACY, name: 'shop' }] });

    await app.send(signNotification(SHOP_KEYS));

    expect(events).toEqual([{ merchant: 'shop', outcome: 'unverified', status: 400 }]);
  });

  it('publishes a notification to an unknown merchant without a name', async () => {
    await using app = await startShop({ verify: { merchant: () => 'nobody' } });

    await app.send(signNotification(SHOP_KEYS));

    expect(events).toEqual([{ outcome: 'unverified', status: expect.any(Number) }]);
  });

  it('publishes a notification that a guard of the app refuses, once', async () => {
    await using app = await startShop({ providers: [{ provide: APP_GUARD, useClass: ClosedShopGuard }] });

    await app.send(signNotification(SHOP_KEYS));

    expect(events).toEqual([{ outcome: 'unverified', status: 401 }]);
  });
});
