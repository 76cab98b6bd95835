import assert from 'node:assert/strict';
import { addressInNetwork } from '../../../scripts/lib/front-door.js';

describe('The address that npm start prints for other devices', () => {
  const interfaces = {
    lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
    eth0: undefined,
    wlan0: [
      { address: 'fe80::1', family: 'IPv6', internal: false },
      { address: '192.168.1.23', family: 'IPv4', internal: false },
    ],
  } as const;

  it('is the first IPv4 address of the machine that is not its own only', () => {
    assert.equal(addressInNetwork('0.0.0.0', structuredClone(interfaces) as never), '192.168.1.23');
  });

  it('is none without a network, or where RIPE listens to one address', () => {
    assert.equal(addressInNetwork('0.0.0.0', { lo: [...interfaces.lo] }), null);
    assert.equal(addressInNetwork('127.0.0.1', structuredClone(interfaces) as never), null);
  });
});
