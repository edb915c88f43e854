import { randomBytes } from 'node:crypto';

/** Creates the `prepay_id` or address with which the customer pays: a new one for each request. */
export const createTicket = {
  prepayId: (): string => `wx${random()}${random()}`,
  codeUrl: (): string => `weixin://wxpay/bizpayurl?pr=${random()}`,
  h5Url: (): string =>
    `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${createTicket.prepayId()}&package=${randomBytes(4).readUInt32BE()}`,
};

function random(): string {
  return randomBytes(8).toString('hex');
}
