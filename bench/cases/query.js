import { sideBySide } from './side-by-side.js';

export const title = 'A query, by calls in flight';

/** The work that an app does most. */
export function run({ world }) {
  return sideBySide(world, {
    operation: 'query',
    clients: [
      'floor',
      'nestjs-wxpay',
      'nestjs-wxpay-stock',
      'wechatpay-axios-plugin',
      'nest-wechat',
      'wechatpay-node-v3',
    ],
    inFlight: [{ calls: 1 }, { calls: 16 }, { calls: 64, watchLoop: true }, { calls: 256 }],
    comparedWith: ['floor', 'wechatpay-axios-plugin'],
  });
}
