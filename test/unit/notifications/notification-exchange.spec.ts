import { describe, expect, it } from '@jest/globals';
import type { WxPayNotification } from '../../../lib/domain/notification.js';
import { NotificationExchange } from '../../../lib/notifications/notification-exchange.js';

const NOTIFICATION: WxPayNotification = {
  merchant: 'default',
  id: 'EV-1',
  eventType: 'COUPON.USE',
  originalType: 'coupon',
  createdAt: new Date('2026-11-29T10:00:00Z'),
  resource: {},
};

describe('NotificationExchange', () => {
  it('returns the same exchange for each call with a request', () => {
    const request = {};

    const exchange = NotificationExchange.of(request);

    expect(NotificationExchange.of(request)).toBe(exchange);
  });

  it('returns another exchange for another request, even with the same content', () => {
    const exchange = NotificationExchange.of({ headers: {} });

    exchange.verified(NOTIFICATION);

    expect(NotificationExchange.of({ headers: {} }).notification).toBeUndefined();
  });

  it('adds nothing to the request, which apps log', () => {
    const request = Object.freeze({});

    NotificationExchange.of(request).verified(NOTIFICATION);

    expect(Reflect.ownKeys(request)).toEqual([]);
  });

  it('has no notification until one is verified', () => {
    const exchange = NotificationExchange.of({});

    expect(exchange.notification).toBeUndefined();
    exchange.verified(NOTIFICATION);
    expect(exchange.notification).toBe(NOTIFICATION);
  });

  it('shows nothing of the notification to a logger', () => {
    const exchange = NotificationExchange.of({});

    exchange.verified(NOTIFICATION);

    expect(JSON.stringify(exchange)).toBe('{}');
  });

  it('refuses in JSON before the API is known', () => {
    const exchange = NotificationExchange.of({});

    expect(exchange.refuse(403, 'No entry.')).toEqual({
      status: 403,
      contentType: 'application/json; charset=utf-8',
      body: '{"code":"FAIL","message":"No entry."}',
    });
  });

  it('refuses in the XML that WeChat Pay documents over APIv2', () => {
    const exchange = NotificationExchange.of({});

    exchange.answerIn('v2');

    expect(exchange.refuse(403, 'No entry.')).toEqual({
      status: 403,
      contentType: 'text/xml; charset=utf-8',
      body: '<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[No entry.]]></return_msg></xml>',
    });
  });
});
