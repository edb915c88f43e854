import { createPrivateKey, createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import https from 'node:https';

/** The least a correct client can do: a signature, a request over a kept connection, a verification, a parse. */
export function createClient({ mchid, serialNo, merchant, platform }, url) {
  const privateKey = createPrivateKey(merchant.privateKey);
  const publicKey = createPublicKey(platform.publicKey);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });
  const { hostname, port } = new URL(url);

  const call = (method, path, body = '') =>
    new Promise((resolve, reject) => {
      const timestamp = Math.floor(Date.now() / 1000);
      const nonce = randomUUID().replaceAll('-', '');
      const message = Buffer.from(`${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`);
      const signature = sign('sha256', message, privateKey).toString('base64');
      const Authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${serialNo}",signature="${signature}"`;
      const headers = { Accept: 'application/json', 'Content-Type': 'application/json', Authorization };
      const request = https.request({ hostname, port, agent, method, path, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const {
            'wechatpay-timestamp': at,
            'wechatpay-nonce': once,
            'wechatpay-signature': proof,
          } = response.headers;
          const signed = Buffer.concat([Buffer.from(`${at}\n${once}\n`), bytes, Buffer.from('\n')]);
          if (!verify('sha256', signed, publicKey, Buffer.from(proof, 'base64'))) {
            reject(new Error('not genuine'));
          } else resolve(bytes.length === 0 ? undefined : JSON.parse(bytes));
        });
      });
      request.on('error', reject).end(body);
    });

  const orders = '/v3/pay/transactions/out-trade-no';
  return {
    query: (no) => call('GET', `${orders}/${no}?mchid=${mchid}`),
    close: (no) => call('POST', `${orders}/${no}/close`, JSON.stringify({ mchid })),
  };
}
