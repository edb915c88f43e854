import { describe, expect, it } from '@jest/globals';
import {
  checkPrepayRequest,
  type PlacingTerms,
  type PrepayForm,
  type PrepayRequest,
} from '../../../../lib/domain/placing/prepay-request.js';
import { WxPayInputError } from '../../../../lib/errors/wxpay-input-error.js';

const NOW = Date.parse('2026-01-01T12:00:00+08:00');
const TERMS: PlacingTerms = {
  merchant: 'default',
  hosts: ['https://api.mch.weixin.qq.com'],
  appid: 'wx8888888888888888',
  notifyUrl: 'https://shop.example/wxpay',
};
const ORDER: PrepayRequest = { outTradeNo: 'T20260101', description: 'Tea', amount: { total: 1999 } };

const check = (changes: object, form: PrepayForm = 'native', terms = TERMS) =>
  checkPrepayRequest(form, { ...ORDER, ...changes }, terms, NOW);

function refusalOf(changes: object, form: PrepayForm = 'native'): WxPayInputError {
  try {
    check(changes, form);
  } catch (error) {
    if (error instanceof WxPayInputError) return error;
    throw error;
  }
  throw new Error('The request was accepted.');
}

describe('checkPrepayRequest', () => {
  it('fills in the defaults of the merchant', () => {
    expect(check({})).toMatchObject({
      ...ORDER,
      appid: 'wx8888888888888888',
      notifyUrl: 'https://shop.example/wxpay',
    });
  });

  it('prefers what the request says', () => {
    const changes = { appid: 'wxd678efh567hg6787', notifyUrl: 'https://shop.example/other' };

    expect(check(changes)).toMatchObject(changes);
  });

  it.each(['appid', 'notifyUrl'] as const)('names the option if there is no %s', (option) => {
    expect(() => check({}, 'native', { ...TERMS, [option]: undefined })).toThrow(
      expect.objectContaining({
        code: 'WXPAY_CONFIG',
        message: expect.stringContaining(`${option} is missing: set the option ${option} (WXPAY_`),
      }),
    );
  });

  it('copies the request, so that later changes are not sent', () => {
    const detail = { goodsDetail: [{ merchantGoodsId: 'G1', quantity: 1, unitPrice: 1999 }] };
    const checked = check({ detail });

    detail.goodsDetail.length = 0;

    expect(checked.detail?.goodsDetail).toHaveLength(1);
  });

  it('treats null as absent, as a database row has it', () => {
    const row = { attach: null, expiresAt: null, subMchid: null, subAppid: null, detail: null, appid: null };

    expect(check(row)).toEqual(check({}));
  });

  it('accepts each text up to its limit, counted in characters', () => {
    const request = {
      outTradeNo: 'T'.repeat(32),
      description: '茶'.repeat(126) + '🍵',
      attach: '茶'.repeat(128),
      goodsTag: 'T'.repeat(32),
      productId: 'P'.repeat(32),
      detail: {
        invoiceId: 'I'.repeat(32),
        goodsDetail: [
          {
            merchantGoodsId: 'G'.repeat(32),
            wechatpayGoodsId: '1'.repeat(32),
            goodsName: '茶'.repeat(256),
            quantity: 1,
            unitPrice: 0,
          },
        ],
      },
      sceneInfo: {
        payerClientIp: '2001:0db8:0000:0000:0000:ff00:0042:8329',
        deviceId: 'D'.repeat(32),
        storeInfo: {
          id: 'S'.repeat(32),
          name: '店'.repeat(256),
          areaCode: '4'.repeat(32),
          address: '路'.repeat(512),
        },
      },
    };

    expect(check(request)).toMatchObject(request);
  });

  it.each<[field: string, changes: object, problem: string]>([
    ['outTradeNo', { outTradeNo: undefined }, 'is missing'],
    ['outTradeNo', { outTradeNo: 'T2026' }, 'received a string of 5 characters'],
    ['outTradeNo', { outTradeNo: 'T'.repeat(33) }, 'received a string of 33 characters'],
    ['outTradeNo', { outTradeNo: 'T@20260101' }, 'must be 6 to 32 characters of'],
    ['outTradeNo', { outTradeNo: 20260101 }, 'received a value of type number'],
    [
      'description',
      { description: '茶'.repeat(128) },
      'must be 1 to 127 characters; received a string of 128',
    ],
    ['description', { description: '' }, 'must be 1 to 127 characters'],
    ['description', { description: 'tea \ud83c' }, 'contains half of a character'],
    ['amount', { amount: undefined }, 'is missing'],
    ['amount', { amount: 1999 }, 'must be an object; received a value of type number'],
    ['amount.total', { amount: {} }, 'is missing'],
    ['amount.total', { amount: { total: 0 } }, 'must be a whole number of fen (1999 for ¥19.99), at least 1'],
    ['amount.total', { amount: { total: 19.99 } }, 'received a number that is not whole'],
    ['amount.total', { amount: { total: '1999' } }, 'received a string of 4 characters'],
    ['amount.currency', { amount: { total: 1, currency: 'USD' } }, 'must be CNY'],
    ['attach', { attach: 'x'.repeat(129) }, 'must be 1 to 128 characters'],
    ['goodsTag', { goodsTag: 'x'.repeat(33) }, 'must be 1 to 32 characters'],
    ['productId', { productId: 'x'.repeat(33) }, 'must be 1 to 32 characters'],
    ['appid', { appid: 'wx 1' }, 'must be an appid'],
    ['notifyUrl', { notifyUrl: 'http://shop.example' }, 'must be an https address'],
    ['notifyUrl', { notifyUrl: 'http://127.0.0.1:3000' }, 'must be an https address'],
    ['notifyUrl', { notifyUrl: 'https://shop.example/?a=1' }, 'must be an https address'],
    ['subMchid', { subAppid: 'wxd678efh567hg6787' }, 'is missing'],
    ['subMchid', { subMchid: 'sub' }, 'must be a merchant number'],
    ['supportFapiao', { supportFapiao: 'yes' }, 'must be true or false'],
    ['settleInfo.profitSharing', { settleInfo: { profitSharing: 'Y' } }, 'must be true or false'],
    ['limitPay', { limitPay: 'no_credit' }, 'must list at least one of no_balance'],
    ['limitPay', { limitPay: [] }, 'must list at least one of'],
    ['limitPay', { limitPay: ['no_credit', 'no_money'] }, 'must list at least one of'],
    ['detail.costPrice', { detail: { costPrice: -1 } }, 'must be a whole number of fen, at least 0'],
    ['detail.goodsDetail', { detail: { goodsDetail: [] } }, 'must be a list of 1 to 6000 objects'],
    ['detail.goodsDetail[0]', { detail: { goodsDetail: ['G1'] } }, 'must be an object'],
    [
      'detail.goodsDetail[1].quantity',
      {
        detail: {
          goodsDetail: [
            { merchantGoodsId: 'G1', quantity: 1, unitPrice: 1 },
            { merchantGoodsId: 'G2', quantity: 0.5, unitPrice: 1 },
          ],
        },
      },
      'must be a whole number of pieces',
    ],
    ['sceneInfo.payerClientIp', { sceneInfo: {} }, 'is missing'],
    ['sceneInfo.payerClientIp', { sceneInfo: { payerClientIp: 'localhost' } }, 'must be an IPv4 or IPv6'],
    ['sceneInfo.payerClientIp', { sceneInfo: { payerClientIp: '999.1.1.1' } }, 'must be an IPv4 or IPv6'],
    ['sceneInfo.payerClientIp', { sceneInfo: { payerClientIp: '1.2.3' } }, 'must be an IPv4 or IPv6'],
    ['sceneInfo.payerClientIp', { sceneInfo: { payerClientIp: '::1::' } }, 'must be an IPv4 or IPv6'],
    [
      'sceneInfo.storeInfo.id',
      { sceneInfo: { payerClientIp: '14.23.150.211', storeInfo: { name: 'Shop' } } },
      'is missing',
    ],
    ['expiresAt', { expiresAt: new Date(NOW) }, 'has passed'],
    ['expiresAt', { expiresAt: new Date(NOW + 90 * 86_400_000 + 1_000) }, 'is more than 90 days ahead'],
    ['expiresAt', { expiresAt: new Date('soon') }, 'must be a valid Date'],
    ['expiresAt', { expiresAt: '2026-01-02' }, 'must be a valid Date'],
  ])('refuses %s of %j', (field, changes, problem) => {
    const refusal = refusalOf(changes);

    expect(refusal).toMatchObject({ field, message: expect.stringContaining(problem) });
  });

  it.each([null, undefined, 'T20260101'])('refuses the request %j', (request) => {
    expect(() => checkPrepayRequest('native', request as never, TERMS, NOW)).toThrow(
      /^request must be an object/,
    );
  });

  it('takes the whole seconds of expiresAt', () => {
    const expiresAt = new Date(NOW + 60_999);

    expect(check({ expiresAt }).expiresAt).toEqual(new Date(NOW + 60_000));
  });

  it('accepts a notifyUrl on this machine if the hosts are on this machine', () => {
    const terms = { ...TERMS, hosts: ['http://127.0.0.1:3000'] };

    expect(check({ notifyUrl: 'http://localhost:3001/wxpay' }, 'native', terms)).toMatchObject({
      notifyUrl: 'http://localhost:3001/wxpay',
    });
  });
});

