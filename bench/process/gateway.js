import { createPrivateKey, createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import https from 'node:https';
import { v2Answers } from './v2-answers.js';

/**
 * WeChat Pay as the clients see it: it verifies each request and replies to queries with a reply that it signed before, so that
 * it takes a fraction of a client's time and never decides a figure. The reply to a close is signed anew each time, as it names
 * no order: this package accepts each such reply once.
 */
const world = JSON.parse(process.env.BENCH_WORLD);
const platformKey = createPrivateKey(world.platform.privateKey);
const merchantKey = createPublicKey(world.merchant.publicKey);
const v2 = v2Answers(world);
/** Signed replies by order number. */
const replies = new Map();
const counts = { requests: 0, refused: 0, connections: 0, open: 0, mostOpen: 0 };

/**
 * A reply stays believable for five minutes; no part of the bench is so long.
 *
 * @param outTradeNo empty for a close
 */
function replyTo(outTradeNo) {
  const known = replies.get(outTradeNo);
  if (known) return known;
  const body = outTradeNo === '' ? '' : JSON.stringify(orderOf(outTradeNo));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomUUID();
  const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), platformKey);
  const headers = {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': world.publicKeyId,
    'Wechatpay-Signature': signature.toString('base64'),
    'Request-ID': '08F6D3ADC70610E90218F5F2B1DB0120A3AB012893B3B8-268578241',
    ...(body === ''
      ? {}
      : { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) }),
  };
  const reply = { status: body === '' ? 204 : 200, headers, body };
  if (outTradeNo !== '') replies.set(outTradeNo, reply);
  return reply;
}

function orderOf(outTradeNo) {
  return {
    mchid: world.mchid,
    appid: world.appid,
    out_trade_no: outTradeNo,
    transaction_id: '4200002077202511226789012345',
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'CMC',
    attach: 'attach',
    success_time: '2026-06-08T10:34:56+08:00',
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
  };
}

const PARAMETERS = /nonce_str="([^"]+)".*timestamp="(\d+)"|timestamp="(\d+)".*nonce_str="([^"]+)"/;

/** Whether the request bears the merchant's signature. */
function isGenuine({ method, url, headers }, body) {
  const authorization = headers.authorization ?? '';
  const [, nonce, timestamp, timestampFirst, nonceLast] = PARAMETERS.exec(authorization) ?? [];
  const signature = /signature="([^"]+)"/.exec(authorization)?.[1] ?? '';
  const message = `${method}\n${url}\n${timestamp ?? timestampFirst}\n${nonce ?? nonceLast}\n${body}\n`;
  return verify('sha256', Buffer.from(message), merchantKey, Buffer.from(signature, 'base64'));
}

function answer(request, body) {
  if (request.url.startsWith('/pay/')) return v2.answer(body);
  if (!isGenuine(request, body)) return { status: 401, headers: {}, body: '' };
  const isClose = request.method === 'POST';
  return replyTo(isClose ? '' : /\/([^/?]+)\?/.exec(request.url)?.[1]);
}

const server = https.createServer({ ...world.tls, keepAliveTimeout: 8_000 }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { status, headers, body } = answer(request, Buffer.concat(chunks).toString());
    counts.requests++;
    if (status >= 400) counts.refused++;
    response.writeHead(status, headers).end(body);
  });
});
server.on('connection', (socket) => {
  counts.connections++;
  counts.mostOpen = Math.max(counts.mostOpen, ++counts.open);
  socket.on('close', () => counts.open--);
});

process.on('message', ({ prepare }) => {
  for (let index = 0; index < prepare; index++) replyTo(`N${index}`);
  process.send({ ...counts });
  counts.mostOpen = counts.open;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
