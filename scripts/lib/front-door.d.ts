import type { NetworkInterfaceInfo } from 'node:os';

export function addressInNetwork(
  host: string,
  interfaces?: Record<string, Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>,
): string | null;
