/**
 * Fields whose values are codes, numbers and identifiers, and never contain `&name=`. The list omits `sign`, which no
 * signature covers, so that no text can be split at it, and `version`, which no reply has and no code reads.
 */
const EXACT = words(`
  appid mch_id sub_appid sub_mch_id nonce_str sign_type
  return_code result_code err_code error_code recall retcode
  out_trade_no transaction_id trade_state trade_type bank_type time_end prepay_id
  total_fee settlement_total_fee fee_type cash_fee cash_fee_type rate rate_value
  coupon_fee coupon_count coupon_id coupon_type coupon_batch_id
  openid is_subscribe sub_openid sub_is_subscribe contract_id
  out_refund_no refund_id refund_fee refund_fee_type refund_status refund_count
  refund_channel refund_account refund_success_time settlement_refund_fee
  cash_refund_fee cash_refund_fee_type total_refund_count
  coupon_refund_fee coupon_refund_count coupon_refund_id coupon_refund_type
  combine_appid combine_mch_id combine_openid combine_out_trade_no
  spbill_create_ip time_start time_expire auth_code limit_pay
`);

/** Fields whose values are texts written by people, addresses and JSON. */
const FREE = words(`
  attach body detail device_info goods_tag notify_url product_id scene_info
  promotion_detail sub_order_list refund_desc refund_recv_accout req_info
  return_msg result_msg err_code_des trade_state_desc retmsg code_url mweb_url
`);

const EXACT_NAMES: ReadonlySet<string> = new Set(EXACT);
const KNOWN_NAMES: ReadonlySet<string> = new Set([...EXACT, ...FREE]);
const NUMBERS = /(?:_\d{1,4}){1,2}$/;

/** Tells whether the pages of APIv2 document a field of this name; it may end in numbers, as `coupon_id_0` does. */
export function isKnownField(name: string): boolean {
  return KNOWN_NAMES.has(familyOf(name));
}

/** Tells whether the value of a field is a code, a number or an identifier. */
export function isExactField(name: string): boolean {
  return EXACT_NAMES.has(familyOf(name));
}

function familyOf(name: string): string {
  return name.replace(NUMBERS, '');
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
