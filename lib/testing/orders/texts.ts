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

/** WeChat Pay's words for a state; for one that nobody knows yet, its name. */
export function stateText(tradeState: TradeState): string {
  return STATE_TEXTS[tradeState] ?? tradeState;
}

/** RFC 3339 in China Standard Time; whole seconds, but for combine orders, as WeChat Pay writes it. */
export function beijingTime(date: Date, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const text = new Date(date.getTime() + 8 * 3_600_000).toISOString();
  return text.replace(precision === 'seconds' ? /\.\d+Z$/ : /Z$/, '+08:00');
}
