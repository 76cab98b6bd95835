import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'mocha';
import { BoundedLimiter } from '../../../../src/adapters/wall/bounded-limiter.ts';
import {
  addressGroup,
  createAddressOf,
  createIsProxy,
} from '../../../../src/adapters/wall/client-address.ts';
import { ConnectionLimits } from '../../../../src/adapters/wall/connection-limits.ts';
import { GuessLimiter } from '../../../../src/adapters/wall/guess-limiter.ts';
import { SensorPace } from '../../../../src/adapters/wall/sensor-pace.ts';
import { TokenBucket } from '../../../../src/adapters/wall/token-bucket.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('A token bucket', () => {
  it('lets a burst through, then so much per second, and is told how long to wait', () => {
    const bucket = new TokenBucket(10, 20);
    assert.equal(bucket.waitMs(0), 0);
    bucket.take(20, 0);
    assert.equal(bucket.waitMs(0), 100);
    assert.equal(bucket.waitMs(100), 0);
  });

  it('makes up for what was taken too much, and never saves up more than a burst', () => {
    const bucket = new TokenBucket(10, 20);
    bucket.take(120, 0);
    assert.equal(bucket.waitMs(0), 10_100);
    assert.equal(bucket.waitMs(1_000_000), 0);
    bucket.take(20, 1_000_000);
    assert.ok(bucket.waitMs(1_000_000) > 0);
  });
});

describe('A bounded limiter', () => {
  it('refuses what is too much, and says when to try again', async () => {
    const limiter = new BoundedLimiter({ points: 2, seconds: 60 });
    assert.deepEqual([await limiter.take('a'), await limiter.take('a')], [0, 0]);
    const waitMs = await limiter.take('a');
    assert.ok(waitMs > 50_000 && waitMs <= 60_000);
    assert.equal(await limiter.take('b'), 0);
  });

  it('lets everything through with no points at all', async () => {
    const limiter = new BoundedLimiter({ points: 0, seconds: 60 });
    for (let i = 0; i < 1_000; i++) assert.equal(await limiter.take('a'), 0);
  });

  it('remembers so many names, whoever invents more', async () => {
    const limiter = new BoundedLimiter({ points: 1, seconds: 60, most: 100 });
    for (let i = 0; i < 1_000; i++) await limiter.take(`name ${i}`);
    assert.notEqual(await limiter.take('name 999'), 0);
    assert.equal(await limiter.take('name 0'), 0);
  });
});

describe('The pace of sensors', () => {
  it('is kept of those that called last, whoever registers ever more', () => {
    const pace = new SensorPace(60, 2);
    for (let i = 0; i < 20; i++) assert.equal(pace.pass(1), undefined);
    pace.pass(2);
    assert.ok(pace.pass(1) instanceof Promise, 'its burst is over');
    for (const sensor of [3, 4]) pace.pass(sensor);
    assert.equal(pace.pass(1), undefined, 'it is a new one');
  });
});

describe('Guessing', () => {
  const isWrong = ({ result }: { result?: boolean }) => result !== true;
  const tries = async (guesses: GuessLimiter, lock: string, address: string, key: string) => {
    try {
      return await guesses.attempt(lock, address, () => key === 'right', isWrong);
    } catch (error) {
      assert.ok(error instanceof RipeError);
      return error.code;
    }
  };

  it('is over after so many wrong keys, also for the right one, at that sensor and from that address', async () => {
    const guesses = new GuessLimiter(3);
    for (let i = 0; i < 3; i++) assert.equal(await tries(guesses, '7', 'thief', 'wrong'), false);
    assert.equal(await tries(guesses, '7', 'thief', 'right'), 'RIPE_RATE_LIMITED');
    assert.equal(await tries(guesses, '7', 'owner', 'right'), true);
    assert.equal(await tries(guesses, '8', 'thief', 'right'), true);
  });

  it('is over after ten times as many at all sensors together', async () => {
    const guesses = new GuessLimiter(3);
    for (let sensor = 0; sensor < 30; sensor++) await tries(guesses, String(sensor), 'thief', 'wrong');
    assert.equal(await tries(guesses, '99', 'thief', 'right'), 'RIPE_RATE_LIMITED');
  });

  it('costs nothing with the right key, however often', async () => {
    const guesses = new GuessLimiter(3);
    for (let i = 0; i < 100; i++) assert.equal(await tries(guesses, '7', 'owner', 'right'), true);
  });

  it('is counted before any answer, when many come at once', async () => {
    const guesses = new GuessLimiter(3);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => tries(guesses, '7', 'thief', 'wrong')),
    );
    assert.equal(answers.filter((answer) => answer === false).length, 3);
  });

  it('is known to be over by those who cannot wait for an answer', async () => {
    const guesses = new GuessLimiter(3);
    for (let i = 0; i < 4; i++) guesses.wrong('7', 'thief');
    await new Promise(setImmediate);
    assert.equal(guesses.isBlocked('7', 'thief'), true);
    assert.equal(guesses.isBlocked('7', 'owner'), false);
  });
});

