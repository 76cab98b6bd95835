import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import type { InternalAddress } from '../../../../src/adapters/mqtt/address/broker-address.ts';
import { type TestResult, testConnection } from '../../../../src/adapters/mqtt/connection-test.ts';
import { type Certificate, type Certificates, makeCertificates } from '../../../support/certificates.ts';
import { freePort } from '../../../support/free-port.ts';
import { useMosquitto } from '../../../support/mosquitto.ts';

/** For a server that says nothing; who says something is waited for as long as ever. */
const SHORT_MS = 1_500;

describe('testConnection', () => {
  const login = { username: 'gardener', password: 'secret of the broker' };
  const mosquitto = useMosquitto(login);
  const servers = new Set<{ server: Server; sockets: Set<Socket> }>();

  after('close the servers', async () => {
    for (const { server, sockets } of servers) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => undefined);
      sockets.add(socket);
    });
    servers.add({ server, sockets });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  }

  const at = (port: number, more: Partial<InternalAddress> = {}): InternalAddress => ({
    scheme: 'mqtt',
    host: '127.0.0.1',
    port,
    ...more,
  });
  const problem = (result: TestResult) => (result.ok ? 'none' : result.problem);

  it('connects, and tells the version of MQTT and the time that it took', async () => {
    const result = await testConnection(at(mosquitto.port, login), 'auto');
    assert.ok(result.ok && result.protocol === '5' && result.ms < 5_000, JSON.stringify(result));
    const older = await testConnection(at(mosquitto.port, login), '3.1.1');
    assert.ok(older.ok && older.protocol === '3.1.1');
  });

  it('tells a wrong password, without repeating it', async () => {
    const wrong = { username: 'gardener', password: 'wrong password' };
    const result = await testConnection(at(mosquitto.port, wrong), 'auto');
    assert.equal(problem(result), 'credentials');
    assert.ok(!JSON.stringify(result).includes('wrong password'));
  });

  it('tells a port where nobody listens', async () => {
    const result = await testConnection(at(await freePort()), 'auto');
    assert.deepEqual(result, { ok: false, problem: 'refused', code: 'ECONNREFUSED' });
  });

  it('tells a name that nobody knows', async () => {
    const result = await testConnection(at(1883, { host: 'nowhere.invalid' }), 'auto');
    assert.equal(problem(result), 'dns');
  });

  it('tells a server that accepts and says nothing', async () => {
    const port = await listen(createServer());
    assert.equal(problem(await testConnection(at(port), '5', SHORT_MS)), 'silent');
  });

  it('tells a server that speaks something else, or hangs up', async () => {
    const web = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const rude = await listen(createServer((socket) => socket.destroy()));
    assert.ok(['protocol', 'closed'].includes(problem(await testConnection(at(web), 'auto'))));
    assert.equal(problem(await testConnection(at(rude), 'auto')), 'closed');
  });

  it('tells an encrypted connection to a port that is not', async () => {
    const address = at(mosquitto.port, { scheme: 'mqtts' });
    assert.ok(['tls', 'closed'].includes(problem(await testConnection(address, '5'))));
  });

  describe('with certificates', () => {
    let certificates: Certificates;
    let authorities: string[];

    before('trust the authority of the test', () => {
      certificates = makeCertificates();
      authorities = tls.getCACertificates('default');
      tls.setDefaultCACertificates([...authorities, certificates.ca]);
    });
    after('trust it no longer', () => tls.setDefaultCACertificates(authorities));

    const serve = (certificate: Certificate): Promise<number> => listen(tls.createServer({ ...certificate }));
    const tryAt = async (port: number, more: Partial<InternalAddress> = {}, withinMs?: number) =>
      problem(await testConnection(at(port, { scheme: 'mqtts', ...more }), '5', withinMs));

    it('tells one that has expired, is for another name, or is signed by nobody else', async () => {
      assert.equal(await tryAt(await serve(certificates.expired)), 'certificateExpired');
      assert.equal(await tryAt(await serve(certificates.foreign)), 'certificateName');
      tls.setDefaultCACertificates(authorities);
      assert.equal(await tryAt(await serve(certificates.selfSigned)), 'certificateSelfSigned');
      assert.equal(await tryAt(await serve(certificates.good)), 'certificateUntrusted');
      tls.setDefaultCACertificates([...authorities, certificates.ca]);
    });

    it('gets past a good one, and past any where the check is off', async () => {
      assert.equal(await tryAt(await serve(certificates.good), {}, SHORT_MS), 'silent');
      const unchecked = { rejectUnauthorized: false };
      assert.equal(await tryAt(await serve(certificates.expired), unchecked, SHORT_MS), 'silent');
    });
  });
});
