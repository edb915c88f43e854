import { createHash, createHmac } from 'node:crypto';

/** APIv2 beside APIv3: queries that are answered with what was signed before, by order number and kind of signature. */
export function v2Answers({ mchid, appid, apiV2Key }) {
  const replies = new Map();

  const signatureOf = (fields, signType) => {
    const text = Object.keys(fields)
      .filter((name) => name !== 'sign')
      .toSorted()
      .map((name) => `${name}=${fields[name]}`)
      .join('&');
    const hash = signType === 'HMAC-SHA256' ? createHmac('sha256', apiV2Key) : createHash('md5');
    return hash.update(`${text}&key=${apiV2Key}`).digest('hex').toUpperCase();
  };

  const replyTo = (outTradeNo, signType) => {
    const fields = {
      return_code: 'SUCCESS',
      return_msg: 'OK',
      appid,
      mch_id: mchid,
      nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
      result_code: 'SUCCESS',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      bank_type: 'CMC',
      total_fee: '100',
      fee_type: 'CNY',
      cash_fee: '100',
      transaction_id: '4200002077202511226789012345',
      out_trade_no: outTradeNo,
      time_end: '20260608103456',
      trade_state_desc: '支付成功',
    };
    const sent = Object.entries({ ...fields, sign: signatureOf(fields, signType) });
    return `<xml>${sent.map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`).join('')}</xml>`;
  };

  return {
    answer(body) {
      const fields = body.matchAll(/<(\w+)>(?:<!\[CDATA\[)?([^<\]]+)/g);
      const asked = Object.fromEntries([...fields].map(([, name, value]) => [name, value]));
      const { out_trade_no: outTradeNo, sign_type: signType, sign } = asked;
      if (sign !== signatureOf(asked, signType)) return { status: 401, headers: {}, body: '' };
      const key = `${outTradeNo} ${signType}`;
      if (!replies.has(key)) replies.set(key, replyTo(outTradeNo, signType));
      const reply = replies.get(key);
      const headers = { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(reply) };
      return { status: 200, headers, body: reply };
    },
  };
}
