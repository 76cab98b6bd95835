import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { logIn, PageSocket, type PageSocketOptions } from '../support/page-socket.ts';
import { useRipe } from '../support/ripe.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';

const PASSWORD = 'green thumb';

/** By a socket, without a page: what a page does not offer can be sent all the same. */
describe('the socket of the garden page', () => {
  const ripe = useRipe({ env: () => ({ RIPE_DASHBOARD_PASSWORD: PASSWORD }) });
  let sensor: TestSensor;
  let place: string;
  let cookie: string;
  const sockets: PageSocket[] = [];

  async function open(options: PageSocketOptions = {}): Promise<PageSocket> {
    const socket = await PageSocket.open(ripe.url, options);
    sockets.push(socket);
    return socket;
  }
  const isWatering = async () => typeof (await sensor.agentStatus('01_Water')).ui.state === 'object';
  /** It gets in nowhere, hears nothing, and moves nothing. */
  async function checkShutOut(socket: PageSocket): Promise<void> {
    assert.equal(await socket.connect(), null);
    await socket.askInVain('GET', '/api/overview');
    await socket.askInVain('POST', place, { payload: 60 });
    socket.follow('all');
    await sensor.postData({ moisture: 50 });
    assert.equal(await isWatering(), false);
    assert.ok(!socket.packets.some((packet) => /Basil|ripe-events|sensor/.test(packet)));
  }

  before('let a plant grow, and log in', async () => {
    sensor = await registerSensor(ripe, 'Basil');
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    place = `/api/agent/${sensor.id}/${encodeURIComponent(base64('01_Water'))}`;
    cookie = await logIn(ripe.url, PASSWORD);
  });
  after('close the sockets', () => {
    for (const socket of sockets) socket.close();
  });

  it('serves who is logged in', async () => {
    const socket = await open({ cookie, origin: ripe.url });
    assert.ok(await socket.connect());
    const overview = await socket.ask('GET', '/api/overview');
    assert.match(overview.body, /Basil/);
    assert.ok(!overview.body.includes(sensor.key), 'a key is shown');
    assert.equal((await socket.ask('POST', place, { payload: 60 })).status, 200);
    assert.equal(await isWatering(), true);
    assert.equal((await socket.ask('POST', place, { payload: 0 })).status, 200);
    assert.equal((await socket.ask('DELETE', '/api/sensor', { id: sensor.id, key: 'x' })).status, 403);
    assert.equal((await socket.ask('POST', `/api/sensor/${sensor.id}/key`)).status, 403);
  });

  it('serves nobody without a login, with a made-up one, or in another namespace', async () => {
    await checkShutOut(await open());
    await checkShutOut(await open({ cookie: `${cookie.split('=')[0]}=${'A'.repeat(43)}` }));
    await checkShutOut(await open({ cookie: `${cookie}x` }));
    const aside = await open();
    assert.equal(await aside.connect('/other,'), null);
    await aside.askInVain('GET', '/api/overview');
  });

  it('serves no page of another site, whoever is logged in there', async () => {
    await checkShutOut(await open({ cookie, origin: 'http://evil.example' }));
  });

  it('ends with the logout, for open sockets and for new ones', async () => {
    const socket = await open({ cookie, origin: ripe.url });
    assert.ok(await socket.connect());
    await fetch(`${ripe.url}/dashboard/logout`, {
      method: 'POST',
      headers: { cookie, origin: ripe.url },
      redirect: 'manual',
    });
    await eventually(() => assert.equal(socket.isOpen, false));
    await checkShutOut(await open({ cookie, origin: ripe.url }));
  });

  it('ends with the password that the login began with', async () => {
    const former = await logIn(ripe.url, PASSWORD);
    await ripe.stop();
    await ripe.start({ RIPE_DASHBOARD_PASSWORD: 'another' });
    await checkShutOut(await open({ cookie: former, origin: ripe.url }));
    const socket = await open({ cookie: await logIn(ripe.url, 'another'), origin: ripe.url });
    assert.ok(await socket.connect());
    assert.equal((await socket.ask('GET', '/api/overview')).status, 200);
  });
});
