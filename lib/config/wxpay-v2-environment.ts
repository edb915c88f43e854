import { IsIn } from 'class-validator';
import { IsApiKey } from './validators.js';
import { Variable } from './variable.decorator.js';

/** Environment variables that only an APIv2 merchant has. */
export class WxPayV2Environment {
  @Variable({
    required: true,
    secret: true,
    hasTextFile: true,
    meaning: 'APIv2 key (API密钥), exactly 32 bytes. Another key than the APIv3 key.',
  })
  @IsApiKey('APIv2')
  readonly API_V2_KEY?: string;

  @Variable({
    meaning:
      'Path of a file with the APIv2 key, in place of it; relative paths start at the working directory.',
  })
  readonly API_V2_KEY_FILE?: string;

  @Variable({
    default: '`HMAC-SHA256`',
    meaning: 'Signature algorithm of requests and replies: `HMAC-SHA256` or `MD5`.',
  })
  @IsIn(['HMAC-SHA256', 'MD5'], { message: 'must be HMAC-SHA256 or MD5.' })
  readonly SIGN_TYPE?: string;

  @Variable({
    default: 'required for reversing and refunding, here or as a file',
    meaning:
      "The merchant's certificate, apiclient_cert.pem, in the same forms as the private key, which has to be set beside it.",
  })
  readonly CLIENT_CERT?: string;

  @Variable({ meaning: 'Path of apiclient_cert.pem; relative paths start at the working directory.' })
  readonly CLIENT_CERT_FILE?: string;
}
