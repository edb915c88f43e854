import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Order } from 'nestjs-wxpay';
import { AmountView } from './amount-view.js';

/** What clients of the shop may see of an order. Who paid is personal data and stays inside. */
export class OrderView {
  @ApiProperty({ description: "The shop's order number.", example: 'DEMO-PAID' })
  readonly outTradeNo: string;

  @ApiPropertyOptional({ description: "WeChat's order number, once paid." })
  readonly transactionId?: string;

  @ApiProperty({
    description:
      '`NOTPAY`, `SUCCESS`, `REFUND`, `CLOSED`, `ACCEPT`; for payment codes (付款码) also `USERPAYING`, `PAYERROR`, `REVOKED`. Treat one that you do not know as not decided yet.',
    example: 'SUCCESS',
  })
  readonly tradeState: string;

  @ApiPropertyOptional({ description: 'How the order was placed.', example: 'JSAPI' })
  readonly tradeType?: string;

  @ApiPropertyOptional({ description: 'May be missing until the order is paid.' })
  readonly amount?: AmountView;

  @ApiPropertyOptional({ description: 'When the customer paid, in UTC.', format: 'date-time' })
  readonly successTime?: string;

  constructor(order: Pick<Order, keyof OrderView>) {
    this.outTradeNo = order.outTradeNo;
    this.transactionId = order.transactionId;
    this.tradeState = order.tradeState;
    this.tradeType = order.tradeType;
    this.amount = order.amount && new AmountView(order.amount);
    this.successTime = order.successTime?.toISOString();
  }
}
