/** WeChat Pay's Chinese names of the fields that refusals quote. */
const LABELS: Readonly<Record<string, string>> = {
  amount: '订单金额信息',
  appid: '公众账号ID',
  attach: '附加数据',
  auth_code: '付款码',
  combine_appid: '合单发起方的appid',
  combine_out_trade_no: '合单商户订单号',
  currency: '货币类型',
  description: '商品描述',
  goods_tag: '订单优惠标记',
  mchid: '商户号',
  notify_url: '通知地址',
  openid: '用户标识',
  out_refund_no: '商户退款单号',
  out_trade_no: '商户订单号',
  payer: '支付者信息',
  reason: '退款原因',
  refund: '退款金额',
  payer_client_ip: '用户终端IP',
  scene_info: '场景信息',
  sp_appid: '服务商应用ID',
  sp_mchid: '服务商户号',
  store_info: '商户门店信息',
  sub_appid: '子商户应用ID',
  sub_mchid: '子商户号',
  sub_orders: '子单信息',
  time_expire: '交易结束时间',
  total: '总金额',
  transaction_id: '微信支付订单号',
};

/** Returns the Chinese name of the last field in a JSON pointer; for an unlisted field, its API name. */
export function fieldLabel(pointer: string): string {
  const name = pointer.split('/').findLast((part) => !/^\d+$/.test(part)) ?? '';
  return LABELS[name] ?? name;
}
