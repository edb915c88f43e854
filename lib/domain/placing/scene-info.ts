import type { InputReader } from './input-reader.js';

/** Scene in which an order is placed. */
export interface PrepaySceneInfo {
  /** IPv4 or IPv6 address of the customer's device. */
  readonly payerClientIp: string;
  /** The merchant's number of the device or the shop, at most 32 characters (16 in a combine order). */
  readonly deviceId?: string | undefined;
  readonly storeInfo?: PrepayStoreInfo | undefined;
}

/** Shop in which an order is placed. */
export interface PrepayStoreInfo {
  /** The merchant's number of the shop, at most 32 characters. */
  readonly id: string;
  /** At most 256 characters. */
  readonly name?: string | undefined;
  /** Official number of the district (行政区划码), at most 32 characters. */
  readonly areaCode?: string | undefined;
  /** At most 512 characters. */
  readonly address?: string | undefined;
}

/** Scene of an H5 order, which is paid from a browser outside of WeChat. */
export interface H5SceneInfo extends PrepaySceneInfo {
  readonly h5Info: H5Info;
}

/** Page or app from which an H5 order is paid. */
export interface H5Info {
  readonly type: 'Wap' | 'iOS' | 'Android';
  /** Name of the page or app, at most 64 characters. */
  readonly appName?: string | undefined;
  /** Address of the page, at most 128 characters. */
  readonly appUrl?: string | undefined;
  /** Bundle id of the iOS app, at most 128 characters. */
  readonly bundleId?: string | undefined;
  /** Package name of the Android app, at most 128 characters. */
  readonly packageName?: string | undefined;
}

const IPV4 = /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/;
const ADDRESS = { max: 45, expected: 'an IPv4 or IPv6 address' };

/** Reads the scene of an order to place. */
export function readSceneInfo(order: InputReader): PrepaySceneInfo | undefined {
  return order.object('sceneInfo', readScene);
}

/** Reads the scene of a combine order to place. */
export function readCombineSceneInfo(order: InputReader): Omit<PrepaySceneInfo, 'storeInfo'> | undefined {
  return order.object('sceneInfo', readCombineScene);
}

/** Reads the scene of a combine order that is paid from a browser. */
export function readCombineH5SceneInfo(order: InputReader): Omit<H5SceneInfo, 'storeInfo'> {
  return order.requiredObject('sceneInfo', (scene) => ({
    ...readCombineScene(scene),
    h5Info: scene.requiredObject('h5Info', readH5Info),
  }));
}

function readCombineScene(scene: InputReader): Omit<PrepaySceneInfo, 'storeInfo'> {
  if (scene.value('storeInfo') !== undefined) {
    throw scene.fault('storeInfo', 'does not exist in combine orders: leave it out.');
  }
  return {
    payerClientIp: readClientIp(scene),
    deviceId: scene.text('deviceId', { max: 16 }),
  };
}

/** Reads the scene of an H5 order to place, which WeChat Pay requires. */
export function readH5SceneInfo(order: InputReader): H5SceneInfo {
  return order.requiredObject('sceneInfo', (scene) => ({
    ...readScene(scene),
    h5Info: scene.requiredObject('h5Info', readH5Info),
  }));
}

/** Reads an IP address. */
export function readAddress(reader: InputReader, name: string): string | undefined {
  const address = reader.text(name, ADDRESS);
  if (address === undefined || IPV4.test(address) || isIPv6(address)) return address;
  throw reader.fault(name, `must be ${ADDRESS.expected}.`);
}

function isIPv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text) && URL.canParse(`http://[${text}]`);
}

/** Reads the address of the customer, which a scene must have. */
function readClientIp(scene: InputReader): string {
  const name = 'payerClientIp';
  return readAddress(scene, name) ?? scene.requiredText(name, ADDRESS);
}

function readScene(scene: InputReader): PrepaySceneInfo {
  return {
    payerClientIp: readClientIp(scene),
    deviceId: scene.text('deviceId', { max: 32 }),
    storeInfo: scene.object('storeInfo', (store) => ({
      id: store.requiredText('id', { max: 32 }),
      name: store.text('name', { max: 256 }),
      areaCode: store.text('areaCode', { max: 32 }),
      address: store.text('address', { max: 512 }),
    })),
  };
}

function readH5Info(info: InputReader): H5Info {
  const type = info.requiredText('type', {
    max: 7,
    pattern: /^(Wap|iOS|Android)$/,
    expected: 'Wap, iOS or Android',
  });
  return {
    // Sound: the pattern lists the types.
    type: type as H5Info['type'],
    appName: info.text('appName', { max: 64 }),
    appUrl: info.text('appUrl', { max: 128 }),
    bundleId: info.text('bundleId', { max: 128 }),
    packageName: info.text('packageName', { max: 128 }),
  };
}
