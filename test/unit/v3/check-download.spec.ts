import { describe, expect, it } from '@jest/globals';
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
});
