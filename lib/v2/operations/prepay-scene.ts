import type {
  H5Info,
  H5SceneInfo,
  PrepaySceneInfo,
  PrepayStoreInfo,
} from '../../domain/placing/scene-info.js';

/** Returns the scene of an order as JSON; undefined if it has nothing but an address and a device, which are fields of their own. */
export function sceneText(scene: (PrepaySceneInfo & Partial<H5SceneInfo>) | undefined): string | undefined {
  if (scene?.h5Info !== undefined) return JSON.stringify({ h5_info: h5Info(scene.h5Info) });
  return scene?.storeInfo && JSON.stringify({ store_info: storeInfo(scene.storeInfo) });
}

function storeInfo({ id, name, areaCode, address }: PrepayStoreInfo): Record<string, unknown> {
  return { id, name, area_code: areaCode, address };
}

/** @see https://pay.weixin.qq.com/wiki/doc/api/H5.php?chapter=9_20&index=1 */
function h5Info({ type, appName, appUrl, bundleId, packageName }: H5Info): Record<string, unknown> {
  switch (type) {
    case 'iOS':
      return { type: 'IOS', app_name: appName, bundle_id: bundleId };
    case 'Android':
      return { type, app_name: appName, package_name: packageName };
    default:
      return { type, wap_url: appUrl, wap_name: appName };
  }
}
