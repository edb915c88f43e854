import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { WxPayErrorBody } from 'nestjs-wxpay';

/** The body of every refusal: the one that `WxPayExceptionFilter` sends, here for the OpenAPI page. */
export class ErrorBody implements WxPayErrorBody {
  @ApiProperty({ example: 409 })
  readonly statusCode: number;

  @ApiProperty({ description: 'The HTTP reason phrase.', example: 'Conflict' })
  readonly error: string;

  @ApiProperty({ description: 'Stable: branch on this one.', example: 'ORDER_PAID' })
  readonly code: string;

  @ApiProperty({ example: 'The order is already paid.' })
  readonly message: string;

  @ApiPropertyOptional({ description: "WeChat Pay's name for the exchange; quote it to their support." })
  readonly requestId?: string;

  constructor({ statusCode, error, code, message, requestId }: WxPayErrorBody) {
    this.statusCode = statusCode;
    this.error = error;
    this.code = code;
    this.message = message;
    if (requestId !== undefined) this.requestId = requestId;
  }
}
