/** Reason why WeChat Pay refuses a code payment. */
export type MockCodePayRefusal = 'expired' | 'invalid' | 'balance-too-low' | 'card-not-supported';

/** The same, and reasons that follow from earlier requests: the code was used, or the number is that of another order. */
export type CodePayRefusal = MockCodePayRefusal | 'used' | 'paid' | 'closed' | 'reversed' | 'number-used';

/**
 * Code and text of each refusal. The codes of APIv3 are not published: these are those of APIv2 in the spelling of APIv3.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937125
 */
export const CODE_PAY_REFUSALS: Readonly<
  Record<CodePayRefusal, { readonly v2: string; readonly v3: string; readonly text: string }>
> = {
  expired: { v2: 'AUTHCODEEXPIRE', v3: 'AUTHCODEEXPIRE', text: '二维码已过期，请用户在微信上刷新后再试' },
  invalid: { v2: 'AUTH_CODE_INVALID', v3: 'AUTH_CODE_INVALID', text: '请扫描微信支付被扫条码/二维码' },
  used: {
    v2: 'AUTH_CODE_INVALID',
    v3: 'AUTH_CODE_INVALID',
    text: '101 每个二维码仅限使用一次，请刷新再试',
  },
  'balance-too-low': { v2: 'NOTENOUGH', v3: 'NOT_ENOUGH', text: '余额不足' },
  'card-not-supported': { v2: 'NOTSUPORTCARD', v3: 'NOTSUPORTCARD', text: '不支持卡类型' },
  paid: { v2: 'ORDERPAID', v3: 'ORDER_PAID', text: '该订单已支付' },
  closed: { v2: 'ORDERCLOSED', v3: 'ORDER_CLOSED', text: '该订单已关闭' },
  reversed: { v2: 'ORDERREVERSED', v3: 'ORDERREVERSED', text: '订单已撤销' },
  'number-used': { v2: 'OUT_TRADE_NO_USED', v3: 'OUT_TRADE_NO_USED', text: '商户订单号重复' },
};
