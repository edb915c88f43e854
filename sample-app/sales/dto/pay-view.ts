import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { MiniProgramPay } from 'nestjs-wxpay';
import type { PayParameters } from '../sales.service.js';

/** Parameters for `wx.requestPayment`, to be passed as they are. */
export class MiniProgramPayView {
  @ApiProperty({ description: 'Unix time in seconds.' })
  readonly timeStamp: string;

  @ApiProperty()
  readonly nonceStr: string;

  @ApiProperty({ example: 'prepay_id=wx2016…' })
  readonly package: string;

  @ApiProperty({ example: 'RSA' })
  readonly signType: string;

  @ApiProperty()
  readonly paySign: string;

  constructor({ timeStamp, nonceStr, package: prepay, signType, paySign }: MiniProgramPay) {
    this.timeStamp = timeStamp;
    this.nonceStr = nonceStr;
    this.package = prepay;
    this.signType = signType;
    this.paySign = paySign;
  }
}

/** What the client needs to pay; one of the two. */
export class PayView {
  @ApiPropertyOptional({ description: 'Show it as a QR code.', example: 'weixin://wxpay/bizpayurl?pr=…' })
  readonly codeUrl?: string;

  @ApiPropertyOptional()
  readonly miniProgram?: MiniProgramPayView;

  constructor(pay: PayParameters) {
    if ('codeUrl' in pay) this.codeUrl = pay.codeUrl;
    else this.miniProgram = new MiniProgramPayView(pay.miniProgram);
  }
}
