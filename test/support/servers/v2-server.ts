import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Formatter, Hash, Transformer } from 'wechatpay-axios-plugin';

export type V2ServerFields = Readonly<Record<string, string>>;

/** A request that arrived, as another client's parser reads it. */
export interface V2ServerRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly fields: V2ServerFields;
}

/** Answers one request in place of the server; `sign` signs fields as the server does. */
export type V2Answer = (
  response: ServerResponse,
  sign: (fields: V2ServerFields) => V2ServerFields,
  request: V2ServerRequest,
) => void;

export interface V2Server {
  readonly url: string;
  /** Orders by the merchant's number: what a query tells of them beside the fields of every reply. */
  readonly orders: Map<string, V2ServerFields>;
  readonly requests: readonly V2ServerRequest[];
  /** Lets the next request be answered otherwise. */
  next(answer: V2Answer): void;
  stop(): void;
}

export const V2_MERCHANT = {
  mchid: '10000100',
  appid: 'wx2421b1c4370ec43b',
  key: '192006250b4c09247ec02edce69f6a2d',
};
const UNPAYABLE: Readonly<Record<string, string>> = {
  SUCCESS: 'ORDERPAID',
  REFUND: 'ORDERPAID',
  CLOSED: 'ORDERCLOSED',
};

/** A strict APIv2 server that shares no code with ours: another client's XML and signatures. */
export async function startV2Server(): Promise<V2Server> {
  const orders = new Map<string, V2ServerFields>();
  const requests: V2ServerRequest[] = [];
  const answers: V2Answer[] = [];
  const nonces = new Set<string>();

  const server = createServer((incoming, response) => {
    const serve = async () => {
      const bytes = await buffer(incoming);
      const body = bytes.toString('utf8');
      const fields = Transformer.toObject(body) as V2ServerFields;
      const { url: path = '', headers, method } = incoming;
      const request = { path, headers, body, fields };
      requests.push(request);
      const signed = (reply: V2ServerFields) => withSign(reply, fields.sign_type);
      const answer = answers.shift();
      if (answer !== undefined) return answer(response, signed, request);
      const fault = method === 'POST' ? faultOf(request, nonces) : '请使用post方法';
      respondXml(
        response,
        fault === undefined
          ? signed({ ...common(fields), ...resultOf(orders, path, fields) })
          : { return_code: 'FAIL', return_msg: fault },
      );
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    orders,
    requests,
    next: (answer) => void answers.push(answer),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Writes fields as WeChat Pay does: HTTP 200 and text/plain, whatever they say. */
export function respondXml(response: ServerResponse, fields: V2ServerFields): void {
  response.writeHead(200, { 'Content-Type': 'text/plain' }).end(Transformer.toXml(fields));
}

/** What every reply to a request has. */
export function common(asked: V2ServerFields): V2ServerFields {
  const { sub_mch_id = '', sub_appid = '' } = asked;
  return {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: V2_MERCHANT.appid,
    mch_id: V2_MERCHANT.mchid,
    sub_mch_id,
    sub_appid,
    nonce_str: Formatter.nonce(),
  };
}

function withSign(fields: V2ServerFields, signType = 'MD5'): V2ServerFields {
  return { ...fields, sign: Hash.sign(signType === 'MD5' ? 'MD5' : 'HMAC-SHA256', fields, V2_MERCHANT.key) };
}

function faultOf({ headers, fields }: V2ServerRequest, nonces: Set<string>): string | undefined {
  const { appid, mch_id, nonce_str = '', sign, sign_type = '' } = fields;
  if (headers['content-type'] !== 'text/xml; charset=utf-8') return 'XML格式错误';
  if (!['MD5', 'HMAC-SHA256'].includes(sign_type)) return 'sign_type参数格式错误';
  if (!Hash.equals(withSign(fields, sign_type).sign ?? '', sign)) return '签名错误';
  if (appid !== V2_MERCHANT.appid) return 'appid不存在';
  if (mch_id !== V2_MERCHANT.mchid) return '商户号mch_id参数格式错误';
  if (!/^\w{1,32}$/.test(nonce_str) || nonces.has(nonce_str)) return 'nonce_str参数错误';
  nonces.add(nonce_str);
  return undefined;
}

function resultOf(orders: Map<string, V2ServerFields>, path: string, asked: V2ServerFields): V2ServerFields {
  const { out_trade_no, transaction_id } = asked;
  const [number, order] =
    [...orders].find(([no, found]) =>
      transaction_id === undefined ? no === out_trade_no : found.transaction_id === transaction_id,
    ) ?? [];
  if (number === undefined || order === undefined) return refusal('ORDERNOTEXIST', '此交易订单号不存在');
  if (path === '/pay/orderquery') return { result_code: 'SUCCESS', out_trade_no: number, ...order };
  if (path !== '/pay/closeorder' || out_trade_no === undefined) return refusal('PARAM_ERROR', '参数错误');
  const code = UNPAYABLE[order.trade_state ?? ''];
  if (code !== undefined) return refusal(code, '订单状态不允许');
  orders.set(number, { ...order, trade_state: 'CLOSED', trade_state_desc: '订单已关闭' });
  return { result_code: 'SUCCESS', result_msg: 'OK' };
}

function refusal(err_code: string, err_code_des: string): V2ServerFields {
  return { result_code: 'FAIL', err_code, err_code_des };
}