describe('The address of a client', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage;

  const groups: [address: string | undefined, group: string][] = [
    ['192.168.1.5', '192.168.1.5'],
    ['::ffff:192.168.1.5', '192.168.1.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, ''],
    ['rubbish', 'rubbish'],
  ];
  for (const [address, group] of groups) {
    it(`counts ${address} as ${group}`, () => assert.equal(addressGroup(address), group));
  }

  it('is what a trusted proxy says, and of nobody else', () => {
    const open = createAddressOf([]);
    assert.equal(open(request('10.0.0.1', '1.2.3.4')), '10.0.0.1');
    const behind = createAddressOf(['10.0.0.0/8']);
    assert.equal(behind(request('10.0.0.1', '1.2.3.4')), '1.2.3.4');
    assert.equal(behind(request('11.0.0.1', '1.2.3.4')), '11.0.0.1');
  });

  it('is the last one that a trusted proxy has added, whatever the client wrote before', () => {
    const behind = createAddressOf(['loopback']);
    assert.equal(behind(request('127.0.0.1', '9.9.9.9, 1.2.3.4')), '1.2.3.4');
    assert.equal(behind(request('127.0.0.1', 'not an address')), 'not an address');
  });

  it('names the setting that is no list of addresses', () => {
    assert.throws(
      () => createAddressOf(['everybody'], 'RIPE_TRUSTED_PROXIES'),
      /^RipeError: RIPE_TRUSTED_PROXIES: must be/,
    );
  });

  it('is that of a proxy itself, where one is named', () => {
    assert.equal(createIsProxy(['loopback'])('127.0.0.1'), true);
    assert.equal(createIsProxy([])('127.0.0.1'), false);
  });
});

describe('Limits of connections', () => {
  const bounds = { connections: 4, connectionsPerAddress: 2, connectsPerMinute: 60 };

  it('are of each address, and of all', () => {
    const limits = new ConnectionLimits(bounds, new FakeClock());
    assert.deepEqual([limits.enter('a'), limits.enter('a')], [null, null]);
    assert.match(String(limits.enter('a')), /its address has too many/);
    assert.deepEqual([limits.enter('b'), limits.enter('c')], [null, null]);
    assert.match(String(limits.enter('d')), /too many connections/);
    limits.leave('a');
    assert.equal(limits.enter('d'), null);
  });

  it('are of how often an address connects, too', () => {
    const clock = new FakeClock();
    const limits = new ConnectionLimits(bounds, clock);
    const again = () => {
      const reason = limits.enter('a');
      if (reason === null) limits.leave('a');
      return reason;
    };
    for (let i = 0; i < 60; i++) assert.equal(again(), null);
    assert.match(String(again()), /too often/);
    clock.pass(1_000);
    assert.equal(again(), null);
  });

  it('pace all connections of an address together', () => {
    const limits = new ConnectionLimits({ ...bounds, messagesPerSecond: 10 }, new FakeClock());
    limits.paceOf('a').take(100, 0);
    assert.ok(limits.paceOf('a').waitMs(0) > 0);
    assert.equal(limits.paceOf('b').waitMs(0), 0);
  });
});
