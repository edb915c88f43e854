import { describe, expect, it } from '@jest/globals';
import { ValidationPipe, type PipeTransform } from '@nestjs/common';
import { instanceToPlain } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { deserialize, serialize } from 'node:v8';
import type { WxPayNotification } from 'nestjs-wxpay';
import { decodeOrder } from '../../lib/v3/decode-order.js';
import { startNotificationApp } from '../support/harness/notification-app.js';
import { merchantOf, SHOP_KEYS } from '../support/harness/shop-notifications.js';
import { PAID_ORDER, signNotification } from '../support/signing/signed-notification.js';
import { readPage } from './markdown.js';

const PAGE = readPage('docs/your-app.md');
const PAID_AT = new Date(PAID_ORDER.success_time);
const order = decodeOrder(PAID_ORDER, '$');

type Copy = (value: object) => Record<string, unknown>;

const ofJson: Copy = (value) => JSON.parse(JSON.stringify(value));
const TEXT = `a text, in UTC`;
const DATE = 'a `Date`';

/** The cells of the rows of a table of the page, by the beginning of its heading. */
function tableOf(heading: string): string[][] {
  const lines = PAGE.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const rows = lines.slice(head + 2);
  return rows.slice(0, rows.indexOf('')).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the copies of an order in docs/your-app.md', () => {
  const [json = [], clones = [], ...others] = tableOf('Copy');

  it.each<[string, Copy, row: string[], successTime: string]>([
    ['JSON.parse(JSON.stringify(order))', ofJson, json, TEXT],
    ['structuredClone(order)', structuredClone as Copy, clones, DATE],
    ['v8.serialize', (value) => deserialize(serialize(value)), clones, DATE],
    ['{ ...order }', (value) => ({ ...value }), clones, DATE],
    ['instanceToPlain(order)', (value) => instanceToPlain(value), clones, DATE],
  ])('are what the page says: %s', (name, copy, row, successTime) => {
    const copied = copy(order);

    expect(row).toEqual([expect.stringContaining(`\`${name}\``), successTime, 'lost']);
    expect(order.raw).toBe(PAID_ORDER);
    expect(copied).toMatchObject({ outTradeNo: 'T1', payer: { openid: PAID_ORDER.payer.openid } });
    expect(copied).not.toHaveProperty('raw');
    expect(copied.successTime).toEqual(successTime === DATE ? PAID_AT : '2026-06-01T12:00:00.000Z');
  });

  it('are all of them', () => {
    expect(others).toEqual([]);
  });
});

describe('the pipes that copy in docs/your-app.md', () => {
  class Expected {
    @IsOptional()
    readonly note?: string;
  }

  /** What the handler gets through a global pipe, and the status that WeChat Pay is answered. */
  async function received(pipe: PipeTransform): Promise<{ value?: WxPayNotification; status: number }> {
    await using app = await startNotificationApp({
      adapter: 'Express',
      merchants: [merchantOf(SHOP_KEYS)],
      configure: (nest) => nest.useGlobalPipes(pipe),
    });
    const { status } = await app.send(signNotification(SHOP_KEYS));
    const [value] = app.shop.received;
    return { ...(value && { value }), status };
  }

  const [unchanged, expectedType, clone, json] = tableOf('Pipe');
  const everything = { transform: true, whitelist: true, validateCustomDecorators: true };

  it('leave the notification alone: ValidationPipe', async () => {
    expect(unchanged?.[1]).toMatch(/^the notification, unchanged/);

    const { value, status } = await received(new ValidationPipe(everything));

    expect(status).toBeLessThan(300);
    expect(value).toMatchObject({ originalType: 'transaction', resource: { raw: PAID_ORDER } });
  });

  it('lose the payment, and tell WeChat Pay of success: ValidationPipe with an expectedType', async () => {
    expect(expectedType?.[0]).toContain('`expectedType`, and `validateCustomDecorators`');
    expect(expectedType?.[1]).toContain('without a field of the notification');

    const { value, status } = await received(new ValidationPipe({ ...everything, expectedType: Expected }));

    expect(status).toBeLessThan(300);
    expect(value).toBeInstanceOf(Expected);
    expect(Object.keys(value ?? {})).not.toContain('originalType');
    expect(PAGE).toContain('The second row loses payments: `originalType` is missing');
  });

  it.each([
    ['structuredClone(value)', structuredClone as Copy, clone, PAID_AT],
    ['JSON.parse(JSON.stringify(value))', ofJson, json, PAID_AT.toISOString()],
  ])('lose raw: %s', async (name, copy, row, successTime) => {
    expect(row?.[0]).toContain(`\`${name}\``);
    expect(row?.[1]).toContain('no `raw`');

    const { value } = await received({ transform: copy });

    expect(value).toMatchObject({ originalType: 'transaction', resource: { successTime } });
    expect(value?.resource).not.toHaveProperty('raw');
  });
});