describe.each(['jsapi', 'miniProgram'] as const)('the payer of a %s order', (form) => {
  const provider = { subMchid: '1900000109', subAppid: 'wxd678efh567hg6999' };

  it('is named by an openid of one of the appids', () => {
    expect(check({ payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }, form).payer).toEqual({
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    });
    expect(check({ ...provider, payer: { subOpenid: 'oUpF8uN95-Ptaags6E_roPHg7AG0' } }, form).payer).toEqual({
      subOpenid: 'oUpF8uN95-Ptaags6E_roPHg7AG0',
    });
  });

  it.each<[field: string, changes: object]>([
    ['payer', {}],
    ['payer', { payer: {} }],
    ['payer', { ...provider, payer: { openid: 'oUpF8uMu', subOpenid: 'oUpF8uN9' } }],
    ['payer.openid', { payer: { openid: 'o'.repeat(129) } }],
    ['payer.openid', { payer: { openid: 'SECRET openid' } }],
    ['subAppid', { payer: { subOpenid: 'oUpF8uN95' } }],
  ])('is refused, naming %s and no value, for %j', (field, changes) => {
    const refusal = refusalOf(changes, form);

    expect(refusal.field).toBe(field);
    expect(refusal.message).not.toMatch(/SECRET|oUpF8u/);
  });
});

describe('the scene of an h5 order', () => {
  const scene = { payerClientIp: '14.23.150.211', h5Info: { type: 'Wap', appUrl: 'https://shop.example' } };

  it('is required with the type of the page', () => {
    expect(check({ sceneInfo: scene }, 'h5').sceneInfo).toMatchObject(scene);
    expect(refusalOf({}, 'h5')).toMatchObject({ field: 'sceneInfo' });
    expect(refusalOf({ sceneInfo: { payerClientIp: '::1' } }, 'h5')).toMatchObject({
      field: 'sceneInfo.h5Info',
    });
    expect(refusalOf({ sceneInfo: { ...scene, h5Info: { type: 'IOS' } } }, 'h5')).toMatchObject({
      field: 'sceneInfo.h5Info.type',
    });
  });
});
