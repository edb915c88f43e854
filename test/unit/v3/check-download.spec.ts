import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { checkDownload } from '../../../lib/v3/check-download.js';

const HOST = 'https://api.mch.weixin.qq.com';
const url = `${HOST}/v3/billdownload/file?token=t`;

describe('checkDownload', () => {
  it('limits a file to 1 GiB by default', () => {
    expect(checkDownload({ url }, [HOST])).toMatchObject({ maxBytes: 1024 ** 3, gunzip: false });
  });

  it('takes another limit', () => {
    expect(checkDownload({ url, maxBytes: 10 }, [HOST])).toMatchObject({ maxBytes: 10 });
  });

  it('allows both hosts of WeChat Pay to a merchant that uses one of them', () => {
    expect(checkDownload({ url }, ['https://api2.mch.weixin.qq.com']).origin).toBe(HOST);
  });

  it('allows no host of WeChat Pay to a merchant that uses none', () => {
    expect(() => checkDownload({ url }, ['https://gateway.example'])).toThrow(WxPayInputError);
  });
});
