import type { V2Fields } from '../../v2/xml.js';
import { withoutGaps, type MaybeFields, type MessageChanges } from './message.js';

/** Order numbers of the message that is cut: those of an order that the attacker placed. */
const ATTACKER = { out_trade_no: 'ATTACKER-1', transaction_id: '4200009999202601010000000001' };
/** Behind every other name, so that what is left of the message ends up in it. */
const REST = 'zz';

/**
 * Answers with the genuine message about an order of an attacker, who wrote fields into its `attach`, cut anew: it says
 * that the order asked about was paid with one fen. The signature covers both readings, as it has no field boundaries.
 */
export const RECUT: MessageChanges = {
  onFields: (fields) => (fields.out_trade_no === undefined ? fields : genuineOf(fields)),
  onSigned: (fields) => (fields.attach?.includes(`&${REST}=`) ? cut(fields) : fields),
};

/** A payment of one fen, with the payment of the order asked about in its `attach`. */
function genuineOf({
  appid,
  mch_id,
  sub_mch_id,
  nonce_str,
  out_trade_no,
  transaction_id,
}: V2Fields): V2Fields {
  const payment = {
    mch_id,
    nonce_str,
    out_trade_no,
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    sub_mch_id,
    time_end: '20260101000000',
    total_fee: '1',
    trade_state: 'SUCCESS',
    trade_type: 'NATIVE',
    transaction_id: transaction_id ?? ATTACKER.transaction_id,
  };
  const attach = ['x', ...joined(payment), `${REST}=`].join('&');
  return withoutGaps({ ...payment, ...ATTACKER, appid, attach });
}

/** The reading that the attacker prepared. */
function cut({ appid, attach = '', sign, ...others }: V2Fields): V2Fields {
  const [text = '', ...parts] = attach.split('&');
  const forged = Object.fromEntries(parts.map((part) => part.split('=', 2)));
  const rest = joined(others).map((part) => `&${part}`);
  return withoutGaps({ appid, attach: text, ...forged, [REST]: rest.join(''), sign });
}

/** The fields in the order in which they are signed. */
function joined(fields: MaybeFields): readonly string[] {
  return Object.entries(withoutGaps(fields))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
}
