import type { TradeState } from '../../index.js';

const STATE_TEXTS: Readonly<Record<string, string>> = {
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  REVOKED: '已撤销（刷卡支付）',
  USERPAYING: '用户支付中',
  PAYERROR: '支付失败(其他原因，如银行返回失败)',
  ACCEPT: '已接收，等待扣款',
};

/** Returns WeChat Pay's text for a state; for an unknown state, its name. */
export function stateText(tradeState: TradeState): string {
  return STATE_TEXTS[tradeState] ?? tradeState;
}

/** Formats a date in RFC 3339, China Standard Time. WeChat Pay writes whole seconds, and milliseconds for combine orders. */
export function beijingTime(date: Date, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const text = new Date(date.getTime() + 8 * 3_600_000).toISOString();
  return text.replace(precision === 'seconds' ? /\.\d+Z$/ : /Z$/, '+08:00');
}
