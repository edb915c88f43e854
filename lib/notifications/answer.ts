/** The APIs differ in what they want to hear. */
export type Api = 'v3' | 'v2';

/** What WeChat Pay is answered. */
export interface Answer {
  readonly status: number;
  /** None where there is no body. */
  readonly contentType?: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const XML_TYPE = 'text/xml; charset=utf-8';

/** WeChat Pay may forget the notification. */
export function accepted(api: Api): Answer {
  return api === 'v2'
    ? { status: 200, contentType: XML_TYPE, body: xml('SUCCESS', 'OK') }
    : { status: 204, body: '' };
}

/** WeChat Pay has to send it again. */
export function refused(api: Api, status: number, message: string): Required<Answer> {
  return api === 'v2'
    ? { status, contentType: XML_TYPE, body: xml('FAIL', message) }
    : { status, contentType: JSON_TYPE, body: JSON.stringify({ code: 'FAIL', message }) };
}

/** As the documentation shows it; the texts are our own, so that none can end its section. */
function xml(code: 'SUCCESS' | 'FAIL', message: string): string {
  return `<xml><return_code><![CDATA[${code}]]></return_code><return_msg><![CDATA[${message}]]></return_msg></xml>`;
}
